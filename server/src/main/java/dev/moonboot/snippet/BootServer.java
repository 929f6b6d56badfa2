package dev.moonboot.snippet;

import dev.moonboot.firmware.BaseUrls;
import java.net.Inet4Address;

/**
 * Where nodes are to be sent.
 *
 * @param address of this appliance, on the nodes' network
 * @param from for people: how that address was found
 * @param urls under which nodes reach its HTTP listener
 */
public record BootServer(Inet4Address address, String from, BaseUrls urls) {
  /** Without a slash at its end: {@code http://10.0.0.2:8080}. */
  String base() {
    return urls.at(address);
  }
}
