package dev.moonboot.assets.cache;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;

/** Opens where images come from, each kind its own way. */
record Origins(ImageAccess access) {
  Origin open(ImageReference image) {
    return switch (image.source()) {
      case SourceImage.Repository _, SourceImage.Layout _, SourceImage.Archive _ ->
          new ImageOrigin(access.open(image), access.extraction());
      case SourceImage.Composed _, SourceImage.Factory _ ->
          throw new RegistryException(Reason.UNSUPPORTED, image + " cannot be made yet");
    };
  }
}
