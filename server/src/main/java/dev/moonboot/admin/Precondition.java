package dev.moonboot.admin;

import dev.moonboot.http.Request;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Which version a caller means to change: {@code If-Match} (RFC 9110, 13.1.1). It is never
 * required.
 *
 * @param given false when there is no such header: then any version will do
 * @param any true for {@code *}: any version, as long as there is one
 * @param tags the versions named, without quotes
 */
record Precondition(boolean given, boolean any, List<String> tags) {
  private static final Pattern TAG = Pattern.compile("(W/)?\"([\\x21\\x23-\\x7e]*)\"");

  static Precondition of(Request request) {
    return request
        .header("If-Match")
        .map(header -> new Precondition(true, header.strip().equals("*"), tags(header)))
        .orElse(new Precondition(false, false, List.of()));
  }

  /** Strong ones only: a weak one never matches here. */
  private static List<String> tags(String header) {
    return TAG.matcher(header)
        .results()
        .filter(tag -> tag.group(1) == null)
        .map((MatchResult tag) -> tag.group(2))
        .toList();
  }

  /** True when {@code now} is a version that was meant. */
  boolean allows(ETag now) {
    return !given || any || tags.contains(now.value());
  }

  /** True when it may be changed though it does not exist. */
  boolean allowsAbsent() {
    return !given;
  }

  /**
   * The one revision that was named (see {@link ETag#revision}), to be compared under the lock that
   * orders changes; empty when any will do, −1 when what was named is no revision of ours.
   */
  OptionalLong revision() {
    if (!given || any) {
      return OptionalLong.empty();
    }
    String tag = tags.size() == 1 ? tags.getFirst() : "";
    return OptionalLong.of(tag.matches("r\\d{1,18}") ? Long.parseLong(tag.substring(1)) : -1);
  }

  /** Ends the request with 412 unless {@code now} was meant. */
  void require(ETag now) {
    if (!allows(now)) {
      throw failed(now);
    }
  }

  /** What a caller is told who meant an older version. */
  static ProblemException failed(ETag now) {
    return Problem.of(
            ProblemKind.CHANGED,
            "it was changed since you read it, and is now "
                + now.header()
                + ": read it again, and repeat the change if it is still wanted")
        .with("ETag", now.header())
        .asException();
  }
}
