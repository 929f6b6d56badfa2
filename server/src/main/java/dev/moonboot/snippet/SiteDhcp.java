package dev.moonboot.snippet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.moonboot.firmware.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A DHCP server that a site may have, and what to put into it where a ROM cannot merge two offers,
 * or where nobody may answer beside it. It tells nodes apart as ProxyDHCP does, as far as it can:
 * iPXE first (it would be given itself again, for ever), a Raspberry Pi before BIOS (both say
 * architecture 0).
 *
 * <p>The file names hold no hardware address, as such a server cannot put one in; whoever asks by
 * them is known by its address, or gets the script that asks for its labels.
 */
public enum SiteDhcp {
  DNSMASQ("dnsmasq.conf"),
  ISC("isc.conf"),
  KEA("kea.json"),
  UNIFI("unifi.txt"),
  MIKROTIK("mikrotik.rsc"),
  WINDOWS("windows.ps1");

  private final String template;

  SiteDhcp(String template) {
    this.template = template;
  }

  /** By the name that people give it, {@code routeros} for MikroTik's included. */
  public static Optional<SiteDhcp> parse(String name) {
    return Arrays.stream(values())
        .filter(server -> server.word().equals(name))
        .findFirst()
        .or(() -> name.equals("routeros") ? Optional.of(MIKROTIK) : Optional.empty());
  }

  /** Its name: {@code dnsmasq}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What to put into it, ending with a line feed. */
  public String snippet(BootServer server) {
    return read(template)
        .replace("@address@", server.address().getHostAddress())
        .replace("@from@", server.from())
        .replace("@base@", server.base())
        .replace("@script@", server.base() + "/boot.ipxe")
        .replace("@bios@", Platform.BIOS.program())
        .replace("@efi-amd64@", Platform.EFI_AMD64.program())
        .replace("@efi-arm64@", Platform.EFI_ARM64.program());
  }

  private static String read(String template) {
    try (var in = requireNonNull(SiteDhcp.class.getResourceAsStream(template), template)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
