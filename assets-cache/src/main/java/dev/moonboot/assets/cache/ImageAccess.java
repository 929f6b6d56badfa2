package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.Making;
import dev.moonboot.assets.compose.InitramfsComposer;
import dev.moonboot.assets.extract.BootFileExtractor;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.BootPaths;
import dev.moonboot.assets.extract.Layers;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Registries;
import dev.moonboot.assets.registry.Registry;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How images are reached and read; tests put their own in. */
record ImageAccess(
    Function<SourceImage, Registry> registries, Extraction extraction, Making.Composer composer) {
  private static final Pattern VERSION = Pattern.compile("v\\d+\\.\\d+\\.\\d+([-+.].*)?");
  private static final String VERSION_LABEL = "org.opencontainers.image.version";

  /** As {@link BootFileExtractor#extract(Layers, Wanted, Path, Progress)}. */
  @FunctionalInterface
  interface Extraction {
    BootFiles extract(Layers layers, Wanted wanted, Path directory, Progress progress);
  }

  /** That composes as nodes need it. */
  ImageAccess(Function<SourceImage, Registry> registries, Extraction extraction) {
    this(registries, extraction, InitramfsComposer::compose);
  }

  static ImageAccess of(RegistrySettings settings) {
    return new ImageAccess(source -> Registries.open(source, settings), BootFileExtractor::extract);
  }

  Registry open(ImageReference image) {
    return registries.apply(image.source());
  }

  /** What is wanted of that image; its label or its tag may tell the version. */
  static Wanted wanted(Content content, Arch arch, PlatformImage platform, @Nullable String tag) {
    String version =
        Stream.of(platform.labels().getOrDefault(VERSION_LABEL, ""), tag == null ? "" : tag)
            .filter(text -> VERSION.matcher(text).matches())
            .findFirst()
            .orElse("");
    return new Wanted(content, arch, BootPaths.KNOWN_LAYOUTS, version);
  }
}
