package dev.moonboot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.template.Outlet;
import dev.moonboot.template.TemplateException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a node land when kernel, initrd and arguments are templates. A value never
 * becomes more than the part of a URL or of an argument that the profile has made room for.
 */
final class Landing implements Outlet {
  private enum Kind {
    LINE,
    ARGUMENT
  }

  /** What is nothing but text to iPXE, GRUB and the kernel alike. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~:/@%+,=?\\[\\]-]*");

  private static final String UNRESERVED = "-._~"; // with letters and digits (RFC 3986, 2.3)
  private static final Pattern UPWARDS = Pattern.compile("(^|.*/)\\.\\.?(/.*|$)", Pattern.DOTALL);

  /** What a template prints for a member that is missing and was asked for by {@code index}. */
  private static final String MISSING = "<no value>";

  private final Kind kind;
  private @Nullable String fault;

  private Landing(Kind kind) {
    this.kind = kind;
  }

  /** On the line of a kernel or initrd: in a URL. */
  static Landing line() {
    return new Landing(Kind.LINE);
  }

  /** In a kernel argument: in a URL once it has one, else in its text. */
  static Landing argument() {
    return new Landing(Kind.ARGUMENT);
  }

  /** Why a value did not fit, without the value; null while all did. */
  @Nullable String fault() {
    return fault;
  }

  @Override
  public String fit(CharSequence before, String printed) throws TemplateException {
    if (printed.equals(MISSING)) {
      throw refused("a value is missing");
    }
    if (UPWARDS.matcher(printed).matches()) {
      throw refused("a value leads to another folder (. or ..)");
    }
    if (kind == Kind.LINE || before.toString().contains("://")) {
      return percentEncoded(printed);
    }
    if (!PLAIN.matcher(printed).matches()) {
      throw refused(
          "a value has a character that is not allowed in a kernel argument"
              + " (allowed are letters, digits and ._~:/@%+,=?[]-)");
    }
    return printed;
  }

  private TemplateException refused(String why) {
    fault = why;
    return new TemplateException(why);
  }

  private static String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(UTF_8)) {
      char c = (char) (octet & 0xFF);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
      encoded.append(plain ? Character.toString(c) : "%%%02X".formatted((int) c));
    }
    return encoded.toString();
  }
}
