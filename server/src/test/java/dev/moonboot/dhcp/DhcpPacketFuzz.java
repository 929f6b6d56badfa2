package dev.moonboot.dhcp;

import dev.moonboot.testing.Fuzz;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Any bytes as a DHCP packet: read without a fault, and an answer has nothing but what it may. */
public final class DhcpPacketFuzz {
  private static final OfferBuilder OFFERS = new OfferBuilder(Packets.FILES);
  private static final Set<Integer> ALWAYS = Set.of(53, 54, 60, 43, 66, 67);
  private static final int LARGEST = 1472;

  private DhcpPacketFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> read(input));
  }

  static void read(byte[] input) {
    DhcpPacket.parse(ByteBuffer.wrap(input))
        .ifPresent(packet -> {
          ClientClass client = Classifier.of(packet);
          for (Mode mode : Mode.values()) {
            OFFERS
                .answer(packet, client, mode, Packets.LINK)
                .ifPresent(offer -> check(packet, client, offer));
          }
        });
  }

  /**
   * The rule: an answer has 53, 54, 60, 43, 66 and 67, of 97 and 82 what the request has, 175 for
   * iPXE, and nothing else; it is not larger than the client takes.
   */
  static void check(DhcpPacket request, ClientClass client, Offer offer) {
    DhcpPacket reply = DhcpPacket.parse(offer.datagram()).orElseThrow();
    for (int tag : reply.tags()) {
      require(
          ALWAYS.contains(tag)
              || ((tag == 97 || tag == 82) && sameValue(request, reply, tag))
              || (tag == 175 && client instanceof ClientClass.Ipxe),
          "option " + tag);
    }
    int size = offer.datagram().remaining();
    byte[] told = request.value(Tag.LARGEST);
    int taken = told.length == 2 ? ByteBuffer.wrap(told).getShort() & 0xffff : 0;
    require(size >= 300 && size <= LARGEST, size);
    require(size + 28 <= Math.max(576, taken), size);
    require(reply.yours().isAnyLocalAddress(), "an address");
    require(!reply.has(Tag.RELAY) || reply.tags().getLast() == Tag.RELAY, "82 is not last");
    require(request.has(Tag.RELAY) == reply.has(Tag.RELAY), "82");
    byte[] file = reply.value(Tag.BOOT_FILE);
    require(file.length == 0 || file[file.length - 1] == 0, "67 without a NUL");
    require(reply.has(Tag.SERVER) && !reply.next().isAnyLocalAddress(), "no server");
  }

  private static boolean sameValue(DhcpPacket request, DhcpPacket reply, int tag) {
    return request.has(tag)
        && ByteBuffer.wrap(request.value(tag)).equals(ByteBuffer.wrap(reply.value(tag)));
  }

  private static void require(boolean holds, Object what) {
    if (!holds) {
      throw new AssertionError(what.toString());
    }
  }

  static List<byte[]> seeds() {
    List<Draft> drafts =
        List.of(
            Packets.discover("PXEClient:Arch:00000:UNDI:002001", 0),
            Packets.request(DhcpPacket.ASK, "PXEClient:Arch:00007:UNDI:003000", 7),
            Packets.discover("HTTPClient:Arch:00016:UNDI:003000", 16)
                .option(Tag.LARGEST, new byte[] {5, (byte) 0xc0}),
            Packets.discover("U-Boot.armv8", 22),
            Packets.ipxe().option(Tag.IPXE, new byte[] {0x13, 1, 1}),
            Packets.ipxe().without(Tag.USER_CLASS).option(Tag.IPXE, new byte[] {0x21, 1, 1}),
            Packets.pi(),
            Packets.discover("PXEClient", 7).option(Tag.RELAY, new byte[40]));
    List<byte[]> seeds = new ArrayList<>();
    for (Draft draft : drafts) {
      ByteBuffer datagram = draft.encode();
      byte[] bytes = new byte[datagram.remaining()];
      datagram.get(bytes);
      seeds.add(bytes);
    }
    return seeds;
  }
}
