package dev.moonboot.factory;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.InstallerFiles;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of an Image Factory by its name: {@code kernel-amd64}, {@code metal-arm64-uki.efi} …
 *
 * @param output what has to be made for it
 * @param asset what it is in the release that was made
 * @param platform {@code metal} for what is the same on all
 */
public record ImageFile(Output output, AssetName asset, Arch arch, String platform) {
  private static final String ARCH = "(?<arch>amd64|arm64|x86_64|i386|aarch64)";
  private static final String PLATFORM =
      "(?<platform>metal|nocloud|akamai|aws|azure|cloudstack|digital-ocean|equinixMetal|exoscale|gcp"
          + "|hcloud|opennebula|openstack|oracle|scaleway|upcloud|vmware|vultr)";
  private static final Pattern KERNEL = Pattern.compile("kernel-" + ARCH);
  private static final Pattern INITRAMFS = Pattern.compile("initramfs-" + ARCH + "\\.xz");
  private static final Pattern CMDLINE = Pattern.compile("cmdline-" + PLATFORM + "-" + ARCH);
  private static final Pattern UKI = Pattern.compile(PLATFORM + "-" + ARCH + "-uki\\.efi");
  private static final Pattern ISO = Pattern.compile(PLATFORM + "-" + ARCH + "\\.iso");
  private static final Pattern PXE = Pattern.compile(PLATFORM + "-" + ARCH);
  private static final Pattern INSTALLER =
      Pattern.compile("(?:" + PLATFORM + "-)?installer-" + ARCH + "\\.tar");
  private static final Pattern NAMED_PLATFORM = Pattern.compile(PLATFORM);
  static final String METAL = "metal";

  /**
   * The file of that name.
   *
   * @throws FactoryException when this appliance makes no such file; the message says what it makes
   */
  static ImageFile parse(String name) {
    if (name.contains("-secureboot")) {
      throw FactoryException.invalid(
          "Secure Boot images are not made here: they would have to be signed with a key that the"
              + " firmware trusts");
    }
    return boot(name)
        .or(() -> of(UKI, name, Output.UKI, AssetName.UKI))
        .or(() -> of(ISO, name, Output.ISO, AssetName.ISO))
        .or(() -> of(INSTALLER, name, Output.INSTALLER, InstallerFiles.MANIFEST))
        .orElseThrow(() ->
            FactoryException.invalid(
                "no file that is made here: kernel-<arch>, initramfs-<arch>.xz,"
                    + " cmdline-<platform>-<arch>, <platform>-<arch>-uki.efi, <platform>-<arch>.iso"
                    + " and <platform>-installer-<arch>.tar are; disk images and talosctl are not"));
  }

  private static Optional<ImageFile> boot(String name) {
    return of(KERNEL, name, Output.INITRAMFS, AssetName.VMLINUZ)
        .or(() -> of(INITRAMFS, name, Output.INITRAMFS, AssetName.INITRAMFS))
        .or(() -> of(CMDLINE, name, Output.INITRAMFS, AssetName.CMDLINE));
  }

  /**
   * What a script for {@code <platform>-<arch>} boots: its command line, kernel and initramfs.
   *
   * @throws FactoryException when it is none
   */
  static ImageFile script(String name) {
    if (name.endsWith("-secureboot")) {
      return parse(name);
    }
    return of(PXE, name, Output.INITRAMFS, AssetName.CMDLINE)
        .orElseThrow(
            () -> FactoryException.invalid("no script: <platform>-<arch> is, as in metal-amd64"));
  }

  private static Optional<ImageFile> of(
      Pattern pattern, String name, Output output, AssetName asset) {
    Matcher match = pattern.matcher(name);
    return match.matches()
        ? Optional.of(new ImageFile(output, asset, arch(match), platform(match)))
        : Optional.empty();
  }

  /** Whether it is one of Talos's, as the names of files have it. */
  static boolean isPlatform(String text) {
    return NAMED_PLATFORM.matcher(text).matches();
  }

  private static Arch arch(Matcher match) {
    return Arch.parse(match.group("arch")).orElseThrow();
  }

  private static String platform(Matcher match) {
    boolean named = match.pattern().namedGroups().containsKey("platform");
    String platform = named ? match.group("platform") : null;
    return platform == null ? METAL : platform;
  }
}
