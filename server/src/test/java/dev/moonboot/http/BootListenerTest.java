package dev.moonboot.http;

import static dev.moonboot.assets.AssetName.VMLINUZ;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.journal.BootLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node sees of the boot listener besides matchbox's own vectors. */
class BootListenerTest {
  @TempDir Path data;

  @Test
  void a_script_names_the_release_and_no_cache_keeps_it() throws IOException {
    try (BootFixture server = BootFixture.start(data)) {
      Release release = server.publish();
      server.profile("/assets/talos/custom/vmlinuz-arm64", "\"{cmdline}\"");
      RawClient.Answer answer = RawClient.get(server.address(), "/ipxe?arch=arm64");
      assertEquals(
          """
          #!ipxe
          kernel /assets/talos/custom/%s/vmlinuz-arm64 console=ttyS0
          boot
          """
              .formatted(release.digest().fileName()),
          answer.text());
      assertEquals("no-store", answer.header("Cache-Control"));
      assertEquals("nosniff", answer.header("X-Content-Type-Options"));
      assertTrue(
          server
              .meters
              .scrape()
              .contains("moonboot_boots_total{profile=\"talos\",result=\"plan\"} 1"));
    }
  }

  @Test
  void only_a_script_that_was_given_decides_what_a_path_without_a_digest_means()
      throws IOException {
    String path = "/assets/talos/custom/vmlinuz-arm64";
    try (BootFixture boot = BootFixture.start(data)) {
      boot.profile(path, "");
      boot.publish(Map.of(VMLINUZ, "one".getBytes(UTF_8)));
      assertEquals(200, RawClient.get(boot.address(), "/ipxe").status());
      boot.publish(Map.of(VMLINUZ, "two".getBytes(UTF_8)));
      assertEquals(200, RawClient.ask(boot.address(), "HEAD", "/ipxe").status());
      assertEquals("one", RawClient.get(boot.address(), path).text());
      assertEquals(200, RawClient.get(boot.address(), "/ipxe").status());
      assertEquals("two", RawClient.get(boot.address(), path).text());
    }
  }

  @Test
  void b_02_while_nothing_is_cached_a_node_is_told_to_come_back() throws IOException {
    try (BootFixture server = BootFixture.start(data)) {
      server.profile("/assets/talos/custom/vmlinuz-arm64", "");
      for (String path : List.of("/ipxe", "/grub", "/assets/talos/custom/vmlinuz-arm64")) {
        RawClient.Answer answer = RawClient.get(server.address(), path);
        assertEquals(503, answer.status(), path);
        assertEquals("10", answer.header("Retry-After"));
        assertEquals("not ready: channel custom has no release yet\n", answer.text());
      }
      RawClient.Answer ready = RawClient.get(server.address(), "/readyz");
      assertEquals("503 not ready\n", ready.status() + " " + ready.text());
      assertEquals("ok\n", RawClient.get(server.address(), "/livez").text());
      server.publish();
      assertEquals(200, RawClient.get(server.address(), "/ipxe").status());
      assertEquals("ok\n", RawClient.get(server.address(), "/readyz").text());
    }
  }

  @Test
  void a_node_that_waits_asks_again_on_the_same_connection() throws IOException {
    try (BootFixture server = BootFixture.start(data);
        RawClient node = RawClient.connect(server.address())) {
      server.profile("/assets/talos/custom/vmlinuz-arm64", "");
      assertEquals(503, node.request("GET", "/ipxe").read("GET").status());
      server.publish();
      assertEquals(200, node.request("GET", "/ipxe").read("GET").status());
    }
  }

  @Test
  void boots_are_counted_by_profile_and_never_by_what_the_node_sent() throws IOException {
    try (BootFixture server = BootFixture.start(data)) {
      RawClient.get(server.address(), "/ipxe?mac=52-54-00-12-34-56");
      server.profile("/assets/talos/empty/vmlinuz-arm64", "");
      RawClient.get(server.address(), "/ipxe?mac=52-54-00-12-34-56");
      String meters = server.meters.scrape();
      assertTrue(meters.contains("moonboot_boots_total{profile=\"\",result=\"no_match\"} 1"));
      assertTrue(meters.contains("moonboot_boots_total{profile=\"talos\",result=\"not_ready\"} 1"));
      assertFalse(meters.contains("52-54") || meters.contains("52:54"), meters);
    }
  }

  @Test
  void a_fault_is_500_with_an_id_and_never_404() throws IOException {
    try (BootFixture server = BootFixture.start(data)) {
      Files.delete(BootFixture.blob(server.publish(), AssetName.VMLINUZ));
      RawClient.Answer answer =
          RawClient.get(server.address(), "/assets/talos/custom/vmlinuz-arm64");
      assertEquals(500, answer.status());
      assertTrue(
          answer.text().matches("500 Internal Server Error, id [0-9a-f]{16}\n"), answer.text());
    }
  }

  @Test
  void without_static_files_there_are_none() throws IOException {
    try (BootFixture other = BootFixture.start(data);
        BootListener listener =
            new BootListener(
                new HttpConfig(BootFixture.loopback(), null, HttpLimits.DEFAULT),
                other.subjects,
                new NoChecks(),
                other.meters,
                new BootLog())) {
      other.file("readme.txt", "hello\n");
      listener.start();
      assertEquals(200, RawClient.get(other.address(), "/assets/readme.txt").status());
      assertEquals(
          "404 page not found\n", RawClient.get(listener.address(), "/assets/readme.txt").text());
    }
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
}
