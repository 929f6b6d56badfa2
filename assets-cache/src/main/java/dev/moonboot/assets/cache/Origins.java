package dev.moonboot.assets.cache;

import dev.moonboot.assets.Composition;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.ImageReferences;

/** Opens where images come from, each kind its own way. */
record Origins(ImageAccess access, Composing composing, Factories factories) {
  static final String COMPOSED = "build:";

  Origin open(ImageReference image) {
    return switch (image.source()) {
      case SourceImage.Repository _, SourceImage.Layout _, SourceImage.Archive _ ->
          new ImageOrigin(access.open(image), access.extraction());
      case SourceImage.Composed(var composition) -> new ComposedOrigin(composing, composition);
      case SourceImage.Factory factory -> factories.open(factory);
    };
  }

  /** What the source of a release names, as far as that tells: enough to have it again. */
  static ImageReference image(String source) {
    if (source.startsWith(COMPOSED)) {
      Composition known = ComposedOrigin.known(source.substring(COMPOSED.length()));
      return new ImageReference(new SourceImage.Composed(known), null, null);
    }
    return ImageReferences.parse(source);
  }
}
