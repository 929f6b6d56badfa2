package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of releases: every byte, every part, every condition. */
class ReleaseAssetsTest {
  private static final String KERNEL = "/assets/talos/custom/vmlinuz-arm64";
  private static final Digest DIGEST = Digest.of("0123456789".getBytes(UTF_8));
  private static final String ETAG = "\"" + DIGEST.fileName() + "\"";

  @TempDir Path data;
  private BootFixture server;
  private Release release;

  @BeforeEach
  void start() throws IOException {
    server = BootFixture.start(data);
    release = server.publish();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer get(String target, String... headers) throws IOException {
    return RawClient.get(server.address(), target, headers);
  }

  private String immutable() {
    return "/assets/talos/custom/" + release.digest().fileName() + "/vmlinuz-arm64";
  }

  @Test
  void the_changing_url_names_the_one_that_never_changes() throws IOException {
    RawClient.Answer answer = get(KERNEL);
    assertEquals("200 0123456789", answer.status() + " " + answer.text());
    assertEquals("10", answer.header("Content-Length"));
    assertEquals("application/octet-stream", answer.header("Content-Type"));
    assertEquals(ETAG, answer.header("ETag"));
    assertEquals("bytes", answer.header("Accept-Ranges"));
    assertEquals("no-cache", answer.header("Cache-Control"));
    assertEquals(immutable(), answer.header("Content-Location"));
    assertEquals(
        "sha-256=:hNiYdgVGRE/AK0ON+zaEHysuq/MlgonSX+PQ/DLBiII=:".length(),
        answer.header("Repr-Digest").length());
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    assertFalse(answer.has("Server") || answer.has("Transfer-Encoding"));
  }

  @Test
  void the_url_that_never_changes_may_be_kept_for_ever() throws IOException {
    RawClient.Answer answer = get(immutable());
    assertEquals("public, max-age=31536000, immutable", answer.header("Cache-Control"));
    assertEquals(ETAG, answer.header("ETag"));
    assertFalse(answer.has("Content-Location"));
  }

  @ParameterizedTest
  @CsvSource({
    "vmlinuz-arm64, application/octet-stream",
    "arm64/initramfs.xz, application/octet-stream",
    "cmdline-arm64, text/plain; charset=utf-8",
    "uki-arm64.efi, application/efi",
    "arm64/release.json, application/json",
    "vmlinuz-arm64.sha256, text/plain; charset=utf-8"
  })
  void a_type_that_firmware_goes_by(String name, String type) throws IOException {
    assertEquals(type, get("/assets/talos/custom/" + name).header("Content-Type"));
  }

  @Test
  void a_file_of_an_image_is_served_by_its_path() throws IOException {
    server.publish(
        Map.of(
            AssetName.file("overlays/vc4.dtbo"), "overlay".getBytes(UTF_8),
            AssetName.file("ipxe.efi"), "MZ".getBytes(UTF_8)));
    RawClient.Answer overlay =
        get("/assets/talos/custom/arm64/overlays/vc4.dtbo", "Range: bytes=1-3");
    assertEquals("206 ver", overlay.status() + " " + overlay.text());
    assertEquals("application/octet-stream", overlay.header("Content-Type"));
    assertTrue(overlay.header("Content-Location").endsWith("/arm64/overlays/vc4.dtbo"));
    assertEquals(
        "application/efi", get("/assets/talos/custom/aarch64/ipxe.efi").header("Content-Type"));
    assertEquals(404, get("/assets/talos/custom/arm64/overlays").status());
  }

  @Test
  void a_checksum_is_what_sha256sum_reads() throws IOException {
    RawClient.Answer answer = get(KERNEL + ".sha256");
    assertEquals(DIGEST.hex() + "  vmlinuz-arm64\n", answer.text());
    assertEquals(304, get(KERNEL + ".sha256", "If-None-Match: " + answer.header("ETag")).status());
  }

  static Stream<Arguments> ranges() {
    return Stream.of(
        arguments("bytes=0-0", 206, "bytes 0-0/10", "0"),
        arguments("bytes=2-5", 206, "bytes 2-5/10", "2345"),
        arguments("bytes=8-", 206, "bytes 8-9/10", "89"),
        arguments("bytes=0-", 206, "bytes 0-9/10", "0123456789"),
        arguments("bytes=5-99", 206, "bytes 5-9/10", "56789"),
        arguments("bytes=-1", 206, "bytes 9-9/10", "9"),
        arguments("bytes=-10", 206, "bytes 0-9/10", "0123456789"),
        arguments("bytes=-99", 206, "bytes 0-9/10", "0123456789"),
        arguments("bytes= 1 - 2 ", 206, "bytes 1-2/10", "12"),
        arguments("bytes=10-", 416, "bytes */10", null),
        arguments("bytes=99-100", 416, "bytes */10", null),
        arguments("bytes=-0", 416, "bytes */10", null),
        arguments("bytes=0-0,2-2", 200, "(absent)", "0123456789"),
        arguments("bytes=0-1," + "3-4,".repeat(1000), 200, "(absent)", "0123456789"),
        arguments("bytes=5-2", 200, "(absent)", "0123456789"),
        arguments("bytes=x-y", 200, "(absent)", "0123456789"),
        arguments("bytes=", 200, "(absent)", "0123456789"),
        arguments("bytes=-", 200, "(absent)", "0123456789"),
        arguments("bytes=99999999999999999999-", 200, "(absent)", "0123456789"),
        arguments("items=0-1", 200, "(absent)", "0123456789"));
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void h_13_one_range_is_exact_and_anything_else_is_the_whole(
      String range, int status, String part, String body) throws IOException {
    RawClient.Answer answer = get(KERNEL, "Range: " + range);
    assertEquals(status + " " + part, answer.status() + " " + answer.header("Content-Range"));
    if (body != null) {
      assertEquals(body, answer.text());
      assertEquals(ETAG, answer.header("ETag"));
    }
  }

  static Stream<Arguments> conditions() {
    return Stream.of(
        arguments("If-None-Match: " + ETAG, 304),
        arguments("If-None-Match: W/" + ETAG, 304),
        arguments("If-None-Match: \"a\", " + ETAG, 304),
        arguments("If-None-Match: *", 304),
        arguments("If-None-Match: \"a\"", 200),
        arguments("If-Match: " + ETAG, 200),
        arguments("If-Match: \"a\" , " + ETAG, 200),
        arguments("If-Match: *", 200),
        arguments("If-Match: \"sha256-old\"", 412),
        arguments("If-Match: W/" + ETAG, 412),
        arguments("If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT", 200),
        arguments("If-Unmodified-Since: Tue, 14 Nov 2023 22:13:20 GMT", 200),
        arguments("Range: bytes=0-1\r\nIf-Range: " + ETAG, 206),
        arguments("Range: bytes=0-1\r\nIf-Range: \"old\"", 200),
        arguments("Range: bytes=0-1\r\nIf-Range: W/" + ETAG, 200),
        arguments("Range: bytes=0-1\r\nIf-Range: Tue, 14 Nov 2023 22:13:20 GMT", 200),
        arguments("Range: bytes=3-\r\nIf-Match: " + ETAG, 206),
        arguments("Range: bytes=3-\r\nIf-Match: \"old\"", 412));
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void h_14_conditions_go_by_the_digest(String headers, int status) throws IOException {
    RawClient.Answer answer = get(KERNEL, headers);
    assertEquals(status, answer.status());
    if (status == 304) {
      assertEquals(ETAG, answer.header("ETag"));
      assertFalse(answer.has("Content-Length") || answer.has("Content-Type"));
    }
  }

  @Test
  void h_15_head_says_what_get_says_and_reads_no_file() throws IOException {
    for (String name : new String[] {"vmlinuz-arm64", "uki-arm64.efi", "vmlinuz-arm64.sha256"}) {
      RawClient.Answer get = get("/assets/talos/custom/" + name);
      RawClient.Answer head =
          RawClient.ask(server.address(), "HEAD", "/assets/talos/custom/" + name);
      assertEquals(withoutDate(get.head()), withoutDate(head.head()));
    }
    Files.delete(BootFixture.blob(release, AssetName.INITRAMFS));
    assertEquals(
        200,
        RawClient.ask(server.address(), "HEAD", "/assets/talos/custom/initramfs-arm64.xz")
            .status());
  }

  private static String withoutDate(String head) {
    return head.replaceFirst("Date: [^\r]*", "");
  }

  @Test
  void a_large_file_arrives_whole_and_in_parts() throws IOException {
    byte[] large = new byte[9_000_001];
    new Random(7).nextBytes(large);
    server.publish(Map.of(AssetName.VMLINUZ, large, AssetName.CMDLINE, new byte[0]));
    assertEquals(Digest.of(large), Digest.of(get(KERNEL).body()));
    byte[] tail = get(KERNEL, "Range: bytes=8000000-").body();
    assertEquals(Digest.of(Arrays.copyOfRange(large, 8_000_000, large.length)), Digest.of(tail));
    BootFixture.await(
        "all bytes are counted",
        () ->
            server
                .meters
                .scrape()
                .contains("moonboot_asset_bytes_total{protocol=\"http\"} 1.0000002E7"));
  }

  @Test
  void an_empty_file_is_an_empty_answer() throws IOException {
    server.publish(Map.of(AssetName.VMLINUZ, new byte[0], AssetName.CMDLINE, new byte[0]));
    RawClient.Answer answer = get(KERNEL, "Range: bytes=0-1");
    assertEquals("416 bytes */0", answer.status() + " " + answer.header("Content-Range"));
    assertEquals("0", get(KERNEL).header("Content-Length"));
  }

  @Test
  void a_transfer_that_began_before_the_tag_moved_ends_with_the_old_bytes() throws IOException {
    byte[] old = new byte[20_000_000];
    new Random(1).nextBytes(old);
    Release before = server.publish(Map.of(AssetName.VMLINUZ, old, AssetName.CMDLINE, new byte[0]));
    try (RawClient slow = RawClient.connect(server.address(), null, 16 * 1024)) {
      slow.request("GET", KERNEL);
      slow.stream().readNBytes(1000);
      server.publish();
      Files.delete(BootFixture.blob(before, AssetName.VMLINUZ));
      slow.stream().readNBytes(old.length - 1000);
      assertEquals("0123456789", get(KERNEL).text());
    }
  }

  @Test
  void more_transfers_than_allowed_are_told_to_come_back() throws IOException {
    HttpLimits two =
        new HttpLimits(
            HttpLimits.DEFAULT.firstByte(),
            HttpLimits.DEFAULT.head(),
            HttpLimits.DEFAULT.idle(),
            HttpLimits.DEFAULT.stall(),
            HttpLimits.DEFAULT.ratePeriod(),
            4096,
            1024,
            16,
            100,
            2,
            HttpLimits.DEFAULT.mappingIdle());
    try (BootFixture small = BootFixture.start(data.resolve("small"), two)) {
      small.publish(
          Map.of(AssetName.VMLINUZ, new byte[20_000_000], AssetName.CMDLINE, new byte[0]));
      try (RawClient one = RawClient.connect(small.address(), null, 16 * 1024);
          RawClient other = RawClient.connect(small.address(), null, 16 * 1024)) {
        one.request("GET", KERNEL).stream().readNBytes(1);
        other.request("GET", KERNEL).stream().readNBytes(1);
        RawClient.Answer third = RawClient.get(small.address(), KERNEL);
        assertEquals("503 5", third.status() + " " + third.header("Retry-After"));
        assertEquals(200, RawClient.ask(small.address(), "HEAD", KERNEL).status());
      }
    }
  }
}
