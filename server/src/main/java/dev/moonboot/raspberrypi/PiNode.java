package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Arch;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.Sighting;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The Raspberry Pi that asks, as far as it is known; a text is empty where it is not.
 *
 * @param mac with colons
 * @param serial 8 hexadecimal digits
 */
record PiNode(String mac, String serial, String uuid, String product) {
  /** One of which only the serial number is known. */
  static PiNode ofSerial(String serial) {
    return new PiNode("", serial, "", "");
  }

  /** One as it was seen on the network. */
  static PiNode of(Sighting seen) {
    return new PiNode(seen.mac().text(), seen.serial(), seen.uuid(), seen.product());
  }

  /** The same with this serial number. */
  PiNode withSerial(String other) {
    return new PiNode(mac, other, uuid, product);
  }

  /** What tells it from others, if anything does. */
  String id() {
    return mac.isEmpty() ? serial : mac;
  }

  /** What selects its group. */
  NodeLabels labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    put(labels, "mac", mac);
    put(labels, "uuid", uuid);
    put(labels, "serial", serial);
    put(labels, "product", product);
    put(labels, "arch", Arch.ARM64.id());
    return NodeLabels.verbatim(labels);
  }

  private static void put(Map<String, String> labels, String key, String value) {
    if (!value.isEmpty()) {
      labels.put(key, value);
    }
  }
}
