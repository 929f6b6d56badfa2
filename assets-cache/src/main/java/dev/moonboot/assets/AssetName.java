package dev.moonboot.assets;

import java.util.Arrays;
import java.util.Optional;

/** The boot files a release can have for one architecture, with the names they go by. */
public enum AssetName {
  /** The kernel as the image carries it: x86 bzImage, arm64 EFI zboot or raw Image. */
  VMLINUZ("vmlinuz", "vmlinuz-%s"),
  /** The initial RAM file system; called {@code .xz} for ever, though Talos ≥ 1.8 writes zstd. */
  INITRAMFS("initramfs.xz", "initramfs-%s.xz"),
  /** The release's own kernel command line: one line of text. */
  CMDLINE("cmdline", "cmdline-%s"),
  /** The unified kernel image, where the image carries one. */
  UKI("uki.efi", "uki-%s.efi"),
  /** arm64 only: the kernel as a raw {@code Image}, for loaders that cannot start EFI zboot. */
  IMAGE("image", "image-%s"),
  /** Where all this came from: digests, versions, sizes (JSON). */
  RECORD("release.json", "release-%s.json");

  private final String fileName;
  private final String flatFormat;

  AssetName(String fileName, String flatFormat) {
    this.fileName = fileName;
    this.flatFormat = flatFormat;
  }

  /** The name inside a folder of one architecture: {@code initramfs.xz}. */
  public String fileName() {
    return fileName;
  }

  /** The name where architectures share a folder: {@code initramfs-arm64.xz}. */
  public String flatName(Arch arch) {
    return flatFormat.formatted(arch.id());
  }

  /**
   * The asset called {@code fileName} in a folder of one architecture; empty when there is none.
   */
  public static Optional<AssetName> ofFileName(String fileName) {
    return Arrays.stream(values()).filter(n -> n.fileName.equals(fileName)).findFirst();
  }
}
