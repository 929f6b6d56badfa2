package dev.moonboot.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where to listen, as Go's package net takes it: {@code host:port}, {@code :port} for all
 * addresses, a host by its name, a port by its service's name.
 */
final class GoAddress {
  private static final Pattern PARTS = Pattern.compile("(?:\\[([^\\]]*)]|([^:]*)):([^:]*)");

  private GoAddress() {}

  /**
   * The same as an IP address and a port.
   *
   * @throws StartException when it means no address, in Go's words
   */
  static String literal(String address) {
    Matcher parts = PARTS.matcher(address);
    if (!parts.matches()) {
      String why =
          address.contains(":")
              ? "too many colons in address (write [::1]:8080)"
              : "missing port in address";
      throw refused("address " + address + ": " + why);
    }
    String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
    return host(host) + ":" + port(parts.group(3));
  }

  private static String host(String host) {
    if (host.isEmpty()) {
      return "";
    }
    try {
      String text = InetAddress.getByName(host).getHostAddress();
      return text.contains(":") ? "[" + text + "]" : text;
    } catch (UnknownHostException e) {
      throw refused("lookup " + host + ": no such host");
    }
  }

  private static int port(String port) {
    return switch (port) {
      case "" -> 0; // Go takes a free one
      case "http" -> 80;
      case "https" -> 443;
      default -> number(port);
    };
  }

  private static int number(String port) {
    if (!port.matches("\\d{1,9}")) {
      throw refused("lookup tcp/" + port + ": unknown port");
    }
    int number = Integer.parseInt(port);
    if (number > 65535) {
      throw refused("address " + port + ": invalid port");
    }
    return number;
  }

  private static StartException refused(String why) {
    return new StartException("listen tcp: " + why, null);
  }
}
