package dev.moonboot.journal;

import dev.moonboot.journal.Boot.Node;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Sighting;
import dev.moonboot.node.Sightings;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which node asks: by what its path says, else by whose address it is. */
final class Whose {
  /** {@code boot/52-54-00-a1-9c-ae/…}, {@code pxelinux.cfg/01-52-54-00-a1-9c-ae}. */
  private static final Pattern MAC =
      Pattern.compile("(?:^|[/-])([0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2}){5})(?:$|[/.])");

  /** A Raspberry Pi's own folder: eight digits of its serial number. */
  private static final Pattern SERIAL = Pattern.compile("^/*([0-9a-f]{8})/");

  private final Sightings sightings;

  Whose(Sightings sightings) {
    this.sightings = sightings;
  }

  Node of(String client, String path) {
    String cut = path.length() <= 256 ? path : path.substring(0, 256);
    Matcher mac = MAC.matcher(cut);
    Optional<MacAddress> said = mac.find() ? MacAddress.parse(mac.group(1)) : Optional.empty();
    Matcher serial = SERIAL.matcher(cut);
    return of(client, said.map(MacAddress::text).orElse(""), serial.find() ? serial.group(1) : "");
  }

  /** The node at {@code client}, by what it says, where it says anything. */
  Node of(String client, String mac, String serial) {
    String address = Text.kept(client);
    if (!mac.isEmpty()) {
      return new Node(Text.kept(mac.toLowerCase(Locale.ROOT)), "", "", "", address);
    }
    Optional<Sighting> seen = serial.isEmpty() ? Optional.empty() : sightings.bySerial(serial);
    return seen.or(() -> sightings.byAddress(client))
        .map(known -> new Node(known.mac().text(), "", "", "", address))
        .orElseGet(() -> new Node("", "", serial, "", address));
  }

  /** What a node says of itself, fit to be kept. */
  Node kept(Node node) {
    return new Node(
        Text.kept(node.mac()),
        Text.kept(node.uuid()),
        Text.kept(node.serial()),
        Text.kept(node.arch()),
        Text.kept(node.client()));
  }
}
