package dev.moonboot.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The path of a request: cleaned as Go's ServeMux does, then decoded. */
final class RequestPath {
  private RequestPath() {}

  /**
   * Without empty, {@code .} and {@code ..} segments, which never lead above the root. Encoded dots
   * and slashes stay as they are: they are no path syntax.
   */
  static String clean(String raw) {
    List<String> kept = new ArrayList<>();
    for (String segment : List.of(raw.split("/", -1))) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> {
          if (!kept.isEmpty()) {
            kept.removeLast();
          }
        }
        default -> kept.add(segment);
      }
    }
    boolean folder = raw.endsWith("/") && !kept.isEmpty();
    return "/" + String.join("/", kept) + (folder ? "/" : "");
  }

  /** The text behind the percent-encoding; empty when that is broken or not UTF-8. */
  static Optional<String> decode(String raw) {
    if (raw.indexOf('%') < 0) {
      return Optional.of(raw);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '%') {
        bytes.write(c);
      } else if (i + 2 < raw.length()
          && HexFormat.isHexDigit(raw.charAt(i + 1))
          && HexFormat.isHexDigit(raw.charAt(i + 2))) {
        bytes.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
        i += 2;
      } else {
        return Optional.empty();
      }
    }
    return utf8(bytes.toByteArray());
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
