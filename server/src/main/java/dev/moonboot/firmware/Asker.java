package dev.moonboot.firmware;

import java.net.InetAddress;

/**
 * Who asks for a file, and where.
 *
 * @param client its address, without a port
 * @param here our address that it asked; the wildcard where that is not known
 * @param base how it called us, where it asks by HTTP: {@code http://10.0.0.1:8080}; empty for who
 *     asks by TFTP. It goes back to who asks and to nobody else
 */
public record Asker(String client, InetAddress here, String base) {
  /** One that asks by TFTP. */
  public Asker(String client, InetAddress here) {
    this(client, here, "");
  }
}
