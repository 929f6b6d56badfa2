package dev.moonboot.dhcp;

import java.net.InetSocketAddress;

/** What comes of a packet. */
sealed interface Answer {
  /**
   * It is answered.
   *
   * @param to where the answer goes
   */
  record Reply(DhcpPacket request, ClientClass client, Offer offer, InetSocketAddress to)
      implements Answer {}

  /** It is not. */
  record Silent(Silence why) implements Answer {}
}
