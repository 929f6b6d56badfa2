package dev.moonboot.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A path with names for some of its segments. It is compared with the path as it was sent: what is
 * percent-encoded is never decoded, and so can mean no other path.
 */
record PathTemplate(List<String> segments) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
  private static final Pattern COLON = Pattern.compile("^sha256%3[aA]");
  private static final Pattern USER_CODE = Pattern.compile("[A-Za-z]{4}-?[A-Za-z]{4}");
  private static final Set<String> DIGESTS = Set.of("digest", "other");

  static PathTemplate of(String path) {
    return new PathTemplate(List.of(path.split("/", -1)));
  }

  private static boolean isName(String segment) {
    return segment.startsWith("{");
  }

  private static String name(String segment) {
    return segment.substring(1, segment.length() - 1);
  }

  /** True when {@code path} has this shape, whatever its ids are. */
  boolean fits(String path) {
    String[] sent = path.split("/", -1);
    if (sent.length != segments.size()) {
      return false;
    }
    for (int i = 0; i < sent.length; i++) {
      if (!isName(segments.get(i)) && !segments.get(i).equals(sent[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * The ids in a path that fits.
   *
   * @throws ProblemException when one is not what an id may be
   */
  Map<String, String> ids(String path) {
    String[] sent = path.split("/", -1);
    Map<String, String> ids = new LinkedHashMap<>();
    for (int i = 0; i < sent.length; i++) {
      if (isName(segments.get(i))) {
        String name = name(segments.get(i));
        ids.put(name, value(name, sent[i]));
      }
    }
    return ids;
  }

  private static String value(String name, String sent) {
    if (name.equals("userCode")) {
      return userCode(sent);
    }
    return DIGESTS.contains(name) ? digest(sent) : id(name, sent);
  }

  private static String userCode(String sent) {
    if (!USER_CODE.matcher(sent).matches()) {
      throw new ProblemException(
          ProblemKind.MALFORMED,
          "the user code in the path cannot be one: it has 8 letters, such as BCDF-GHJK");
    }
    return sent;
  }

  private static String id(String name, String sent) {
    if (!ID.matcher(sent).matches()) {
      throw new ProblemException(
          ProblemKind.MALFORMED,
          "the "
              + name
              + " in the path cannot be one: it begins with a-z or 0-9, and has at most 63 of"
              + " a-z 0-9 . _ -");
    }
    return sent;
  }

  /** Whole, or its beginning. */
  private static String digest(String sent) {
    String text = COLON.matcher(sent).replaceFirst("sha256:");
    if (!HeldReleases.isName(text)) {
      throw new ProblemException(
          ProblemKind.MALFORMED,
          "the digest in the path cannot be one: it is sha256: and 64 digits of 0-9 a-f, or at"
              + " least the first 8 of them");
    }
    return text;
  }
}
