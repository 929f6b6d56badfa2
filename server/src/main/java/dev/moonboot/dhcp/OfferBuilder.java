package dev.moonboot.dhcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.firmware.FirstFiles;
import dev.moonboot.firmware.Platform;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NodeLabels;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a client needs to hear: an OFFER without an address to a DISCOVER, an ACK to what
 * comes to port 4011.
 *
 * <p>The fields are those that BIOS ROMs, EDK2, iPXE, U-Boot and Raspberry Pi were seen to need. No
 * option of a lease is ever among them; the whole set is 53, 54, 60, 43, 66 and 67, what the
 * request has of 97 and 82, and 175 for iPXE.
 */
public final class OfferBuilder {
  private static final byte[] PXE_CLIENT = "PXEClient".getBytes(US_ASCII);
  private static final byte[] HTTP_CLIENT = "HTTPClient".getBytes(US_ASCII);

  /** PXE specification 2.1, discovery control: load what the offer names, without asking around. */
  private static final byte[] BYPASS = HexFormat.of().parseHex("060108ff");

  /** And a menu prompt that is over at once, without which EDK2 asks on port 4011 all the same. */
  private static final byte[] BYPASS_AT_ONCE = HexFormat.of().parseHex("0601080a0400505845ff");

  /** iPXE need not ask on port 4011. */
  private static final byte[] NO_PROXY = HexFormat.of().parseHex("b00101");

  private static final int IP_AND_UDP = 28;
  private static final int LEAST_TAKEN = 576; // RFC 2132 section 9.10
  private static final int ETHERNET = 1500;
  private static final int LONGEST_VALUE = 255;

  private final FirstFiles files;

  /** A builder that names these files. */
  public OfferBuilder(FirstFiles files) {
    this.files = files;
  }

  /**
   * What to answer.
   *
   * @param request a DISCOVER, or what came to port 4011
   * @param mode for UEFI that loads by TFTP; others are told in one way only
   * @return empty for clients that get no answer, or when it would be larger than the client or the
   *     network takes
   */
  public Optional<Offer> answer(DhcpPacket request, ClientClass client, Mode mode, Link link) {
    if (client instanceof ClientClass.Unknown || mode == Mode.SILENT) {
      return Optional.empty();
    }
    String file = file(request, client, link);
    byte[] name = (file + "\0").getBytes(US_ASCII);
    if (name.length > LONGEST_VALUE) {
      return Optional.empty();
    }
    Draft draft = header(request, link);
    boolean http = client instanceof ClientClass.UefiHttp;
    draft.option(Tag.VENDOR_CLASS, http ? HTTP_CLIENT : PXE_CLIENT);
    byte[] machine = request.value(Tag.MACHINE);
    if (machine.length > 0 && machine.length <= LONGEST_VALUE) {
      draft.option(Tag.MACHINE, machine);
    }
    byte[] vendor = vendorOptions(client, mode);
    if (vendor != null) {
      draft.option(Tag.VENDOR_OPTIONS, vendor);
    }
    if (!http) {
      // without a NUL, which a Raspberry Pi would take for a part of the address
      draft.option(Tag.TFTP_SERVER, link.here().getHostAddress().getBytes(US_ASCII));
    }
    if (!file.isEmpty()) {
      draft.text(DhcpPacket.AT_FILE, DhcpPacket.AT_COOKIE - DhcpPacket.AT_FILE, file);
      // with a NUL: EDK2 puts one where the name ends, over whatever stands there
      draft.option(Tag.BOOT_FILE, name);
    }
    if (client instanceof ClientClass.Ipxe) {
      draft.option(Tag.IPXE, NO_PROXY);
    }
    byte[] relay = request.value(Tag.RELAY);
    if (relay.length > LONGEST_VALUE) {
      return Optional.empty();
    }
    if (request.has(Tag.RELAY)) {
      draft.option(Tag.RELAY, relay); // RFC 3046 section 2.2: as it is, and last
    }
    return fitting(draft, largest(request, link)).map(datagram -> new Offer(datagram, file));
  }

  private static Draft header(DhcpPacket request, Link link) {
    boolean discover = request.type() == DhcpPacket.DISCOVER;
    Draft draft =
        new Draft(DhcpPacket.REPLY)
            .copy(request, DhcpPacket.AT_XID, 4)
            // a proxy never knows an address of the client's
            .flags(discover ? DhcpPacket.BROADCAST : request.flags())
            .address(DhcpPacket.AT_SERVER, link.here())
            .copy(request, DhcpPacket.AT_RELAY, 4)
            .copy(request, DhcpPacket.AT_MAC, 16)
            .text(
                DhcpPacket.AT_NAME,
                DhcpPacket.AT_FILE - DhcpPacket.AT_NAME,
                link.here().getHostAddress());
    if (!discover) {
      draft.copy(request, DhcpPacket.AT_CLIENT, 4);
    }
    byte type = (byte) (discover ? DhcpPacket.OFFER : DhcpPacket.ACK);
    return draft
        .option(Tag.MESSAGE_TYPE, new byte[] {type})
        .option(Tag.SERVER, link.here().getAddress());
  }

  private String file(DhcpPacket request, ClientClass client, Link link) {
    MacAddress mac = request.mac();
    return switch (client) {
      case ClientClass.BiosPxe() -> overTftp(Platform.BIOS, request);
      case ClientClass.UefiPxe(var platform) -> overTftp(platform, request);
      // a path without colons: what U-Boot takes for its host's name otherwise
      case ClientClass.UBoot(var platform) -> overTftp(platform, request);
      case ClientClass.UefiHttp(var platform) ->
          files.overHttp(platform, mac, said(request), link.here());
      case ClientClass.Ipxe ipxe -> ofIpxe(ipxe, request, link);
      case ClientClass.RaspberryPi _, ClientClass.Unknown _ -> "";
    };
  }

  private String overTftp(Platform platform, DhcpPacket request) {
    return files.overTftp(platform, request.mac(), said(request));
  }

  /** What the packet tells of the node; groups may select by it. */
  private static NodeLabels said(DhcpPacket request) {
    String uuid = MachineId.uuid(request.value(Tag.MACHINE));
    return uuid.isEmpty() ? NodeLabels.NONE : NodeLabels.verbatim(Map.of("uuid", uuid));
  }

  /** The script; one that cannot load it is given iPXE that can. */
  private String ofIpxe(ClientClass.Ipxe ipxe, DhcpPacket request, Link link) {
    String script = files.script(request.mac(), link.here());
    boolean able = script.startsWith("https:") ? ipxe.https() : ipxe.http();
    return able || ipxe.platform() == null ? script : overTftp(ipxe.platform(), request);
  }

  private static byte @Nullable [] vendorOptions(ClientClass client, Mode mode) {
    return switch (client) {
      case ClientClass.BiosPxe(), ClientClass.Ipxe _ -> BYPASS;
      case ClientClass.UefiPxe _ -> mode == Mode.DIRECT ? BYPASS_AT_ONCE : null;
      case ClientClass.RaspberryPi(var board) -> piMenu(board.menuText());
      case ClientClass.UefiHttp _, ClientClass.UBoot _, ClientClass.Unknown _ -> null;
    };
  }

  /** A menu of one entry, which is how a Raspberry Pi knows that it is meant. */
  private static byte[] piMenu(String text) {
    byte[] ascii = text.getBytes(US_ASCII);
    return ByteBuffer.allocate(15 + ascii.length)
        .put(HexFormat.of().parseHex("0601030a0400505845"))
        .put((byte) 9)
        .put((byte) (3 + ascii.length))
        .putShort((short) 0)
        .put((byte) ascii.length)
        .put(ascii)
        .put((byte) Tag.END)
        .array();
  }

  /** How large the datagram may be: as the client takes it (option 57), in one packet. */
  private static int largest(DhcpPacket request, Link link) {
    byte[] told = request.value(Tag.LARGEST);
    int taken = told.length == 2 ? ByteBuffer.wrap(told).getShort() & 0xffff : 0;
    return Math.min(Math.max(taken, LEAST_TAKEN), Math.min(link.mtu(), ETHERNET)) - IP_AND_UDP;
  }

  /** Where there is no room, the TFTP server's address goes: the header has it, too. */
  private static Optional<ByteBuffer> fitting(Draft draft, int most) {
    if (draft.length() > most) {
      draft.without(Tag.TFTP_SERVER);
    }
    return draft.length() > most ? Optional.empty() : Optional.of(draft.encode());
  }
}
