package dev.moonboot.dhcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet4Address;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No answer ever has an option that was not asked for (option 55), but for those that PXE clients
 * need whether they list them or not: 53, 54, 60, 43, 66 and 67, what the request has of 97 and 82,
 * and 175 for iPXE. And none is larger than the client (option 57) or the network takes.
 */
class OfferPropertyTest {
  private static final int REQUESTS = 20_000;
  private static final Set<Integer> OF_PXE = Set.of(53, 54, 60, 43, 66, 67, 97, 82, 175);
  private static final List<String> VENDORS =
      List.of("PXEClient:Arch:00007:UNDI:003000", "HTTPClient", "U-Boot.armv8", "udhcp", "");
  private static final List<Mode> MODES = List.of(Mode.values());
  private static final int[] ARCHS = {0, 6, 7, 9, 10, 11, 16, 19, 20, 21, 22, 24, 27, 0x29};

  private final OfferBuilder offers = new OfferBuilder(Packets.FILES);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void an_answer_has_nothing_that_was_not_asked_for_and_is_not_too_large(long seed) {
    Random random = new Random(seed);
    int answered = 0;
    for (int i = 0; i < REQUESTS; i++) {
      DhcpPacket request = Packets.packet(request(random));
      ClientClass client = Classifier.of(request);
      Link link = new Link(Packets.HERE, random.nextInt(400, 2000));
      var offer =
          offers
              .answer(request, client, MODES.get(random.nextInt(MODES.size())), link)
              .orElse(null);
      if (offer != null) {
        answered++;
        DhcpPacketFuzz.check(request, client, offer);
        Set<Integer> allowed = new HashSet<>(OF_PXE);
        for (byte tag : request.value(Tag.PARAMETERS)) {
          allowed.add(tag & 0xff);
        }
        DhcpPacket reply = DhcpPacket.parse(offer.datagram()).orElseThrow();
        assertTrue(allowed.containsAll(reply.tags()), () -> seed + ": " + reply.tags());
        assertTrue(offer.datagram().remaining() + 28 <= Math.min(1500, link.mtu()));
        assertEquals(request.transaction(), reply.transaction());
      }
    }
    assertTrue(answered > REQUESTS / 10, answered + " answers with seed " + seed);
  }

  private static Draft request(Random random) {
    int arch = ARCHS[random.nextInt(ARCHS.length)];
    int type = random.nextBoolean() ? DhcpPacket.DISCOVER : DhcpPacket.ASK;
    Draft draft =
        Packets.request(type, VENDORS.get(random.nextInt(VENDORS.size())), arch)
            .bytes(DhcpPacket.AT_XID, some(random, 4))
            .flags(random.nextInt(0x10000));
    if (random.nextBoolean()) {
      draft.without(Tag.MACHINE).option(Tag.MACHINE, some(random, random.nextInt(256)));
    }
    if (random.nextBoolean()) {
      draft.option(Tag.PARAMETERS, some(random, random.nextInt(40)));
    }
    if (random.nextBoolean()) {
      draft.option(Tag.LARGEST, some(random, random.nextInt(4)));
    }
    if (random.nextInt(4) == 0) {
      draft
          .option(Tag.RELAY, some(random, random.nextInt(256)))
          .address(DhcpPacket.AT_RELAY, Inet4Address.ofLiteral("10.9.0.1"));
    }
    if (random.nextInt(3) == 0) {
      draft.option(Tag.USER_CLASS, Packets.text("iPXE"));
    }
    if (random.nextInt(3) == 0) {
      draft.option(Tag.IPXE, some(random, random.nextInt(60)));
    }
    return draft;
  }

  private static byte[] some(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
