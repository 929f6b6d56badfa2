package dev.moonboot.server;

import dev.moonboot.assets.Content;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a CONTENT argument. */
final class ContentConverter implements ITypeConverter<Content> {
  @Override
  public Content convert(String text) {
    return Content.parse(text)
        .orElseThrow(() ->
            new TypeConversionException(
                "\"" + text + "\" is no content we know; use boot, loaders or firmware"));
  }
}
