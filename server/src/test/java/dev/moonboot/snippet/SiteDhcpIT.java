package dev.moonboot.snippet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real DHCP servers with the snippets, asked by what was recorded of real clients. */
class SiteDhcpIT {
  private static final String PI_MENU =
      "0601030a0400505845091400001152617370626572727920506920426f6f74ff";

  /** Nobody who runs iPXE is given iPXE; U-Boot and a Pi get a server and no file. */
  private static final String OFFERED =
      """
      bios server=10.0.0.2 file=undionly.kpxe
      uefi-amd64 server=10.0.0.2 file=ipxe-amd64.efi
      uefi-amd64-ebc server=10.0.0.2 file=ipxe-amd64.efi
      uefi-arm64 server=10.0.0.2 file=ipxe-arm64.efi
      http-amd64 server=10.0.0.2 file=http://10.0.0.2:8080/boot/ipxe-amd64.efi 60=HTTPClient
      http-arm64 server=10.0.0.2 file=http://10.0.0.2:8080/boot/ipxe-arm64.efi 60=HTTPClient
      ipxe-bios server=10.0.0.2 file=http://10.0.0.2:8080/boot.ipxe 175=b00101
      ipxe-efi server=10.0.0.2 file=http://10.0.0.2:8080/boot.ipxe 175=b00101
      ipxe-arm64 server=10.0.0.2 file=http://10.0.0.2:8080/boot.ipxe 175=b00101
      u-boot server=10.0.0.2 file=-
      u-boot-efi server=10.0.0.2 file=ipxe-arm64.efi
      pi4-by-uuid server=10.0.0.2 file=- 66=10.0.0.2 43=%1$s
      pi3-by-mac server=10.0.0.2 file=- 66=10.0.0.2 43=%1$s
      ipxe-on-pi server=10.0.0.2 file=http://10.0.0.2:8080/boot.ipxe 175=b00101
      no-boot server=0.0.0.0 file=-
      """
          .formatted(PI_MENU);

  @TempDir private Path folder;

  @Test
  void dnsmasq_offers_each_client_its_own() throws Exception {
    Path config = write("dnsmasq.conf", snippet(SiteDhcp.DNSMASQ));
    String offered =
        OFFERED
            .replace("175=b00101", "175=b00101ff") // it ends the encapsulated options, as it may
            .replace(" 66=10.0.0.2", "") // it would end the text with a NUL, so it sends none
            .replace("no-boot server=0.0.0.0", "no-boot server=10.77.0.1"); // its own address
    assertEquals(
        offered,
        offers(
            Requires.program("dnsmasq").toString(),
            "--keep-in-foreground",
            "--pid-file=",
            "--user=root",
            "--port=0",
            "--interface=site",
            "--bind-interfaces",
            "--no-ping",
            "--dhcp-leasefile=" + folder.resolve("leases"),
            "--dhcp-range=10.77.0.100,10.77.0.199,255.255.255.0,1h",
            "--conf-file=" + config));
  }

  @Test
  void isc_dhcpd_offers_each_client_its_own() throws Exception {
    Path config =
        write(
            "dhcpd.conf",
            snippet(SiteDhcp.ISC)
                + "subnet 10.77.0.0 netmask 255.255.255.0 { range 10.77.0.100 10.77.0.199; }\n");
    Path leases = write("leases", "");
    assertEquals(
        OFFERED,
        offers(
            Requires.program("dhcpd").toString(),
            "-f",
            "-4",
            "-cf",
            config.toString(),
            "-lf",
            leases.toString(),
            "--no-pid",
            "site"));
  }

  @Test
  void kea_offers_each_client_its_own() throws Exception {
    String site =
        """
          "Dhcp4": {
            "interfaces-config": {"interfaces": ["site"]},
            "lease-database": {"type": "memfile", "persist": false},
            "subnet4": [
              {"subnet": "10.77.0.0/24", "pools": [{"pool": "10.77.0.100-10.77.0.199"}]}
            ],
        """;
    Path config = write("kea.json", snippet(SiteDhcp.KEA).replace("  \"Dhcp4\": {\n", site));
    assertEquals(
        OFFERED, offers(Requires.program("kea-dhcp4").toString(), "-c", config.toString()));
  }

  private static String snippet(SiteDhcp kind) {
    return kind.snippet(SiteDhcpTest.server("10.0.0.2"));
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  private String offers(String... server) throws Exception {
    Requires.program("python3");
    List<String> command =
        new ArrayList<>(List.of(Path.of("src/e2e/dhcp-offers").toAbsolutePath().toString()));
    command.addAll(List.of(server));
    Path log = folder.resolve("log");
    var builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().put("KEA_PIDFILE_DIR", folder.toString());
    builder.environment().put("KEA_LOCKFILE_DIR", folder.toString());
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), () -> tail(log));
    return said;
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.stream().skip(Math.max(0, lines.size() - 20)).collect(Collectors.joining("\n"));
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }
}
