package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an image holds for one architecture, written to files and checked.
 *
 * @param layout what it was found as, for people: {@code installer UKI}, {@code plain pair} …
 * @param talosVersion {@code v1.13.6}; empty when nothing says
 * @param kernelRelease from the kernel itself; empty when it does not say
 * @param extensions {@code name version} of each system extension in the initramfs, in order
 * @param files by name: kernel, initramfs and command line always; UKI and raw image where there
 *     are such
 */
public record BootFiles(
    Arch arch,
    String layout,
    String talosVersion,
    String kernelRelease,
    List<String> extensions,
    Map<AssetName, Found> files) {
  public BootFiles {
    extensions = List.copyOf(extensions);
    files = Map.copyOf(files);
  }

  /**
   * One file.
   *
   * @param file where it was written, not yet synced to disk
   * @param size in bytes
   * @param digest of the bytes, computed while they were written
   * @param origin where it came from: a path in the image, a section of a UKI, a default
   */
  public record Found(Path file, long size, Digest digest, String origin) {}
}
