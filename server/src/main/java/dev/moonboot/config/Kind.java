package dev.moonboot.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text of a value is read and written.
 *
 * @param name what people are told is expected: {@code a duration such as 30s}
 * @param parser throws IllegalArgumentException, with a message for people, for anything else
 * @param writer the text that {@code parser} reads back
 */
public record Kind<T>(String name, Function<String, T> parser, Function<T, String> writer) {
  public static final Kind<String> TEXT = new Kind<>("text", text -> text, text -> text);

  public static final Kind<Integer> INTEGER =
      new Kind<>("a whole number", Integer::valueOf, String::valueOf);

  public static final Kind<Boolean> BOOLEAN =
      new Kind<>("true or false", Kind::parseBoolean, String::valueOf);

  /** A number and a unit ({@code ms s m h d}): {@code 500ms}, {@code 30s}, {@code 5m}. */
  public static final Kind<Duration> DURATION =
      new Kind<>(
          "a duration such as 500ms, 30s, 5m or 12h", Kind::parseDuration, Kind::writeDuration);

  public static final Kind<Path> PATH = new Kind<>("a path", Kind::parsePath, Path::toString);

  /** An IP address and a port; no name, because start must not wait for DNS. */
  public static final Kind<InetSocketAddress> ADDRESS =
      new Kind<>(
          "an IP address and a port such as 0.0.0.0:8080, [::1]:8080 or :8080",
          Kind::parseAddress,
          Kind::writeAddress);

  /** An absolute {@code http} or {@code https} URL without a query. */
  public static final Kind<URI> URL =
      new Kind<>("a URL such as http://10.0.0.2:8080", Kind::parseUrl, URI::toString);

  private static final Pattern DURATION_TEXT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern ADDRESS_TEXT =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%\\w]+)]|([0-9.]*)):(\\d{1,5})");

  /** The value that {@code text} means. */
  T parse(String text) {
    return parser.apply(text);
  }

  /** The text of {@code value}. */
  String write(T value) {
    return writer.apply(value);
  }

  private static boolean parseBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static Duration parseDuration(String text) {
    Matcher matcher = DURATION_TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no number with a unit");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static String writeDuration(Duration value) {
    long millis = value.toMillis();
    if (millis == 0) {
      return "0s";
    } else if (millis % 1000 != 0) {
      return millis + "ms";
    } else if (millis % 60_000 != 0) {
      return millis / 1000 + "s";
    } else if (millis % 3_600_000 != 0) {
      return millis / 60_000 + "m";
    }
    return millis / 3_600_000 + "h";
  }

  private static Path parsePath(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(e.getReason(), e);
    }
  }

  private static InetSocketAddress parseAddress(String text) {
    Matcher matcher = ADDRESS_TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no IP address and port");
    }
    int port = Integer.parseInt(matcher.group(3));
    if (port > 65535) {
      throw new IllegalArgumentException("ports end at 65535");
    }
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return host == null || host.isEmpty()
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  private static String writeAddress(InetSocketAddress value) {
    String host = value.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + value.getPort();
  }

  private static URI parseUrl(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e.getReason(), e);
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
      throw new IllegalArgumentException("no http:// or https:// URL");
    }
    return uri;
  }
}
