package dev.moonboot.ignition;

import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A URL with a scheme as Go's {@code net/url} takes it apart, as far as it has to be known here.
 *
 * @param scheme in lower case
 * @param opaque what follows the scheme, without query and fragment, when it begins with no slash
 * @param query without the question mark
 */
record GoUrl(String scheme, String opaque, String query) {
  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*):");
  private static final Pattern PORT = Pattern.compile("(?::[0-9]*)?");
  private static final Pattern USER = Pattern.compile("[A-Za-z0-9\\-._:~!$&'()*+,;=%@]*");
  private static final String HOST_MARKS = "-_.~!$&'()*+,;=:[]<>\"";

  /** Empty when Go refuses the text, or finds no scheme. */
  static Optional<GoUrl> parse(String text) {
    int hash = text.indexOf('#');
    String url = hash < 0 ? text : text.substring(0, hash);
    if (url.chars().anyMatch(c -> c < ' ' || c == 0x7f)
        || (hash >= 0 && !isEscaped(text.substring(hash + 1)))) {
      return Optional.empty();
    }
    var scheme = SCHEME.matcher(url);
    if (!scheme.lookingAt()) {
      return Optional.empty();
    }
    String rest = url.substring(scheme.end());
    int mark = rest.indexOf('?');
    String query = mark < 0 ? "" : rest.substring(mark + 1);
    String before = mark < 0 ? rest : rest.substring(0, mark);
    String name = scheme.group(1).toLowerCase(Locale.ROOT);
    if (!before.startsWith("/")) {
      return Optional.of(new GoUrl(name, before, query));
    }
    return isPlace(before) ? Optional.of(new GoUrl(name, "", query)) : Optional.empty();
  }

  private static String beforeSlash(String text) {
    int slash = text.indexOf('/');
    return slash < 0 ? text : text.substring(0, slash);
  }

  private static boolean isPlace(String text) {
    if (!text.startsWith("//")) {
      return isEscaped(text);
    }
    String authority = beforeSlash(text.substring(2));
    if (!isEscaped(text.substring(2 + authority.length()))) {
      return false;
    }
    int at = authority.lastIndexOf('@');
    String user = at < 0 ? "" : authority.substring(0, at);
    return USER.matcher(user).matches() && isEscaped(user) && isHost(authority.substring(at + 1));
  }

  private static boolean isHost(String host) {
    if (host.startsWith("[")) {
      int end = host.lastIndexOf(']');
      if (end < 0 || !PORT.matcher(host.substring(end + 1)).matches()) {
        return false;
      }
      int zone = host.substring(0, end).indexOf("%25");
      // what follows %25 names an interface and may be escaped as it likes
      return zone < 0
          ? isHostText(host)
          : isHostText(host.substring(0, zone))
              && isEscaped(host.substring(zone, end))
              && isHostText(host.substring(end));
    }
    int colon = host.lastIndexOf(':');
    return (colon < 0 || PORT.matcher(host.substring(colon)).matches()) && isHostText(host);
  }

  private static boolean isHostText(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '%') {
        // only bytes beyond ASCII may be escaped
        if (!isEscape(host, i)
            || (HexFormat.fromHexDigit(host.charAt(i + 1)) < 8 && !host.startsWith("%25", i))) {
          return false;
        }
        i += 2;
      } else if (c < 0x80 && !isAlphanumeric(c) && HOST_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** True when every percent sign begins an escape. */
  static boolean isEscaped(String text) {
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 3)) {
      if (!isEscape(text, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && HexFormat.isHexDigit(text.charAt(at + 1))
        && HexFormat.isHexDigit(text.charAt(at + 2));
  }
}
