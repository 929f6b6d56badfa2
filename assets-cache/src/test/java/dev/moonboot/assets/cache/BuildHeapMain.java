package dev.moonboot.assets.cache;

import com.github.luben.zstd.Zstd;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.LayoutFixture;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImage.Packing;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Composes in a process of its own, from images on disk: {@code prepare FOLDER MIB} writes them,
 * with plenty of memory; {@code make FOLDER OUTPUT…} composes, and says which files came of it;
 * {@code wait FOLDER OUTPUT…} says {@value #WAITING} in the middle of that, and goes on when it is
 * interrupted.
 */
final class BuildHeapMain {
  static final String WAITING = "composing";

  private static final String VERSION = "v1.13.9";
  private static final TestImages.Content TALOS =
      new TestImages.Content(VERSION, "6.18.9-talos", "", List.of(), 4096, 1);

  private BuildHeapMain() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[1]);
    if (args[0].equals("prepare")) {
      prepare(folder.resolve("images"), Integer.parseInt(args[2]) << 20);
    } else {
      Set<Output> outputs = new LinkedHashSet<>();
      for (String output : List.of(args).subList(2, args.length)) {
        outputs.add(Output.valueOf(output));
      }
      make(folder, outputs, args[0].equals("wait") ? new Waiting() : Progress.NONE);
    }
  }

  private static void prepare(Path images, int rootfs) {
    LayoutFixture layout = new LayoutFixture(images, false);
    layout.push("x", VERSION, imager(rootfs));
    layout.push("x", "installer", TestImages.installer(TALOS));
    layout.push("x", "frr", ExtensionImages.frr());
    layout.push("x", "ucode", ExtensionImages.ucode());
    layout.push("x", "large", large(rootfs / 4));
  }

  /** As {@link TestImages#imager}, packed in no time. */
  private static TestImage imager(int rootfs) {
    String at = "usr/install/amd64/";
    byte[] initramfs = Zstd.compress(InitramfsFixture.base(Arch.AMD64, rootfs, 1), 1);
    byte[] tar =
        new TarFixture()
            .directories("usr", "usr/install", "usr/install/amd64")
            .file(at + "initramfs.xz", initramfs)
            .file(at + "systemd-boot.efi", UkiWriter.returningStub(Arch.AMD64))
            .file(at + "systemd-stub.efi", UkiWriter.returningStub(Arch.AMD64))
            .file(at + "vmlinuz", TALOS.kernel(Arch.AMD64))
            .bytes();
    return only(tar);
  }

  private static TestImage large(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(2).nextBytes(noise);
    return only(
        ExtensionImages.layer(
            Arch.AMD64,
            ExtensionImages.manifest("large", "v1"),
            (tar, arch) ->
                tar.file("rootfs/usr/local/share/large", noise)
                    .file("rootfs/usr/lib/firmware/large.bin", noise)));
  }

  private static TestImage only(byte[] tar) {
    return TestImage.index(false, TestImage.platform(Arch.AMD64, true, Packing.OCI_ZSTD, tar));
  }

  private static final class Waiting implements Progress {
    @Override
    public void step(String name, String detail) {
      if (name.equals("compose")) {
        System.out.println(WAITING);
        while (!Thread.currentThread().isInterrupted()) {
          LockSupport.park(this);
        }
      }
    }
  }

  private static void make(Path folder, Set<Output> outputs, Progress progress) throws IOException {
    SourceImage.Layout layout = new SourceImage.Layout(folder.resolve("images"));
    Composition composition =
        Composition.of("compute", new Composition.Base.Image(image(layout, VERSION)))
            .extensions(List.of(part(layout, "frr"), part(layout, "ucode"), part(layout, "large")))
            .outputs(outputs)
            .installerBase(image(layout, "installer"))
            .build();
    Channel channel =
        new Channel(
            "compute",
            new ImageReference(new SourceImage.Composed(composition), null, null),
            List.of(Arch.AMD64));
    var setting =
        new BuildRun.Setting(
            List.of(channel),
            RegistrySettings.DEFAULT,
            AdmissionPolicy.OFF,
            new BuildSettings(BuildSettings.DEFAULT.locked(), 2));
    Path out = Files.createDirectories(folder.resolve("out"));
    try (BuildRun run = BuildRun.begin(setting, BuildRun.By.INPUTS, out, progress)) {
      run.make(channel, out)
          .arches()
          .forEach(
              arch -> arch.files().forEach(file -> System.out.println(file.name().fileName())));
    }
  }

  private static ImageReference image(SourceImage layout, String tag) {
    return new ImageReference(layout, tag, null);
  }

  private static Part part(SourceImage layout, String tag) {
    return new Part.Image(image(layout, tag));
  }
}
