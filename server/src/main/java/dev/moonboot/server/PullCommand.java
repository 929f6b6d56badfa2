package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.cache.ImagePull;
import dev.moonboot.cli.ConsoleProgress;
import dev.moonboot.cli.TextTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moonboot pull}. */
@Command(
    name = "pull",
    description =
        "Extract the boot files of an image, or its loaders or firmware, into a folder, and stop.",
    mixinStandardHelpOptions = true)
final class PullCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "IMAGE",
      converter = ImageReferenceConverter.class,
      description = "registry/repo:tag, repo@digest, oci:DIR[:TAG] or oci-archive:FILE[:TAG].")
  private @Nullable ImageReference image;

  @Option(
      names = "--content",
      paramLabel = "CONTENT",
      converter = ContentConverter.class,
      description =
          "What the image holds: boot (default), loaders (iPXE), or firmware (Raspberry Pi).")
  private Content content = Content.BOOT;

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      converter = ArchConverter.class,
      description = "amd64 or arm64; default: all that the image has. Repeatable.")
  private final List<Arch> arches = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where to write; made when missing. Default: the current folder.")
  private Path out = Path.of("");

  @Mixin private final RegistryOptions registry = new RegistryOptions();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandContext context = CommandContext.of(spec);
    var progress = new ConsoleProgress(context.err(), ConsoleProgress.onTerminal(), "");
    ImagePull.Pulled pulled;
    try {
      pulled =
          ImagePull.pull(
              new ImagePull.Order(context.given(image, "IMAGE"), content, arches),
              out,
              registry.settings(),
              progress);
    } finally {
      progress.clear();
    }
    print(pulled, context.out());
    return ExitCode.OK;
  }

  private static void print(ImagePull.Pulled pulled, PrintWriter out) {
    out.println(pulled.source() + "  " + pulled.digest());
    for (ImagePull.PulledArch arch : pulled.arches()) {
      out.println();
      out.println(
          arch.content() == Content.BOOT
              ? ImageText.summary(
                  arch.arch(),
                  arch.layout(),
                  arch.talosVersion(),
                  arch.kernelRelease(),
                  arch.extensions())
              : ImageText.summary(
                  arch.arch(), arch.content(), arch.layout(), arch.files().size() - 1));
      arch.leftOut().forEach(left -> out.println("  left out      " + left));
      var table = new TextTable().row("FILE", "SIZE", "SHA256", "FOUND IN");
      for (ImagePull.PulledFile file : arch.files()) {
        table.row(
            file.file().toString(),
            TextTable.size(file.size()),
            file.digest().hex(),
            file.origin());
      }
      table.lines().forEach(out::println);
    }
    out.println();
    out.println(
        pulled.arches().stream().allMatch(arch -> arch.content() == Content.BOOT)
            ? "Beside each file lies its .sha256: check with  sha256sum -c *.sha256"
            : "SHA256SUMS in each folder lists its files: check with  sha256sum -c SHA256SUMS");
  }
}
