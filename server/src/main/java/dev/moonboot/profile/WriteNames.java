package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/** What a file that is written may be called, and how large it may be. */
enum WriteNames {
  /** Over the admin API. */
  STRICT(64 << 10),

  /** Over matchbox's API, whose clients have made up names by its rules. */
  MATCHBOX(1 << 20);

  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  /** Files of these names cannot be copied to every system that a data directory may move to. */
  private static final Pattern DEVICE = Pattern.compile("(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?");

  /** With room for what is put around the name of an unfinished file: a system allows 255. */
  private static final int LONGEST = 200;

  private final int maxSize;

  WriteNames(int maxSize) {
    this.maxSize = maxSize;
  }

  boolean allows(String name) {
    return switch (this) {
      case STRICT -> isId(name);
      case MATCHBOX -> isMatchboxName(name);
    };
  }

  /** How many bytes a group or profile of such a name may have. */
  int maxSize() {
    return maxSize;
  }

  private static boolean isId(String name) {
    return ID.matcher(name).matches() && !DEVICE.matcher(name).matches();
  }

  private static boolean isMatchboxName(String name) {
    return !name.isEmpty()
        && !name.startsWith(".")
        && name.indexOf('/') < 0
        && name.codePoints().allMatch(WriteNames::isPrintable)
        && name.getBytes(UTF_8).length <= LONGEST;
  }

  /** Letters, marks, digits, punctuation, symbols and the plain space, as Go's IsPrint has it. */
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
