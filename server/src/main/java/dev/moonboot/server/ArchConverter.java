package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an ARCH argument. */
final class ArchConverter implements ITypeConverter<Arch> {
  @Override
  public Arch convert(String text) {
    return Arch.parse(text)
        .orElseThrow(() ->
            new TypeConversionException(
                "\"" + text + "\" is no architecture we know; use amd64 or arm64"));
  }
}
