package dev.moonboot.firmware;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Under which URL nodes reach our HTTP listener.
 *
 * @param advertised what the configuration says; the first of them holds, if there is one
 * @param scheme {@code http} or {@code https}
 * @param port of the listener, once it listens
 */
public record BaseUrls(List<String> advertised, String scheme, IntSupplier port) {
  public BaseUrls {
    advertised = List.copyOf(advertised);
  }

  /** With a port that is known already. */
  public BaseUrls(List<String> advertised, String scheme, int port) {
    this(advertised, scheme, () -> port);
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
    int zone = host.indexOf('%'); // means something on this machine only
    String plain = zone < 0 ? host : host.substring(0, zone);
    String literal = here instanceof Inet6Address ? "[" + plain + "]" : plain;
    int at = port.getAsInt();
    boolean usual = at == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + literal + (usual ? "" : ":" + at);
  }
}
