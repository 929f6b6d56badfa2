package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.compose.UkiOrder.Purpose;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.HashedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Puts a unified kernel image together with the sections of Talos's, in their order ({@code
 * internal/pkg/uki/uki.go}), unsigned. Kernel and initramfs are copied from their files, whatever
 * their size.
 *
 * <p>A second profile, whose command line erases the machine, is there only where Talos has one
 * (images to install and ISO images, from 1.10 on) and only on a stub that is known to boot the
 * first one: older stubs take the last command line of the file.
 */
public final class UkiComposer {
  private static final int MAX_STUB = 16 << 20;

  private UkiComposer() {}

  /**
   * Writes the image to {@code to}, which must not be there.
   *
   * @throws ComposeException when the stub will not do or is for another processor, a text has a
   *     character that cannot stand in it, or the command line erases disks
   */
  public static Found compose(UkiOrder order, Path to) {
    if (UkiLines.wipes(order.cmdline())) {
      throw new ComposeException(
          "the command line of a UKI must not erase disks: it would at every boot; leave"
              + " talos.experimental.wipe out");
    }
    try {
      UkiWriter writer = writer(order);
      boolean profiles = addSections(order, writer);
      try (HashedFile out = new HashedFile(to)) {
        writer.writeTo(out);
        Found made = out.found("composed UKI");
        new UkiCheck(order, profiles).require(made.file(), osRelease(order));
        return made;
      }
    } catch (IllegalArgumentException e) {
      throw new ComposeException(e.getMessage() + "; take the stub of another base", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UkiWriter writer(UkiOrder order) throws IOException {
    if (Files.size(order.stub()) > MAX_STUB) {
      throw new IllegalArgumentException("the EFI stub has more than 16 MiB");
    }
    UkiWriter writer = new UkiWriter(Files.readAllBytes(order.stub()));
    if (!writer.arch().filter(order.arch()::equals).isPresent()) {
      throw new IllegalArgumentException(
          "the EFI stub is for %s, and the UKI is to be for %s"
              .formatted(
                  writer.arch().map(Arch::id).orElse("another processor"), order.arch().id()));
    }
    return writer;
  }

  /** Tells whether there are profiles. */
  private static boolean addSections(UkiOrder order, UkiWriter writer) throws IOException {
    writer.section(".osrel", text(osRelease(order)));
    writer.section(".cmdline", text(order.cmdline()));
    if (!order.kernelRelease().isEmpty()) {
      writer.section(".uname", text(order.kernelRelease()));
    }
    if (order.splash() != null) {
      writer.section(".splash", order.splash());
    }
    writer.section(".linux", order.kernel());
    writer.section(".initrd", order.initramfs());
    boolean profiles =
        order.purpose() != Purpose.BOOT && order.version().isAtLeast(10) && writer.knowsProfiles();
    if (profiles) {
      writer.section(".profile", text("ID=main"));
      writer.section(".profile", text(order.purpose().profile()));
      writer.section(".cmdline", text(order.cmdline() + " " + order.purpose().argument()));
    }
    return profiles;
  }

  private static byte[] text(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a text of the UKI has a NUL in it");
    }
    return text.getBytes(UTF_8);
  }

  /** As Talos's own ({@code pkg/machinery/constants}, {@code OSReleaseTemplate}). */
  private static String osRelease(UkiOrder order) {
    if (!order.osRelease().isBlank()) {
      return order.osRelease();
    }
    return """
    NAME="Talos"
    ID=talos
    VERSION_ID=%1$s
    PRETTY_NAME="Talos (%1$s)"
    HOME_URL="https://www.talos.dev/"
    BUG_REPORT_URL="https://github.com/siderolabs/talos/issues"
    VENDOR_NAME="Sidero Labs"
    VENDOR_URL="https://www.siderolabs.com/"
    """
        .formatted(order.version());
  }
}
