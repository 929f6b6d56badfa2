package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Takes kernel, initramfs, command line and unified kernel image out of an image's layers; or the
 * loaders or the firmware, where that is what the image is to hold.
 *
 * <p>Layers are fetched and read from the top down, and of boot files only as many as are needed: a
 * lower layer is not asked for once everything has been found above it.
 */
public final class BootFileExtractor {
  private BootFileExtractor() {}

  /**
   * What is wanted of an image.
   *
   * @param content what the image is to hold
   * @param arch what the kernel and the initramfs must be for, whatever the image claims
   * @param paths where to look
   * @param talosVersion what the image is believed to be, for example by its tag ({@code v1.13.6});
   *     counts where the image itself says no version. Anything else, "" included, says nothing
   */
  public record Wanted(Content content, Arch arch, BootPaths paths, String talosVersion) {
    /** What nodes boot. */
    public Wanted(Arch arch, BootPaths paths, String talosVersion) {
      this(Content.BOOT, arch, paths, talosVersion);
    }

    /** For one architecture, with nothing else known. */
    public static Wanted of(Arch arch) {
      return new Wanted(arch, BootPaths.KNOWN_LAYOUTS, "");
    }
  }

  /**
   * As {@link #extract(Layers, Wanted, Path, Progress)}, with nothing but the architecture known.
   */
  public static BootFiles extract(Layers layers, Arch arch, Path directory, Progress progress) {
    return extract(layers, Wanted.of(arch), directory, progress);
  }

  /**
   * Writes the boot files into {@code directory} under the names of {@link AssetName#fileName()},
   * hashed while written, not synced. After a failure whatever was written there is to be thrown
   * away.
   *
   * @param directory exists, and holds nothing of these names
   * @throws ExtractException when the image's content will not do
   * @throws UncheckedIOException when {@code directory} or a layer's file fails
   */
  public static BootFiles extract(Layers layers, Wanted wanted, Path directory, Progress progress) {
    return extract(layers, wanted, directory, progress, Limits.DEFAULT);
  }

  static BootFiles extract(
      Layers layers, Wanted wanted, Path directory, Progress progress, Limits limits) {
    try {
      Path scratch = Files.createTempDirectory(directory, ".parts-");
      try {
        return wanted.content() == Content.BOOT
            ? new Extraction(layers, wanted, limits, scratch, progress)
                .run(new BootFilesWriter(wanted, limits, directory))
            : new FileExtraction(layers, wanted, limits, scratch, progress).run(directory);
      } finally {
        deleteAll(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Boot files that are no image's, but came one by one.
   *
   * @param cmdline the kernel command line; empty for Talos's own
   * @param uki null for none
   * @param iso null for none
   */
  public record Parts(
      BootFiles.Found kernel,
      BootFiles.Found initramfs,
      String cmdline,
      String cmdlineOrigin,
      BootFiles.@Nullable Found uki,
      BootFiles.@Nullable Found iso) {}

  /**
   * Checks them as those of an image, and moves them into {@code directory} under the names of
   * {@link AssetName#fileName()}.
   *
   * @param layout where they came from, for people
   * @param directory exists, on the same disk, and holds nothing of these names
   * @throws ExtractException when they will not do
   * @throws UncheckedIOException when {@code directory} fails
   */
  public static BootFiles check(Parts parts, String layout, Wanted wanted, Path directory) {
    return new BootFilesWriter(wanted, Limits.DEFAULT, directory).parts(layout, parts);
  }

  static void deleteAll(Path scratch) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(scratch)) {
      for (Path part : parts) {
        Files.delete(part);
      }
    }
    Files.delete(scratch);
  }
}
