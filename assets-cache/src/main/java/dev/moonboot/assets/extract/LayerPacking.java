package dev.moonboot.assets.extract;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a layer's media type says about its packing (image-spec, layer.md; Docker image manifest v2
 * schema 2), held against the bytes.
 */
final class LayerPacking {
  /** Image Factory's cache objects: the one layer is the file itself. */
  static final String RAW_FILE = "application/data";

  private LayerPacking() {}

  /** The tar inside {@code packed}. Where the type names a compression, the bytes must be that. */
  static InputStream unpack(Layers.Layer layer, InputStream packed) throws IOException {
    BufferedInputStream in = new BufferedInputStream(packed, 128 << 10);
    in.mark(Compression.MAGIC);
    Compression actual = Compression.sniff(in.readNBytes(Compression.MAGIC));
    in.reset();
    String declared = declared(layer);
    boolean fits =
        switch (declared) {
          case "tar" -> actual == Compression.NONE || actual == Compression.GZIP || actual.isZstd();
          default -> actual.label().equals(declared);
        };
    if (!fits) {
      throw new ExtractException(
          "layer %s is declared %s (%s), but begins like %s"
              .formatted(layer.digest(), declared, layer.mediaType(), begins(actual)));
    }
    return Compression.all(actual, in);
  }

  private static String begins(Compression actual) {
    return actual == Compression.NONE ? "something not compressed" : actual.label();
  }

  private static String declared(Layers.Layer layer) {
    String type = layer.mediaType();
    if (type.endsWith(".tar+gzip") || type.endsWith(".tar.gzip")) {
      return "gzip";
    }
    if (type.endsWith(".tar+zstd") || type.endsWith(".tar.zstd")) {
      return "zstd";
    }
    if (type.endsWith(".tar")) {
      return "tar";
    }
    throw new ExtractException(
        "layer %s has the media type %s, which is none of a file system layer"
            .formatted(layer.digest(), type));
  }
}
