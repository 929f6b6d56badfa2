package dev.moonboot.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** What a {@code Range} header asks of a file (RFC 9110, 14). */
sealed interface ByteRange {
  /** All of it: no range, or several. */
  record Whole() implements ByteRange {}

  /** {@code length} bytes from {@code first} on. */
  record Part(long first, long length) implements ByteRange {
    /** These bytes of {@code all}. */
    byte[] of(byte[] all) {
      return Arrays.copyOfRange(all, (int) first, (int) (first + length));
    }

    /** As {@code Content-Range} says it. */
    String of(long size) {
      return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
  }

  /** Nothing of it is there. */
  record Unsatisfiable() implements ByteRange {}

  /** Not a range of bytes at all. */
  record Malformed() implements ByteRange {}

  /**
   * Reads the header. Of several ranges those that are not there are dropped; where more than one
   * is left the whole file is meant, since no node can use a multipart answer.
   */
  static ByteRange parse(String header, long size) {
    if (!header.startsWith("bytes=")) {
      return new Malformed();
    }
    List<Part> there = new ArrayList<>();
    boolean missing = false;
    for (String spec : List.of(header.substring(6).split(",", -1))) {
      if (spec.isBlank()) {
        continue;
      }
      switch (one(spec.strip(), size)) {
        case Part part -> there.add(part);
        case Unsatisfiable _ -> missing = true;
        case Malformed malformed -> {
          return malformed;
        }
        case Whole whole -> {
          return whole;
        }
      }
    }
    if (there.size() == 1) {
      return there.getFirst();
    }
    return there.isEmpty() && missing ? new Unsatisfiable() : new Whole();
  }

  private static ByteRange one(String spec, long size) {
    int dash = spec.indexOf('-');
    if (dash < 0) {
      return new Malformed();
    }
    String from = spec.substring(0, dash).strip();
    String to = spec.substring(dash + 1).strip();
    if (from.isEmpty()) {
      return suffix(number(to), size);
    }
    OptionalLong first = number(from);
    OptionalLong last = to.isEmpty() ? OptionalLong.of(Long.MAX_VALUE) : number(to);
    if (first.isEmpty() || last.isEmpty() || first.getAsLong() > last.getAsLong()) {
      return new Malformed();
    }
    return first.getAsLong() >= size
        ? new Unsatisfiable()
        : new Part(first.getAsLong(), Math.min(last.getAsLong(), size - 1) - first.getAsLong() + 1);
  }

  private static ByteRange suffix(OptionalLong length, long size) {
    if (length.isEmpty()) {
      return new Malformed();
    }
    long some = Math.min(length.getAsLong(), size);
    return some == 0 ? new Unsatisfiable() : new Part(size - some, some);
  }

  private static OptionalLong number(String digits) {
    boolean plain =
        !digits.isEmpty()
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return plain ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
  }
}
