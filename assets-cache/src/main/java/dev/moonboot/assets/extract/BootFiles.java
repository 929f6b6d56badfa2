package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.UkiLines;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an image holds for one architecture, written to files and checked.
 *
 * @param content what the files are
 * @param layout what it was found as, for people: {@code installer UKI}, {@code plain pair} …
 * @param talosVersion {@code v1.13.6}; empty when nothing says
 * @param kernelRelease from the kernel itself; empty when it does not say
 * @param extensions {@code name version} of each system extension in the initramfs, in order
 * @param uki what is known of the UKI; null where there is none
 * @param leftOut what is in the image and was not taken, with the reason, for people
 * @param files by name: kernel, initramfs and command line always; UKI and raw image where there
 *     are such; or the files of an image of other content
 */
public record BootFiles(
    Content content,
    Arch arch,
    String layout,
    String talosVersion,
    String kernelRelease,
    List<String> extensions,
    @Nullable UkiLines uki,
    List<String> leftOut,
    Map<AssetName, Found> files) {
  public BootFiles {
    extensions = List.copyOf(extensions);
    leftOut = List.copyOf(leftOut);
    files = Map.copyOf(files);
  }

  /** What nodes boot, without a UKI. */
  public BootFiles(
      Arch arch,
      String layout,
      String talosVersion,
      String kernelRelease,
      List<String> extensions,
      Map<AssetName, Found> files) {
    this(
        Content.BOOT,
        arch,
        layout,
        talosVersion,
        kernelRelease,
        extensions,
        null,
        List.of(),
        files);
  }

  /** What nodes do not boot: no Talos is in it. */
  BootFiles(
      Content content,
      Arch arch,
      String layout,
      List<String> leftOut,
      Map<AssetName, Found> files) {
    this(content, arch, layout, "", "", List.of(), null, leftOut, files);
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
