package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Static files, besides what matchbox's own vectors hold. */
class StaticAssetsTest {
  private static final String TIME = "Tue, 14 Nov 2023 22:13:20 GMT";

  @TempDir Path data;
  private BootFixture server;

  @BeforeEach
  void start() throws IOException {
    server = BootFixture.start(data);
    Path file = server.file("file", "0123456789");
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000, 5)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer get(String target, String... headers) throws IOException {
    return RawClient.get(server.address(), target, headers);
  }

  static Stream<Arguments> conditions() {
    return Stream.of(
        arguments("If-Modified-Since: " + TIME, 304),
        arguments("If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT", 200),
        arguments("If-Modified-Since: yesterday", 200),
        arguments("If-None-Match: \"a\"\r\nIf-Modified-Since: " + TIME, 200),
        arguments("If-None-Match: *", 304),
        arguments("If-Unmodified-Since: " + TIME, 200),
        arguments("If-Unmodified-Since: Tue, 14 Nov 2023 22:13:19 GMT", 412),
        arguments("If-Match: \"a\"", 412),
        arguments("Range: bytes=0-1\r\nIf-Range: " + TIME, 206),
        arguments("Range: bytes=0-1\r\nIf-Range: Tue, 14 Nov 2023 22:13:19 GMT", 200),
        arguments("Range: bytes=5-2", 416),
        arguments("Range: bytes=", 200));
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void conditions_go_by_the_time_of_change(String headers, int status) throws IOException {
    RawClient.Answer answer = get("/assets/file", headers);
    assertEquals(status, answer.status());
    if (status != 416) {
      assertEquals(TIME, answer.header("Last-Modified"));
    }
  }

  @Test
  void an_empty_file_has_no_range() throws IOException {
    server.file("empty", "");
    RawClient.Answer answer = get("/assets/empty", "Range: bytes=0-1");
    assertEquals("200 0", answer.status() + " " + answer.header("Content-Length"));
  }

  @Test
  void a_folder_shows_its_index_under_its_own_name() throws IOException {
    server.file("site/index.html", "<p>hi");
    assertEquals("<p>hi", get("/assets/site/").text());
    assertEquals("301 site/?a=b", moved(get("/assets/site?a=b")));
    assertEquals("301 ./", moved(get("/assets/site/index.html")));
    server.file("index.html", "top");
    assertEquals("top", get("/assets/").text());
  }

  @Test
  void a_name_with_odd_characters_is_found_and_redirected_as_it_was_sent() throws IOException {
    server.file("a b/c?d é", "x");
    assertEquals("x", get("/assets/a%20b/c%3Fd%20%C3%A9").text());
    assertEquals("301 ../c%3Fd%20%C3%A9", moved(get("/assets/a%20b/c%3Fd%20%C3%A9/")));
    assertEquals("301 a%20b/", moved(get("/assets/a%20b")));
  }

  private static String moved(RawClient.Answer answer) {
    return answer.status() + " " + answer.header("Location");
  }

  @Test
  void what_stands_for_no_file_is_not_there() throws IOException {
    assertEquals(404, get("/assets/file/below").status());
    assertEquals(404, get("/assets/" + "n".repeat(300)).status());
    Files.createSymbolicLink(server.data.resolve("assets/loop"), Path.of("loop"));
    assertEquals(404, get("/assets/loop").status());
    Files.createSymbolicLink(server.data.resolve("assets/dangling"), Path.of("nothing"));
    assertEquals(404, get("/assets/dangling").status());
  }

  @Test
  void a_file_that_may_not_be_read_is_forbidden() throws IOException {
    Path file = server.file("secret", "x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    boolean isRoot = System.getProperty("user.name").equals("root"); // may read everything
    assertEquals(isRoot ? "x" : "403 Forbidden\n", get("/assets/secret").text());
  }

  @Test
  void a_large_file_arrives_whole_by_sendfile() throws IOException {
    byte[] large = new byte[30_000_000];
    new Random(3).nextBytes(large);
    Files.write(server.data.resolve("assets/large"), large);
    try (RawClient slow = RawClient.connect(server.address(), null, 16 * 1024)) {
      assertTrue(Arrays.equals(large, slow.request("GET", "/assets/large").read("GET").body()));
    }
    assertTrue(
        Arrays.equals(
            large,
            20_000_000,
            large.length,
            get("/assets/large", "Range: bytes=20000000-").body(),
            0,
            10_000_000));
  }

  @Test
  void a_file_cut_short_while_it_is_sent_ends_the_connection_and_nothing_else() throws IOException {
    Path file = server.data.resolve("assets/shrinking");
    Files.write(file, new byte[30_000_000]);
    try (RawClient slow = RawClient.connect(server.address(), null, 16 * 1024)) {
      slow.request("GET", "/assets/shrinking").stream().readNBytes(1000);
      try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(10);
      }
      assertTrue(slow.rest().length() < 30_000_000);
    }
    assertEquals("0123456789", get("/assets/file").text());
    BootFixture.await(
        "both places are free",
        () -> server.meters.scrape().contains("moonboot_transfers_running{protocol=\"http\"} 0"));
  }
}
