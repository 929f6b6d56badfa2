package dev.moonboot.assets.compose;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a unified kernel image is to be put together of. Equal files and texts give equal bytes.
 *
 * @param stub systemd's EFI stub, without symbols
 * @param cmdline for the kernel; must not erase disks
 * @param osRelease what the base says of the operating system, as in os-release(5); empty for what
 *     Talos of that version would say
 * @param kernelRelease {@code 6.12.31-talos}; empty where it is not known
 * @param splash an image that is shown while it boots; null for none
 */
public record UkiOrder(
    Path stub,
    Path kernel,
    Path initramfs,
    String cmdline,
    String osRelease,
    String kernelRelease,
    @Nullable Path splash,
    TalosVersion version,
    Arch arch,
    Purpose purpose) {
  /** What it is booted for, which says how it can be told to erase the machine. */
  public enum Purpose {
    /** From the network or by hand: nothing in it erases anything. */
    BOOT("", "", ""),
    /** From the disk it is installed on. */
    INSTALLER(
        "reset-maintenance",
        "Reset to maintenance mode",
        "talos.experimental.wipe=system:EPHEMERAL,STATE"),
    /** From an ISO image. */
    ISO("reset", "Reset system disk", "talos.experimental.wipe=system");

    private final String profile;
    private final String title;
    private final String argument;

    Purpose(String profile, String title, String argument) {
      this.profile = profile;
      this.title = title;
      this.argument = argument;
    }

    /** The text of the second profile's section; empty for none. */
    String profile() {
      return profile.isEmpty() ? "" : "ID=" + profile + "\nTITLE=" + title;
    }

    /** What the second profile's command line has more. */
    String argument() {
      return argument;
    }
  }
}
