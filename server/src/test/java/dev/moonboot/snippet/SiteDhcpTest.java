package dev.moonboot.snippet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.moonboot.firmware.BaseUrls;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SiteDhcpTest {
  private static final Path SHIPPED = Path.of("../deploy/dhcp-snippets");

  static BootServer server(String address) {
    return new BootServer(
        Inet4Address.ofLiteral(address), "as given", new BaseUrls(List.of(), "http", 8080));
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "DNSMASQ, dnsmasq.conf",
    "ISC, isc-dhcpd.conf",
    "KEA, kea-dhcp4.json",
    "UNIFI, unifi.txt",
    "MIKROTIK, mikrotik.rsc",
    "WINDOWS, windows.ps1"
  })
  void what_is_shipped_is_what_the_command_prints(SiteDhcp kind, String file) throws IOException {
    assertEquals(
        Files.readString(SHIPPED.resolve(file)).lines().toList(),
        kind.snippet(server("10.0.0.2")).lines().toList());
  }

  @ParameterizedTest
  @EnumSource
  void every_place_is_filled_in(SiteDhcp kind) {
    String text = kind.snippet(server("192.0.2.17"));
    assertFalse(text.matches("(?s).*@[a-z0-9-]+@.*"), text);
    assertEquals(Optional.of(kind), SiteDhcp.parse(kind.word()));
  }

  @Test
  void a_mikrotik_router_has_two_names() {
    assertEquals(Optional.of(SiteDhcp.MIKROTIK), SiteDhcp.parse("routeros"));
    assertEquals(Optional.empty(), SiteDhcp.parse("dhcpcd"));
  }

  /** Without its comments, of which each has a line. */
  static String keaJson(String snippet) {
    return snippet.replaceAll("(?m)^ *//.*\n", "");
  }

  @Test
  void the_kea_snippet_is_json_with_a_class_for_each_kind_of_client() throws Exception {
    Json.Obj kea = (Json.Obj) JsonText.parse(keaJson(SiteDhcp.KEA.snippet(server("10.0.0.2"))));
    List<String> names =
        kea.object("Dhcp4").orElseThrow().array("client-classes").orElseThrow().stream()
            .map(entry -> ((Json.Obj) entry).text("name").orElseThrow())
            .toList();
    assertEquals(
        List.of(
            "moonboot-ipxe",
            "moonboot-pi",
            "moonboot-bios",
            "moonboot-uefi-amd64",
            "moonboot-uefi-arm64",
            "moonboot-http-amd64",
            "moonboot-http-arm64",
            "moonboot-u-boot"),
        names);
  }

  @Test
  void dnsmasq_takes_its_snippet() throws Exception {
    Path file = write(SiteDhcp.DNSMASQ);
    assertTaken("dnsmasq", "--test", "--conf-file=" + file);
  }

  @Test
  void isc_dhcpd_takes_its_snippet() throws Exception {
    Path file = write(SiteDhcp.ISC);
    Path leases = Files.createFile(folder.resolve("leases"));
    assertTaken("dhcpd", "-t", "-cf", file.toString(), "-lf", leases.toString());
  }

  @Test
  void kea_takes_its_snippet() throws Exception {
    Path file = write(SiteDhcp.KEA);
    assertTaken("kea-dhcp4", "-t", file.toString());
  }

  private Path write(SiteDhcp kind) throws IOException {
    return Files.writeString(folder.resolve(kind.word()), kind.snippet(server("10.0.0.2")));
  }

  private void assertTaken(String program, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(Requires.program(program).toString()));
    command.addAll(Arrays.asList(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KEA_LOCKFILE_DIR", folder.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
