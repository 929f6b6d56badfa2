package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImages.Content;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Any bytes as the layer of an image: boot files whose digests are true, or a rejection. */
public final class LayerFuzz {
  private static final String AT = "usr/install/amd64/";
  private static final Path FOLDER = Fuzz.folder("layer");

  private LayerFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      Path layers = Files.createDirectories(FOLDER.resolve("layers"));
      Path out = Files.createDirectories(FOLDER.resolve("out"));
      try {
        extract(TestLayers.ofTar(layers, input), out);
      } finally {
        delete(layers);
        delete(out);
      }
    });
  }

  private static void extract(TestLayers layers, Path out) throws IOException {
    BootFiles files;
    try {
      files = BootFileExtractor.extract(layers, Wanted.of(AMD64), out, Progress.NONE);
    } catch (ExtractException e) {
      return;
    }
    Set<String> expected = new TreeSet<>();
    for (BootFiles.Found found : files.files().values()) {
      byte[] bytes = Files.readAllBytes(found.file());
      expected.add(String.valueOf(found.file().getFileName()));
      if (bytes.length != found.size() || !Digest.of(bytes).equals(found.digest())) {
        throw new AssertionError(found + " is not what was written");
      }
    }
    Set<String> written = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(out)) {
      all.forEach(file -> written.add(String.valueOf(file.getFileName())));
    }
    if (!written.equals(expected)) {
      throw new AssertionError(written + " instead of " + expected);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  static List<byte[]> seeds() {
    Content content = Content.DEFAULT.withRootfsSize(100);
    byte[] kernel = content.kernel(AMD64);
    byte[] initramfs = content.initramfs(AMD64);
    return List.of(
            new TarFixture().file(AT + "vmlinuz", kernel).file(AT + "initramfs.xz", initramfs),
            new TarFixture()
                .symlink(AT + "vmlinuz", "../kernel")
                .hardLink("boot/initramfs.xz", AT + "initramfs.xz")
                .file(AT + "initramfs.xz", initramfs)
                .file("usr/install/kernel", kernel)
                .file("boot/.wh.vmlinuz", "")
                .symlink("boot/vmlinuz", "/usr/install/kernel"),
            new TarFixture().file(AT + "vmlinuz.efi", content.uki(AMD64)))
        .stream()
        .map(TarFixture::bytes)
        .collect(Collectors.toList());
  }
}
