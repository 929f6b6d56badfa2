package dev.moonboot.ec2;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The URL under which EC2 instances reach moonboot, without a slash at its end: {@code
 * http://10.0.1.5:8080}.
 */
public record ServerUrl(String text) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~:/?#@%&=+\\[\\]-]{1,1024}");
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /**
   * Reads and judges one. No name is looked up.
   *
   * @param https whether the AMI's iPXE was built with HTTPS
   * @throws IllegalArgumentException when no instance could use it; the message says why, and what
   *     to write instead
   */
  public static ServerUrl of(String given, boolean https) {
    URI url = parsed(given);
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "%s is no URL of a server: write it like http://10.0.1.5:8080".formatted(given));
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the URL holds a user name or a password, and user data can be read by every process of"
              + " the instance: leave it out");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          given + " has a ? or a #: write only what stands before /ipxe");
    }
    if (scheme.equals("https") && !https) {
      throw new IllegalArgumentException(
          given
              + " needs an iPXE with HTTPS, and this one has none (--without-https): write http://,"
              + " which inside a VPC only its members read, or use an AMI with HTTPS");
    }
    checkHost(given, url.getHost());
    return new ServerUrl(given.replaceFirst("/+$", ""));
  }

  private static URI parsed(String given) {
    try {
      if (PLAIN.matcher(given).matches()) {
        return new URI(given);
      }
    } catch (URISyntaxException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "\"%s\" is no URL, or has characters that iPXE would not pass on: write it like"
                .formatted(given)
            + " http://10.0.1.5:8080");
  }

  private static void checkHost(String given, String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    if (lower.equals("localhost") || lower.endsWith(".localhost")) {
      throw new IllegalArgumentException(
          given + " means the instance itself: write moonboot's private address in the VPC");
    }
    if (!lower.startsWith("[") && !lower.matches("[0-9.]+")) {
      return; // a name, for the VPC's resolver
    }
    InetAddress address = literal(given, lower);
    if (address.isLoopbackAddress()) {
      throw new IllegalArgumentException(
          given + " means the instance itself: write moonboot's private address in the VPC");
    } else if (address.isAnyLocalAddress()) {
      throw new IllegalArgumentException(
          given
              + " is where moonboot listens, not where it can be reached: write its private address"
              + " in the VPC");
    } else if (address.isLinkLocalAddress()) {
      throw new IllegalArgumentException(
          given
              + " is a link-local address, as the metadata service's: write moonboot's private"
              + " address in the VPC");
    } else if (address.isMulticastAddress()) {
      throw new IllegalArgumentException(given + " is a multicast address, which is no server's");
    }
  }

  private static InetAddress literal(String given, String host) {
    try {
      return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(given + " has no valid address in it", e);
    }
  }

  /** Whether the AMI has to trust its certificate. */
  public boolean isHttps() {
    return text.regionMatches(true, 0, "https:", 0, 6);
  }
}
