package dev.moonboot.assets.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One challenge of a WWW-Authenticate header (RFC 9110, 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters by lower-case name
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\G[\\s,]*(" + TOKEN + ")\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|(" + TOKEN + "))");
  private static final Pattern SCHEME = Pattern.compile("\\G[\\s,]*(" + TOKEN + ")(?=\\s|,|$)");
  private static final int MAX_LENGTH = 8 << 10;

  /** All challenges in those headers; what cannot be read is passed over. */
  static List<Challenge> read(List<String> headers) {
    List<Challenge> challenges = new ArrayList<>();
    for (String header : headers) {
      if (header.length() <= MAX_LENGTH) {
        read(header, challenges);
      }
    }
    return challenges;
  }

  private static void read(String header, List<Challenge> challenges) {
    Matcher scheme = SCHEME.matcher(header);
    int at = 0;
    while (at < header.length() && scheme.find(at) && scheme.start() == at) {
      at = scheme.end();
      Map<String, String> parameters = new LinkedHashMap<>();
      Matcher parameter = PARAMETER.matcher(header);
      while (at < header.length() && parameter.find(at) && parameter.start() == at) {
        at = parameter.end();
        String quoted = parameter.group(2);
        parameters.put(
            parameter.group(1).toLowerCase(Locale.ROOT),
            quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
      }
      challenges.add(
          new Challenge(scheme.group(1).toLowerCase(Locale.ROOT), Map.copyOf(parameters)));
    }
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
