package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.assets.Arch;
import dev.moonboot.dhcp.ClientClass;
import dev.moonboot.dhcp.DhcpConfig;
import dev.moonboot.dhcp.DhcpPacket;
import dev.moonboot.dhcp.Link;
import dev.moonboot.dhcp.Mode;
import dev.moonboot.dhcp.OfferBuilder;
import dev.moonboot.dhcp.PiBoard;
import dev.moonboot.diagnosis.NodeOffer;
import dev.moonboot.firmware.Platform;
import dev.moonboot.node.MacAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/** What a node would be told over DHCP, by the builder that tells it. */
record NodeOffers(OfferBuilder builder, DhcpConfig config, Link link) {
  private static final int SIZE = 576;
  private static final int OPTIONS = 236;
  private static final int COOKIE = 0x63825363;

  /** As what a node can ask, and what it says of itself. */
  private record Asker(String title, ClientClass client, String vendor, int arch) {}

  List<NodeOffer> of(MacAddress mac, Arch arch) {
    return askers(arch).stream().map(asker -> offer(mac, asker)).toList();
  }

  private static List<Asker> askers(Arch arch) {
    return switch (arch) {
      case AMD64 ->
          List.of(
              new Asker("BIOS", new ClientClass.BiosPxe(), "PXEClient:Arch:00000:UNDI:002001", 0),
              new Asker("UEFI PXE", pxe(Platform.EFI_AMD64), "PXEClient:Arch:00007:UNDI:003000", 7),
              new Asker(
                  "UEFI HTTP", http(Platform.EFI_AMD64), "HTTPClient:Arch:00016:UNDI:003000", 16),
              new Asker("iPXE", ipxe(Platform.EFI_AMD64), "PXEClient", 7));
      case ARM64 ->
          List.of(
              new Asker(
                  "UEFI PXE", pxe(Platform.EFI_ARM64), "PXEClient:Arch:00011:UNDI:003000", 11),
              new Asker(
                  "UEFI HTTP", http(Platform.EFI_ARM64), "HTTPClient:Arch:00019:UNDI:003000", 19),
              new Asker("U-Boot", new ClientClass.UBoot(Platform.EFI_ARM64), "U-Boot.armv8", 22),
              new Asker(
                  "Raspberry Pi",
                  new ClientClass.RaspberryPi(new PiBoard("", "", "", "Raspberry Pi Boot")),
                  "PXEClient:Arch:00000:UNDI:002001",
                  0),
              new Asker("iPXE", ipxe(Platform.EFI_ARM64), "PXEClient", 11));
    };
  }

  private static ClientClass pxe(Platform platform) {
    return new ClientClass.UefiPxe(platform);
  }

  private static ClientClass http(Platform platform) {
    return new ClientClass.UefiHttp(platform);
  }

  private static ClientClass ipxe(Platform platform) {
    return new ClientClass.Ipxe(platform, true, true);
  }

  private NodeOffer offer(MacAddress mac, Asker asker) {
    Mode mode = config.mode(mac, asker.vendor());
    if (mode == Mode.SILENT) {
      return new NodeOffer(asker.title(), "", "a quirk (dhcp.quirks) says silent");
    }
    return builder
        .answer(discover(mac, asker), asker.client(), mode, link)
        .map(offer -> new NodeOffer(asker.title(), offer.file(), ""))
        .orElseGet(() -> new NodeOffer(asker.title(), "", "it would not fit a packet"));
  }

  /** A DISCOVER (RFC 2131) as such a client sends it, as far as it counts. */
  private static DhcpPacket discover(MacAddress mac, Asker asker) {
    byte[] vendor = asker.vendor().getBytes(US_ASCII);
    ByteBuffer packet =
        ByteBuffer.allocate(SIZE)
            .put(new byte[] {DhcpPacket.REQUEST, 1, 6})
            .put(28, HexFormat.ofDelimiter(":").parseHex(mac.text()))
            .position(OPTIONS)
            .putInt(COOKIE)
            .put(new byte[] {53, 1, 1, 93, 2, 0, (byte) asker.arch(), 60, (byte) vendor.length})
            .put(vendor)
            .put((byte) 255)
            .position(0);
    return DhcpPacket.parse(packet).orElseThrow();
  }
}
