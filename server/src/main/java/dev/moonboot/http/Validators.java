package dev.moonboot.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of a file from another, and what a request's conditions come to (RFC 9110,
 * 13).
 *
 * @param etag quoted, strong; null where a file has none
 * @param modified in whole seconds; null where it says nothing
 */
record Validators(@Nullable String etag, @Nullable Instant modified) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** What the conditions of a request come to. */
  enum Outcome {
    SEND,
    NOT_MODIFIED,
    FAILED
  }

  static Validators ofEtag(String etag) {
    return new Validators(etag, null);
  }

  static Validators ofModified(Instant modified) {
    return new Validators(null, modified.truncatedTo(ChronoUnit.SECONDS));
  }

  /** A date as HTTP writes it. */
  static String date(Instant instant) {
    return DATE.format(instant);
  }

  Outcome judge(Request request) {
    if (!mayTouch(request)) {
      return Outcome.FAILED;
    }
    return isKnown(request) ? Outcome.NOT_MODIFIED : Outcome.SEND;
  }

  private boolean mayTouch(Request request) {
    Optional<String> match = request.header("If-Match");
    if (match.isPresent()) {
      return names(match.get(), false);
    }
    return after(request.header("If-Unmodified-Since")).map(changed -> !changed).orElse(true);
  }

  private boolean isKnown(Request request) {
    Optional<String> match = request.header("If-None-Match");
    if (match.isPresent()) {
      return names(match.get(), true);
    }
    return after(request.header("If-Modified-Since")).map(changed -> !changed).orElse(false);
  }

  /** The part that is asked for; all of it when {@code If-Range} names another version. */
  ByteRange range(Request request, long size) {
    return request
        .header("Range")
        .filter(_ -> request.header("If-Range").map(this::isSame).orElse(true))
        .map(range -> ByteRange.parse(range, size))
        .orElseGet(ByteRange.Whole::new);
  }

  private boolean isSame(String ifRange) {
    if (ifRange.startsWith("\"") || ifRange.startsWith("W/")) {
      return ifRange.strip().equals(etag);
    }
    return modified != null && parse(ifRange).map(modified::equals).orElse(false);
  }

  /** Whether a list of entity tags names this version; {@code *} names any. */
  private boolean names(String list, boolean weakToo) {
    if (list.strip().equals("*")) {
      return true;
    }
    return etag != null
        && Arrays.stream(list.split(",", -1))
            .map(String::strip)
            .map(tag -> weakToo && tag.startsWith("W/") ? tag.substring(2) : tag)
            .anyMatch(etag::equals);
  }

  /** Whether the file changed after that date, where both are known. */
  private Optional<Boolean> after(Optional<String> date) {
    Instant mine = modified;
    return mine == null ? Optional.empty() : date.flatMap(Validators::parse).map(mine::isAfter);
  }

  private static Optional<Instant> parse(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
