package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what an image holds, without keeping any of it. */
public final class ImageInspection {
  private ImageInspection() {}

  /**
   * What was found.
   *
   * @param source the image as a person writes it
   * @param digest of what the reference names
   * @param platforms those of architectures we know; empty when there is none
   */
  public record Inspected(String source, Digest digest, List<Platform> platforms) {
    public Inspected {
      platforms = List.copyOf(platforms);
    }
  }

  /**
   * The image of one architecture.
   *
   * @param layers base first
   * @param contents null when it holds no boot files that will do; then {@code problem} says why
   * @param problem null when all is well
   */
  public record Platform(
      Arch arch,
      Digest manifest,
      List<Layer> layers,
      @Nullable Contents contents,
      @Nullable String problem) {
    public Platform {
      layers = List.copyOf(layers);
    }
  }

  /**
   * One layer as the manifest lists it.
   *
   * @param size in bytes, compressed
   */
  public record Layer(String mediaType, Digest digest, long size) {}

  /**
   * What was found inside; the first five as in {@code assets.Build}.
   *
   * @param cmdline the kernel command line on one line; empty when there is nothing to boot
   * @param uki what is known of the UKI; null where there is none
   * @param leftOut what is in the image and is not taken, with the reason, for people
   */
  public record Contents(
      Content content,
      String layout,
      String talosVersion,
      String kernelRelease,
      List<String> extensions,
      String cmdline,
      @Nullable UkiLines uki,
      List<String> leftOut,
      List<FoundFile> files) {
    public Contents {
      leftOut = List.copyOf(leftOut);
      extensions = List.copyOf(extensions);
      files = List.copyOf(files);
    }
  }

  /**
   * One boot file.
   *
   * @param origin where it was found: a path in the image, a section of a UKI, a default
   */
  public record FoundFile(AssetName name, long size, Digest digest, String origin) {}

  /**
   * Looks into an image. What must be downloaded for that goes into a temporary directory, which is
   * removed again.
   *
   * @param content what the image is to hold
   * @throws CacheException when the image cannot be reached or read
   */
  public static Inspected inspect(
      ImageReference image, Content content, RegistrySettings settings, Progress progress) {
    return inspect(image, content, ImageAccess.of(settings), progress);
  }

  static Inspected inspect(
      ImageReference image, Content content, ImageAccess access, Progress progress) {
    try {
      try (StopHook _ = StopHook.here();
          RunFolder scratch = RunFolder.in(Path.of(System.getProperty("java.io.tmpdir")));
          OpenImage open = OpenImage.of(image, content, access, progress)) {
        List<Platform> platforms = new ArrayList<>();
        for (var platform : open.platforms(List.of()).entrySet()) {
          Path directory = Files.createDirectory(scratch.path().resolve(platform.getKey().id()));
          platforms.add(look(open, platform.getKey(), platform.getValue(), directory));
          Disk.tryDelete(directory);
        }
        return new Inspected(image.toString(), open.digest(), platforms);
      }
    } catch (RegistryException e) {
      throw new CacheException("inspect " + image + ": " + Troubles.text(e), e);
    } catch (IOException e) {
      throw new CacheException("inspect " + image + ": " + e, e);
    } catch (UncheckedIOException e) {
      throw new CacheException("inspect " + image + ": " + e.getCause(), e);
    }
  }

  private static Platform look(OpenImage open, Arch arch, PlatformImage platform, Path directory)
      throws IOException {
    List<Layer> layers =
        platform.layers().stream()
            .map(layer -> new Layer(layer.mediaType(), layer.digest(), layer.size()))
            .toList();
    try {
      Contents contents = contents(open.extract(arch, platform, directory));
      return new Platform(arch, platform.manifest(), layers, contents, null);
    } catch (ExtractException e) {
      return new Platform(arch, platform.manifest(), layers, null, Troubles.text(e));
    }
  }

  private static Contents contents(BootFiles files) throws IOException {
    List<FoundFile> found = new ArrayList<>();
    String cmdline = "";
    for (var entry : AssetName.sorted(files.files()).entrySet()) {
      BootFiles.Found file = entry.getValue();
      found.add(new FoundFile(entry.getKey(), file.size(), file.digest(), file.origin()));
      if (entry.getKey() == AssetName.CMDLINE) {
        cmdline = Files.readString(file.file()).strip();
      }
    }
    return new Contents(
        files.content(),
        files.layout(),
        files.talosVersion(),
        files.kernelRelease(),
        files.extensions(),
        cmdline,
        files.uki(),
        files.leftOut(),
        found);
  }
}
