package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.files.Disk;
import dev.moonboot.testing.KernelFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactoryRoutesTest {
  private static final String PLAIN = Schematic.EMPTY.id();
  private static final String IMAGE = "/image/" + PLAIN + "/v1.13.9/";

  @TempDir Path folder;
  private FactoryFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new FactoryFixture(folder, Map.of("schematics", "10", "custom.0", "ghcr.io/acme/*"));
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private RawClient.Answer get(String target, String... headers) throws IOException {
    return RawClient.get(fixture.address(), target, headers);
  }

  @Test
  void takes_a_schematic_and_gives_it_back() throws IOException {
    RawClient.Answer posted = fixture.post("customization: {extraKernelArgs: [\"a=<b>\"]}");
    assertEquals(201, posted.status());
    assertEquals("application/json", posted.header("Content-Type"));
    String id = Schematic.parse("customization: {extraKernelArgs: [\"a=<b>\"]}").id();
    assertEquals(
        "{\"id\":\""
            + id
            + "\",\"schematic\":\"customization:\\n    extraKernelArgs:\\n        -"
            + " a=\\u003cb\\u003e\\n\"}\n",
        posted.text());
    RawClient.Answer got = get("/schematics/" + id);
    assertEquals(200, got.status());
    assertEquals("application/yaml", got.header("Content-Type"));
    assertEquals("customization:\n    extraKernelArgs:\n        - a=<b>\n", got.text());
    assertEquals(404, fixture.status("/schematics/" + "0".repeat(64)));
  }

  @Test
  void says_what_is_wrong_with_a_schematic() throws IOException {
    RawClient.Answer answer = fixture.post("customization:\n  extensions: []\n");
    assertEquals(400, answer.status());
    assertTrue(
        answer.text().startsWith("customization.extensions (line 2): no such field"),
        answer.text());
    assertEquals(400, fixture.post("").status());
    assertEquals(
        "customExtensions: \"oci:/etc\" is in no registry: name its image\n",
        fixture
            .post("customization: {systemExtensions: {customExtensions: [\"oci:/etc\"]}}")
            .text());
  }

  /** Anybody may post; what this machine fetches says its configuration. */
  @Test
  void takes_custom_extensions_of_allowed_images_only() throws IOException {
    String schematic =
        "customization: {systemExtensions: {customExtensions: [\"ghcr.io/%s/frr:v1\"]}}";
    assertEquals(201, fixture.post(schematic.formatted("acme")).status());
    RawClient.Answer answer = fixture.post(schematic.formatted("acme.example"));
    assertEquals(400, answer.status());
    assertEquals(
        "customExtensions: \"ghcr.io/acme.example/frr:v1\" is not among the images that"
            + " factory.custom of this appliance allows ([ghcr.io/acme/*])\n",
        answer.text());
  }

  @Test
  void a_huge_schematic_is_refused() throws IOException {
    assertEquals(413, fixture.post("#" + "x".repeat(64 << 10)).status());
  }

  @Test
  void what_is_not_there_is_composed_while_who_asks_is_told_to_come_back() throws IOException {
    RawClient.Answer first = get(IMAGE + "kernel-amd64");
    assertEquals(503, first.status());
    assertEquals("10", first.header("Retry-After"));
    assertEquals("being composed: ask again\n", first.text());
    fixture.permits.release();
    RawClient.Answer kernel = fixture.ready(IMAGE + "kernel-amd64");
    assertEquals(200, kernel.status());
    assertEquals("application/octet-stream", kernel.header("Content-Type"));
    assertEquals("attachment; filename=\"kernel-amd64\"", kernel.header("Content-Disposition"));
    assertEquals(Digest.of(KernelFixture.bzImage("6.18.9-talos")), Digest.of(kernel.body()));
    assertEquals("application/x-xz", get(IMAGE + "initramfs-amd64.xz").header("Content-Type"));
    assertTrue(get(IMAGE + "cmdline-metal-amd64").text().startsWith("talos.platform=metal "));
    assertEquals(1, fixture.made.size());
  }

  @ParameterizedTest
  @CsvSource({
    "kernel-x86_64, kernel-amd64",
    "kernel-i386, kernel-amd64",
    "kernel-aarch64, kernel-arm64",
    "initramfs-x86_64.xz, initramfs-amd64.xz"
  })
  void knows_what_ipxe_calls_processors(String alias, String name) throws IOException {
    fixture.permits.release(2);
    assertEquals(
        Digest.of(fixture.ready(IMAGE + name).body()), Digest.of(get(IMAGE + alias).body()));
  }

  @Test
  void h_15_head_says_what_get_brings() throws IOException {
    fixture.permits.release();
    RawClient.Answer got = fixture.ready(IMAGE + "initramfs-amd64.xz");
    RawClient.Answer head = RawClient.ask(fixture.address(), "HEAD", IMAGE + "initramfs-amd64.xz");
    assertEquals(got.header("Content-Length"), head.header("Content-Length"));
    assertEquals(got.header("ETag"), head.header("ETag"));
    assertEquals(0, head.body().length);
  }

  @Test
  void sends_parts_and_checksums_and_another_name() throws IOException {
    fixture.permits.release();
    RawClient.Answer whole = fixture.ready(IMAGE + "kernel-amd64");
    RawClient.Answer part = get(IMAGE + "kernel-amd64", "Range: bytes=0-1");
    assertEquals(206, part.status());
    assertEquals("MZ", part.text());
    assertEquals(
        Digest.of(whole.body()).hex() + "  kernel-amd64\n",
        get(IMAGE + "kernel-amd64.sha256").text());
    assertEquals(404, fixture.status(IMAGE + "kernel-amd64.sigstore.json"));
    assertEquals(
        "attachment; filename=\"talos.bin\"",
        get(IMAGE + "kernel-amd64?filename=talos.bin").header("Content-Disposition"));
    assertEquals(
        "attachment; filename=\"kernel-amd64\"",
        get(IMAGE + "kernel-amd64?filename=a%22%0d%0ab").header("Content-Disposition"));
  }

  @Test
  void an_output_of_its_own_is_composed_for_itself() throws IOException {
    fixture.permits.release(2);
    RawClient.Answer uki = fixture.ready(IMAGE + "metal-amd64-uki.efi");
    assertEquals("application/efi", uki.header("Content-Type"));
    assertEquals(200, fixture.ready(IMAGE + "kernel-amd64").status());
    assertEquals(1, fixture.made.size());
  }

  @Test
  void gives_the_script_that_boots_it() throws IOException {
    String id = Schematic.parse("customization: {extraKernelArgs: [a=b]}").id();
    fixture.post("customization: {extraKernelArgs: [a=b]}");
    fixture.permits.release();
    String port = String.valueOf(fixture.address().getPort());
    String cmdline = fixture.ready("/image/" + id + "/v1.13.9/cmdline-nocloud-amd64").text();
    assertTrue(
        cmdline.startsWith("talos.platform=nocloud ") && cmdline.endsWith(" a=b\n"), cmdline);
    assertEquals(
        """
        #!ipxe

        imgfree
        kernel --name vmlinuz http://127.0.0.1:PORT/image/ID/v1.13.9/kernel-amd64 initrd=initramfs.xz CMDLINE
        initrd --name initramfs.xz http://127.0.0.1:PORT/image/ID/v1.13.9/initramfs-amd64.xz
        boot
        """
            .replace("CMDLINE", cmdline.strip())
            .replace("ID", id)
            .replace("PORT", port),
        fixture.ready("/pxe/" + id + "/1.13.9/nocloud-x86_64").text());
    assertEquals(200, fixture.status("/image/" + id + "/v1.13.9/kernel-amd64"));
  }

  @Test
  void h_16_a_script_names_no_host_that_the_client_made_up() throws IOException {
    fixture.permits.release();
    String target = "/pxe/" + PLAIN + "/v1.13.9/metal-amd64";
    fixture.ready(target);
    assertFalse(
        get(target, "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https")
            .text()
            .contains("evil"));
  }

  @Test
  void lists_versions_and_what_there_is_officially() throws IOException {
    assertEquals("[\"v1.13.9\",\"v1.13.10\",\"v1.14.0-beta.0\"]\n", get("/versions").text());
    assertEquals("[]\n", get("/versions?broken=true").text());
    assertEquals(
        "[{\"name\":\"EXTENSIONS of v1.13.9\"}]\n",
        get("/version/1.13.9/extensions/official").text());
    assertEquals(
        "[{\"name\":\"OVERLAYS of v1.13.9\"}]\n", get("/version/v1.13.9/overlays/official").text());
    RawClient.Answer failed = get("/version/v1.13.10/extensions/official");
    assertEquals(503, failed.status());
    assertEquals("catalog EXTENSIONS: not there\n", failed.text());
  }

  @Test
  void a_schematic_that_cannot_be_written_down_is_not_taken() throws IOException {
    Disk.deleteTree(folder.resolve("factory/schematics"));
    String text = "customization: {extraKernelArgs: [a]}";
    RawClient.Answer answer = fixture.post(text);
    assertEquals(503, answer.status());
    assertEquals(
        "the schematic cannot be kept, for this appliance cannot write it down; its log says why\n",
        answer.text());
    assertEquals(404, fixture.status("/schematics/" + Schematic.parse(text).id()));
  }

  @ParameterizedTest
  @CsvSource({
    "/image/PLAIN/v1.13.8/kernel-amd64, 404",
    "/image/PLAIN/latest/kernel-amd64, 400",
    "/image/PLAIN/v1.13.9/kernel-riscv64, 400",
    "/image/PLAIN/v1.13.9/metal-amd64-secureboot-uki.efi, 400",
    "/image/PLAIN/v1.13.9/metal-amd64.raw.xz, 400",
    "/image/PLAIN/v1.13.9/installer-amd64-secureboot.tar, 400",
    "/image/PLAIN/v1.13.9/toaster-installer-amd64.tar, 400",
    "/image/PLAIN/v1.13.9/cmdline-toaster-amd64, 400",
    "/image/PLAIN/v1.13.9/, 400",
    "/image/PLAIN/v1.13.9, 404",
    "/image/PLAIN/v1.13.9/a/b, 404",
    "/image/PLAIN/v1.13.9/..%2f..%2fetc%2fpasswd, 404",
    "/image/PLAIN/v1.13.9/%2e%2e, 400",
    "/image/..%2f..%2fx/v1.13.9/kernel-amd64, 404",
    "/image/PLAIN/v1.13.9/kernel-amd64%00, 400",
    "/image/0000/v1.13.9/kernel-amd64, 404",
    "/pxe/PLAIN/v1.13.9/metal-amd64-secureboot, 400",
    "/pxe/PLAIN/v1.13.9/kernel-amd64, 400",
    "/schematics/..%2fversions.json, 404",
    "/schematics/%2e%2e%2forders, 404",
    "/version/v1.13.9/secrets/official, 404",
    "/versions/x, 404"
  })
  void says_what_there_is_not_and_composes_nothing(String target, int status) throws IOException {
    assertEquals(status, fixture.status(target.replace("PLAIN", PLAIN)), target);
    assertEquals(List.of(), fixture.made);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/image/../../canary",
        "/image/%2e%2e/%2E%2e/canary",
        "/image/x/..%5c../kernel-amd64",
        "/schematics/%2e%2e%2f%2e%2e%2fcanary",
        "//image//x//y//z",
        "/pxe/./../schematics/"
      })
  void h_01_h_02_no_path_leads_out_of_it(String target) throws IOException {
    Files.writeString(folder.resolve("canary"), "secret");
    RawClient.Answer answer = get(target);
    assertTrue(answer.status() >= 300 && answer.status() < 500, answer.head());
    assertFalse(answer.text().contains("secret"));
    assertEquals(List.of(), fixture.made);
  }

  @Test
  void h_09_a_body_where_none_is_taken_is_refused() throws IOException {
    assertEquals(413, get("/versions", "Content-Length: 10").status());
    assertEquals(413, get("/schematics", "Content-Length: 10").status());
  }

  @Test
  void h_12_speaks_http_1_0() throws IOException {
    try (RawClient client = RawClient.connect(fixture.address())) {
      RawClient.Answer answer = client.send("GET /versions HTTP/1.0\r\n\r\n").read("GET");
      assertEquals(200, answer.status());
      assertEquals("close", answer.header("Connection").toLowerCase(Locale.ROOT));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "PATCH"})
  void h_08_no_other_method_is_allowed(String method) throws IOException {
    assertEquals(405, RawClient.ask(fixture.address(), method, "/schematics").status());
    assertEquals(405, RawClient.ask(fixture.address(), "POST", "/versions").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "customization: {embeddedMachineConfiguration: x}",
        "customization: {meta: [{key: 10, value: x}]}"
      })
  void what_is_not_made_here_is_refused_when_it_is_asked_for(String text) throws IOException {
    assertEquals(201, fixture.post(text).status());
    String id = Schematic.parse(text).id();
    RawClient.Answer answer = get("/image/" + id + "/v1.13.9/kernel-amd64");
    assertEquals(400, answer.status());
    assertTrue(answer.text().contains("not made here"), answer.text());
  }

  @Test
  void many_who_ask_for_the_same_cause_one_piece_of_work() throws Exception {
    AtomicInteger told = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 30; i++) {
        threads.execute(() -> {
          if (fixture.status(IMAGE + "kernel-amd64") == 503) {
            told.incrementAndGet();
          }
        });
      }
    }
    assertEquals(30, told.get());
    assertEquals(1, fixture.made.size());
    fixture.permits.release();
    assertEquals(200, fixture.ready(IMAGE + "kernel-amd64").status());
  }

  @Test
  void no_more_waits_than_may() throws IOException {
    int coming = 0;
    for (int i = 0; i < 9; i++) {
      String text = "customization: {extraKernelArgs: [\"i=" + i + "\"]}";
      fixture.post(text);
      for (String name : List.of("kernel-amd64", "kernel-arm64", "metal-amd64-uki.efi")) {
        String why = get("/image/" + Schematic.parse(text).id() + "/v1.13.9/" + name).text();
        coming += why.equals("being composed: ask again\n") ? 1 : 0;
      }
    }
    assertEquals(17, coming); // one at a time, and sixteen that wait
    BootFixture.await("one begun", () -> fixture.made.size() == 1);
    fixture.permits.release(100);
    BootFixture.await("all made", () -> fixture.made.size() == 17);
  }

  @Test
  void what_could_not_be_made_is_told_and_not_tried_again_at_once() throws IOException {
    fixture.making =
        _ -> new Fetched.Refused(Refresh.Grounds.CONTENT, "extension x: unmet constraint");
    fixture.permits.release(5);
    RawClient.Answer answer = fixture.ready(IMAGE + "kernel-amd64");
    assertEquals(400, answer.status());
    assertEquals("extension x: unmet constraint\n", answer.text());
    get(IMAGE + "kernel-amd64");
    assertEquals(1, fixture.made.size());
  }

  @Test
  void a_registry_that_is_down_is_no_fault_of_who_asks() throws IOException {
    fixture.making = _ -> new Fetched.Failed(Refresh.Trouble.UNREACHABLE, "no registry", null);
    fixture.permits.release(5);
    String target = IMAGE + "kernel-amd64";
    BootFixture.await(
        "the reason",
        () -> {
          try {
            return get(target).text().equals("no registry\n");
          } catch (IOException e) {
            return false;
          }
        });
    assertEquals(503, fixture.status(target));
    assertEquals("30", get(target).header("Retry-After"));
  }

  @Test
  void of_many_schematics_those_stay_of_which_something_was_asked_for() throws IOException {
    String used = "customization: {extraKernelArgs: [used]}";
    fixture.post(used);
    get("/image/" + Schematic.parse(used).id() + "/v1.13.9/kernel-amd64");
    for (int i = 0; i < 200; i++) {
      fixture.factory.post("customization: {extraKernelArgs: [\"i=" + i + "\"]}");
    }
    assertEquals(200, fixture.status("/schematics/" + Schematic.parse(used).id()));
    try (var files = Files.list(folder.resolve("factory/schematics"))) {
      assertEquals(10, files.count());
    }
  }

  @Test
  void what_was_made_and_posted_is_there_after_a_start() throws IOException {
    String text = "customization: {extraKernelArgs: [a]}";
    String target = "/image/" + Schematic.parse(text).id() + "/v1.13.9/kernel-amd64";
    fixture.post(text);
    fixture.permits.release();
    fixture.ready(target);
    fixture.close();
    fixture = new FactoryFixture(folder, Map.of());
    assertEquals(200, fixture.status(target));
    assertEquals(List.of(), fixture.made);
    assertEquals(1, fixture.factory.needed().size());
  }

  @Test
  void scripts_name_the_url_that_is_configured() throws IOException {
    fixture.close();
    fixture = new FactoryFixture(folder, Map.of("url", "http://boot.example:8080/"));
    fixture.permits.release();
    assertTrue(
        fixture
            .ready("/pxe/" + PLAIN + "/v1.13.9/metal-arm64")
            .text()
            .contains(
                "kernel --name vmlinuz http://boot.example:8080/image/" + PLAIN + "/v1.13.9/"));
  }

  @Test
  void there_is_none_unless_it_is_enabled() throws IOException {
    try (BootFixture other = BootFixture.start(folder.resolve("other"))) {
      assertEquals(404, RawClient.get(other.address(), "/versions").status());
      assertEquals(404, RawClient.get(other.address(), IMAGE + "kernel-amd64").status());
      assertEquals(405, RawClient.ask(other.address(), "POST", "/schematics").status());
    }
  }
}
