package dev.moonboot.dhcp;

import java.util.Locale;

/** Why a packet gets no answer. */
public enum Silence {
  /** No DHCP packet over Ethernet, or one that is broken. */
  MALFORMED,
  /** It is a server's, or a message that is not for us. */
  NOT_ASKED,
  /** Not from firmware that boots from the network. */
  NOT_PXE,
  /** Does not say what it runs on (option 93). */
  NO_ARCH,
  /** Runs on something for which there is no boot program. */
  NO_PROGRAM,
  /** Comes by a relay outside of {@code dhcp.relay-nets}. */
  RELAY,
  /** No group selects it, and {@code dhcp.unknown} is false. */
  UNKNOWN_NODE,
  /** {@code dhcp.quirks} wants it so. */
  QUIRK,
  /** Asks too often. */
  NODE_RATE,
  /** All together ask too often. */
  RATE,
  /** The interface has no IPv4 address. */
  NO_ADDRESS,
  /** What there is to say does not fit a packet that the client takes. */
  TOO_LARGE;

  /** A word for meters and logs: {@code no_program}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
