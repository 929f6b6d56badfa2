package dev.moonboot.ignition;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** From where a version of the spec lets things be fetched. */
final class Sources {
  /** How long a data URL may be before its data. */
  private static final int LONGEST_DATA_HEAD = 1024;

  /** RFC 2397 up to the comma, as Ignition's library reads it: known kinds of media only. */
  private static final Pattern DATA_HEAD =
      Pattern.compile(
          ("data:(?:(?:[xX]-T*|(?:text|image|audio|video|application|message|multipart)T*)/T*)?"
                  + "(?:;T+=(?:(?:[T&&[^%]]|%\\p{XDigit}{2})+|\"(?:[\\x00-\\x7f&&[^\"\\\\\n]]"
                  + "|\\\\[abfnrtv\\\\\"])*\"))*(;base64)?,")
              .replace("T", "[!#$%&'*+\\-.0-9A-Z^_`a-z{|}~]"));

  /** No control character, no space, none of {@code <>#"{}|\^[]`}. */
  private static final Pattern PLAIN_DATA = Pattern.compile("[!$-;=?-Z_a-z~]*+");

  private static final Pattern BASE64_DATA = Pattern.compile("[A-Za-z0-9+/=\n]*+");

  private final int minor;

  Sources(int minor) {
    this.minor = minor;
  }

  /** True for a URL of http or https. */
  static boolean isHttp(String text) {
    return GoUrl.parse(text)
        .filter(url -> url.scheme().equals("http") || url.scheme().equals("https"))
        .isPresent();
  }

  /** What is wrong with the URL, if something is. */
  Optional<String> complaint(String text) {
    GoUrl url = GoUrl.parse(text).orElse(null);
    if (url == null) {
      return Optional.of("is no URL");
    }
    return switch (url.scheme()) {
      case "http", "https", "tftp" -> Optional.empty();
      case "gs" -> minor >= 2 ? Optional.empty() : newer("gs", 2);
      case "s3" -> version(url);
      case "arn" -> minor >= 4 ? arn(url).or(() -> version(url)) : newer("arn", 4);
      case "data" -> isData(text) ? Optional.empty() : Optional.of("is a broken data URL");
      default -> Optional.of("is a URL of a scheme that Ignition does not fetch from");
    };
  }

  private static Optional<String> newer(String scheme, int minor) {
    return Optional.of("is a URL of scheme " + scheme + ", which came with spec 3." + minor + ".0");
  }

  /** The first versionId of the query must say something. */
  private static Optional<String> version(GoUrl url) {
    return Stream.of(url.query().split("&", -1))
        .filter(pair -> pair.equals("versionId") || pair.startsWith("versionId="))
        .findFirst()
        .filter(pair -> pair.length() <= "versionId=".length())
        .map(_ -> "has an empty versionId");
  }

  /** {@code arn:partition:s3:region:account:resource}. */
  private static Optional<String> arn(GoUrl url) {
    List<String> parts = List.of(url.opaque().split(":", 5));
    long slashes = url.opaque().chars().filter(c -> c == '/').count();
    return parts.size() == 5
            && parts.get(1).equals("s3")
            && slashes >= (parts.get(4).startsWith("accesspoint/") ? 2 : 1)
        ? Optional.empty()
        : Optional.of("is no ARN of an object in S3");
  }

  private static boolean isData(String text) {
    Matcher head = DATA_HEAD.matcher(text.substring(0, Math.min(text.length(), LONGEST_DATA_HEAD)));
    if (!head.lookingAt()) {
      return false;
    }
    String data = text.substring(head.end());
    return head.group(1) == null
        ? PLAIN_DATA.matcher(data).matches() && GoUrl.isEscaped(data)
        : BASE64_DATA.matcher(data).matches() && isBase64(data.replace("\n", ""));
  }

  private static boolean isBase64(String text) {
    try {
      Base64.getDecoder().decode(text);
      return text.length() % 4 == 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
