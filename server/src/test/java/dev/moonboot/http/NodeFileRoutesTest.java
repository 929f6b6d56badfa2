package dev.moonboot.http;

import static dev.moonboot.firmware.FirmwareFixture.FOLDER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.firmware.FirmwareFixture;
import dev.moonboot.ignition.Translator;
import dev.moonboot.metrics.Meters;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.provision.Provisioner;
import dev.moonboot.secret.MachineConfigs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What UEFI HTTP boot and iPXE ask for before a script, as they ask for it. */
class NodeFileRoutesTest {
  private static final String[] EDK2 = {"Accept: */*", "User-Agent: UefiHttpBoot/1.0"};

  @TempDir Path folder;
  private FirmwareFixture firmware;
  private BootListener listener;

  @BeforeEach
  void start() throws IOException {
    firmware = new FirmwareFixture(folder);
    firmware.loader("ipxe-arm64.efi");
    firmware = new FirmwareFixture(folder);
    Files.createDirectories(folder.resolve("assets/boot"));
    listener =
        new BootListener(
            new HttpConfig(BootFixture.loopback(), folder.resolve("assets"), HttpLimits.DEFAULT),
            BootSubjects.of(
                    firmware.planner,
                    firmware.paths,
                    new Provisioner(
                        firmware.catalog,
                        UnknownNodes.DEFAULT,
                        Translator.none(),
                        MatchboxWays.NONE),
                    MachineConfigs.none(),
                    MatchboxWays.NONE,
                    SigningConfig.NONE)
                .with(firmware.tree),
            new NoChecks(),
            new Meters(),
            firmware.boots);
    listener.start();
  }

  private record NoChecks() implements Health {
    @Override
    public List<Check> live() {
      return List.of();
    }

    @Override
    public List<Check> ready() {
      return List.of();
    }
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  private RawClient.Answer get(String target, String... headers) throws IOException {
    return RawClient.get(listener.address(), target, headers);
  }

  private RawClient.Answer head(String target, String... headers) throws IOException {
    return RawClient.ask(listener.address(), "HEAD", target, headers);
  }

  /**
   * ovmf-2022.11-http, ovmf-2025.02-http, aavmf-2022.11-http: HEAD, then GET, on one connection.
   */
  @Test
  void edk2_learns_size_and_type_and_then_gets_a_boot_program() throws IOException {
    String path = "/" + FOLDER + "ipxe-arm64.efi";
    RawClient.Answer head = head(path, EDK2);
    RawClient.Answer get = get(path, EDK2);
    assertEquals("200  200 MZ ipxe-arm64.efi", text(head) + " " + text(get));
    for (RawClient.Answer answer : List.of(head, get)) {
      assertEquals("17", answer.header("Content-Length"));
      assertEquals("application/efi", answer.header("Content-Type"));
      assertEquals("bytes", answer.header("Accept-Ranges"));
      assertFalse(
          answer.has("Transfer-Encoding") || answer.has("Content-Encoding"), answer::toString);
    }
    assertEquals(head.header("ETag"), get.header("ETag"));
  }

  private static String text(RawClient.Answer answer) {
    return answer.status() + " " + answer.text();
  }

  @Test
  void edk2_goes_on_where_it_was_cut_off_unless_the_file_is_another_one() throws IOException {
    String path = "/" + FOLDER + "ipxe-arm64.efi";
    String tag = get(path).header("ETag");
    RawClient.Answer rest = get(path, "Range: bytes=8-", "If-Match: " + tag);
    assertEquals("206 arm64.efi", text(rest));
    assertEquals("bytes 8-16/17", rest.header("Content-Range"));
    assertEquals(tag, rest.header("ETag"));
    Files.writeString(folder.resolve("loaders/ipxe-arm64.efi"), "MZ another one");
    assertEquals(412, get(path, "Range: bytes=8-", "If-Match: " + tag).status());
    assertEquals(416, get(path, "Range: bytes=99-").status());
    assertEquals(304, get(path, "If-None-Match: " + get(path).header("ETag")).status());
  }

  @Test
  void a_uki_is_sent_as_the_planned_releases_whole_or_in_parts() throws IOException {
    firmware.talos("", "'first':'uki'");
    Release release = firmware.publish("one");
    var uki = release.asset(Arch.AMD64, AssetName.UKI).orElseThrow();
    String path = "/" + FOLDER + "uki-amd64.efi";
    RawClient.Answer head = head(path, EDK2);
    assertEquals(Long.toString(uki.size()), head.header("Content-Length"));
    assertEquals("application/efi", head.header("Content-Type"));
    assertEquals("\"" + uki.digest().fileName() + "\"", head.header("ETag"));
    firmware.publish("two");
    assertEquals("200 one uki-amd64.efi", text(get(path, EDK2)));
    assertEquals(
        "206 uki-amd64.efi",
        text(get(path, "Range: bytes=4-", "If-Match: " + head.header("ETag"))));
  }

  @Test
  void who_may_not_have_a_uki_is_told_why() throws IOException {
    firmware.profile("'kernel':'http://elsewhere/vmlinuz'", "'first':'uki'");
    RawClient.Answer answer = get("/" + FOLDER + "uki-amd64.efi");
    assertEquals(
        "404 404 not found: profile talos names no file of a channel, so there is no unified kernel"
            + " image for it\n",
        text(answer));
    firmware.talos("", "'first':'uki'");
    RawClient.Answer wait = get("/" + FOLDER + "uki-amd64.efi");
    assertEquals("503 10", wait.status() + " " + wait.header("Retry-After"));
  }

  /** A redirect ends UEFI HTTP boot. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "//boot/52-54-00-e2-e0-01/ipxe-arm64.efi",
        "/boot//52-54-00-e2-e0-01//ipxe-arm64.efi",
        "/boot/./52-54-00-e2-e0-01/ipxe-arm64.efi",
        "/x/../boot/52-54-00-e2-e0-01/ipxe-arm64.efi",
        "/boot/52-54-00-E2-E0-01/IPXE-ARM64.EFI",
        "/boot/ipxe-arm64.efi",
        "/boot/52%2D54-00-e2-e0-01/ipxe-arm64.efi",
      })
  void trap_13_nothing_below_boot_is_a_redirect(String path) throws IOException {
    assertEquals("200 MZ ipxe-arm64.efi", text(get(path)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/boot/52-54-00-e2-e0-01",
        "/boot/52-54-00-e2-e0-01/",
        "/boot/",
        "/boot/52-54-00-e2-e0-01/none",
        "/boot/52-54-00-e2-e0-01/ipxe-amd64.efi",
      })
  void what_is_not_there_is_404_at_once_and_never_a_redirect(String path) throws IOException {
    RawClient.Answer answer = get(path);
    assertEquals(404, answer.status());
    assertFalse(answer.has("Location"), answer::toString);
  }

  /** trap 12: EDK2 takes no more than 12 MiB in chunks, and iPXE cannot unpack. */
  @Test
  void trap_12_nothing_is_chunked_or_packed_and_no_header_is_empty() throws IOException {
    for (String path : List.of("ipxe-arm64.efi", "autoexec.ipxe", "none")) {
      RawClient.Answer answer = get("/" + FOLDER + path, "Accept-Encoding: gzip, br");
      assertTrue(answer.has("Content-Length"), path);
      assertFalse(answer.has("Transfer-Encoding") || answer.has("Content-Encoding"), path);
      assertFalse(answer.head().lines().anyMatch(line -> line.matches("[A-Za-z-]+:\\s*")), path);
    }
  }

  @Test
  void a_script_says_how_it_was_come_by() throws IOException {
    RawClient.Answer answer = get("/" + FOLDER + "autoexec.ipxe");
    assertTrue(answer.text().startsWith("#!ipxe\nset base http://localhost\n"), answer::text);
    assertEquals("no-store", answer.header("Cache-Control"));
    for (String path :
        List.of("/autoexec.ipxe", "/boot/autoexec.ipxe", "/assets/x/autoexec.ipxe")) {
      assertEquals(answer.text(), get(path).text(), path);
    }
    assertEquals(
        Integer.toString(answer.text().length()),
        head("/" + FOLDER + "autoexec.ipxe").header("Content-Length"));
  }

  @Test
  void a_static_script_of_that_name_wins_among_the_assets() throws IOException {
    Files.writeString(folder.resolve("assets/autoexec.ipxe"), "own");
    assertEquals("own", get("/assets/autoexec.ipxe").text());
  }

  @Test
  void what_a_client_calls_us_is_believed_only_where_it_is_a_name() throws IOException {
    String own = "http://127.0.0.1:" + listener.address().getPort();
    for (String host : List.of("a;b", "a/b", "a b", "[::1", "")) {
      try (RawClient client = RawClient.connect(listener.address())) {
        client.send("GET /autoexec.ipxe HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        RawClient.Answer answer = client.read("GET");
        assertTrue(
            answer.status() == 400 || answer.text().contains("set base " + own + "\n"),
            () -> host + ": " + text(answer));
      }
    }
  }

  @Test
  void who_asks_is_that_node_from_now_on() throws IOException {
    get("/" + FOLDER + "ipxe-amd64.efi");
    var seen = firmware.sightings.byAddress("127.0.0.1").orElseThrow();
    assertEquals(FirmwareFixture.MAC + " amd64", seen.mac() + " " + seen.arch());
  }
}
