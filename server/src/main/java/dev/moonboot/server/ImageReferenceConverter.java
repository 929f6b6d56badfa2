package dev.moonboot.server;

import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.cache.AssetCache;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an IMAGE argument. */
final class ImageReferenceConverter implements ITypeConverter<ImageReference> {
  @Override
  public ImageReference convert(String text) {
    try {
      return AssetCache.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
