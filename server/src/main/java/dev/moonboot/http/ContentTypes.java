package dev.moonboot.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The media type of a static file, as matchbox (Go's net/http) gives it: by extension from a table
 * that does not depend on the host, else from the first bytes (WHATWG MIME sniffing, the part that
 * concerns files a boot server holds).
 */
final class ContentTypes {
  /** Sniffing looks no further. */
  static final int SNIFFED = 512;

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String XML = "text/xml; charset=utf-8";
  private static final String BINARY = "application/octet-stream";

  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("avif", "image/avif"),
          Map.entry("bin", BINARY),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("csv", "text/csv; charset=utf-8"),
          Map.entry("efi", "application/efi"), // firmware goes by it; Go does not know it
          Map.entry("gif", "image/gif"),
          Map.entry("gz", "application/gzip"),
          Map.entry("htm", HTML),
          Map.entry("html", HTML),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("png", "image/png"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("text", TEXT),
          Map.entry("txt", TEXT),
          Map.entry("wasm", "application/wasm"),
          Map.entry("webp", "image/webp"),
          Map.entry("xml", XML),
          Map.entry("zip", "application/zip"));

  /** What a file begins with, one character a byte. */
  private record Magic(String bytes, String type) {
    static Magic of(String hex, String type) {
      return new Magic(latin1(HexFormat.of().parseHex(hex)), type);
    }
  }

  private static final List<Magic> MAGIC =
      List.of(
          Magic.of("255044462d", "application/pdf"),
          Magic.of("252150532d41646f62652d", "application/postscript"),
          Magic.of("feff", "text/plain; charset=utf-16be"),
          Magic.of("fffe", "text/plain; charset=utf-16le"),
          Magic.of("efbbbf", TEXT),
          Magic.of("89504e470d0a1a0a", "image/png"),
          Magic.of("ffd8ff", "image/jpeg"),
          Magic.of("474946383761", "image/gif"),
          Magic.of("474946383961", "image/gif"),
          Magic.of("424d", "image/bmp"),
          Magic.of("00000100", "image/x-icon"),
          Magic.of("1f8b08", "application/x-gzip"),
          Magic.of("504b0304", "application/zip"),
          Magic.of("526172211a0700", "application/x-rar-compressed"),
          Magic.of("526172211a070100", "application/x-rar-compressed"),
          Magic.of("0061736d", "application/wasm"));

  private static final List<String> HTML_TAGS =
      List.of(
          "<!DOCTYPE HTML",
          "<HTML",
          "<HEAD",
          "<SCRIPT",
          "<IFRAME",
          "<H1",
          "<DIV",
          "<FONT",
          "<TABLE",
          "<A",
          "<STYLE",
          "<TITLE",
          "<B",
          "<BODY",
          "<BR",
          "<P",
          "<!--");

  private ContentTypes() {}

  /** The type that the name's extension stands for. */
  static Optional<String> ofName(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0
        ? Optional.empty()
        : Optional.ofNullable(BY_EXTENSION.get(name.substring(dot + 1).toLowerCase(Locale.ROOT)));
  }

  /**
   * The type that a file's beginning tells.
   *
   * @param head its first {@value #SNIFFED} bytes, or all of it where it is shorter
   */
  static String sniff(byte[] head) {
    String text = latin1(head);
    Optional<String> markup = markup(text.stripLeading());
    if (markup.isPresent()) {
      return markup.get();
    }
    for (Magic magic : MAGIC) {
      if (text.startsWith(magic.bytes())) {
        return magic.type();
      }
    }
    return isText(head) ? TEXT : BINARY;
  }

  private static Optional<String> markup(String text) {
    if (text.startsWith("<?xml")) {
      return Optional.of(XML);
    }
    for (String tag : HTML_TAGS) {
      boolean ends = text.length() > tag.length() && " >".indexOf(text.charAt(tag.length())) >= 0;
      if (text.regionMatches(true, 0, tag, 0, tag.length()) && (ends || tag.equals("<!--"))) {
        return Optional.of(HTML);
      }
    }
    return Optional.empty();
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static boolean isText(byte[] head) {
    for (byte b : head) {
      int c = b & 0xff;
      boolean binary =
          c <= 0x08 || c == 0x0b || (c >= 0x0e && c <= 0x1a) || (c >= 0x1c && c <= 0x1f);
      if (binary) {
        return false;
      }
    }
    return true;
  }
}
