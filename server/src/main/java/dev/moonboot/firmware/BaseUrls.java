package dev.moonboot.firmware;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Under which URL nodes reach our HTTP listener.
 *
 * @param advertised what the configuration says; the first of them holds, if there is one
 * @param scheme {@code http} or {@code https}
 * @param port of the listener
 */
public record BaseUrls(List<String> advertised, String scheme, int port) {
  public BaseUrls {
    advertised = List.copyOf(advertised);
  }

  /**
   * Without a slash at its end: {@code http://10.0.0.1:8080}. No name is looked up.
   *
   * @param here our address on the network of whoever asks
   */
  public String at(InetAddress here) {
    if (!advertised.isEmpty()) {
      return advertised.getFirst().replaceFirst("/+$", "");
    }
    String host = here.getHostAddress();
    String literal = here instanceof Inet6Address ? "[" + host + "]" : host;
    boolean usual = port == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + literal + (usual ? "" : ":" + port);
  }
}
