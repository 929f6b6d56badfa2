package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Request line and headers of one request as they came, and as Helidon has to see them. Helidon
 * speaks HTTP/1.1 only and knows only origin-form targets in ASCII; nodes send HTTP/1.0 without
 * Host (U-Boot, lpxelinux) and anything in a query. Whatever is malformed is passed on as it is:
 * Helidon refuses it.
 */
final class RequestHead {
  /** More header lines than that are refused. */
  static final int MOST_HEADERS = 64;

  private static final Pattern LINE = Pattern.compile("(\\S+) (\\S+) HTTP/1\\.([01])");
  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?#]*");

  private final byte[] bytes;
  private final List<String> lines;
  private final boolean wellFormed;
  private final boolean http10;
  private boolean host;
  private boolean closeAsked;
  private boolean body;

  /**
   * @param bytes from the request line to the empty line, both included
   */
  RequestHead(byte[] bytes) {
    this.bytes = bytes;
    String text = new String(bytes, ISO_8859_1);
    this.lines = new ArrayList<>(List.of(text.split("\r\n", -1)));
    this.wellFormed =
        text.endsWith("\r\n\r\n") && lines.stream().noneMatch(RequestHead::hasLoneLineEnd);
    Matcher line = LINE.matcher(lines.getFirst());
    this.http10 = line.matches() && line.group(3).equals("0");
    lines.stream().skip(1).forEach(this::look);
  }

  private static boolean hasLoneLineEnd(String line) {
    return line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0;
  }

  private void look(String line) {
    String lower = line.toLowerCase(Locale.ROOT);
    if (lower.startsWith("host:")) {
      host = true;
    } else if (lower.startsWith("connection:")) {
      closeAsked |= List.of(lower.substring(11).trim().split("\\s*,\\s*")).contains("close");
    } else if (lower.startsWith("content-length:")) {
      body |= !lower.substring(15).trim().equals("0");
    } else if (lower.startsWith("transfer-encoding:")) {
      body = true;
    }
  }

  /** True when the connection ends with this request, by the client's wish or by its fault. */
  boolean isLast() {
    return !wellFormed || http10 || closeAsked || body || lines.size() - 3 > MOST_HEADERS;
  }

  /** Whether its body, if it has one, is one of those. */
  boolean isAmong(Bodies bodies) {
    Matcher line = LINE.matcher(requestLine());
    return bodies.any()
        || (wellFormed
            && line.matches()
            && bodies.at(line.group(1), line.group(2).replaceFirst("[?#].*", "")));
  }

  /** True when bytes of a body follow. */
  boolean announcesBody() {
    return body;
  }

  /**
   * The head for Helidon.
   *
   * @param last true to have the answer say that the connection ends with it
   */
  byte[] toHelidon(boolean last) {
    if (!wellFormed || (!last && isPlain())) {
      return bytes;
    }
    StringBuilder out = new StringBuilder(bytes.length + 64);
    out.append(requestLine()).append("\r\n");
    if (http10 && !host) {
      out.append("Host: boot.invalid\r\n");
    }
    lines.stream()
        .skip(1)
        .filter(line -> !line.isEmpty() && !(last && isAboutTheConnection(line)))
        .forEach(line -> out.append(line).append("\r\n"));
    out.append(last ? "Connection: close\r\n\r\n" : "\r\n");
    return out.toString().getBytes(ISO_8859_1);
  }

  private boolean isPlain() {
    String line = lines.getFirst();
    return line.indexOf("://") < 0 && line.chars().allMatch(c -> c < 0x80);
  }

  private static boolean isAboutTheConnection(String line) {
    String lower = line.toLowerCase(Locale.ROOT);
    return lower.startsWith("connection:") || lower.startsWith("keep-alive:");
  }

  private String requestLine() {
    Matcher line = LINE.matcher(lines.getFirst());
    return line.matches()
        ? line.group(1) + " " + target(line.group(2)) + " HTTP/1.1"
        : lines.getFirst();
  }

  /** In origin form (RFC 9112, 3.2), with bytes above ASCII percent-encoded. */
  private static String target(String sent) {
    Matcher absolute = ABSOLUTE.matcher(sent);
    String origin = absolute.lookingAt() ? sent.substring(absolute.end()) : sent;
    if (absolute.lookingAt() && !origin.startsWith("/")) {
      origin = "/" + origin;
    }
    StringBuilder out = new StringBuilder(origin.length());
    origin
        .chars()
        .forEach(c -> out.append(c < 0x80 ? String.valueOf((char) c) : "%%%02X".formatted(c)));
    return out.toString();
  }
}
