package dev.moonboot.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query of a request: {@code name=value} or {@code name}, each at most once. */
final class QueryParameters {
  /** Stands for all labels that a node may send; an endpoint with it reads the query itself. */
  static final String LABELS = "labels";

  private QueryParameters() {}

  /**
   * The parameters, decoded; one without a value has an empty one.
   *
   * @param known those there may be; with {@link #LABELS} nothing is read
   * @throws ProblemException for any other
   */
  static Map<String, String> of(@Nullable String query, List<String> known) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query == null || query.isEmpty() || known.contains(LABELS)) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (!known.contains(name)) {
        throw malformed(
            known.isEmpty()
                ? "this path takes no query parameters"
                : "an unknown query parameter; there are " + String.join(", ", known));
      }
      if (parameters.put(name, value) != null) {
        throw malformed("the query parameter " + name + " is there twice");
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("the query is encoded wrongly");
    }
  }

  private static ProblemException malformed(String why) {
    return new ProblemException(ProblemKind.MALFORMED, why);
  }
}
