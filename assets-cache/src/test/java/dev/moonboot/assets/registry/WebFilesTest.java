package dev.moonboot.assets.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.FakeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a web server that cuts them. */
class WebFilesTest {
  private static final int CUT = 400_000;

  @TempDir Path folder;
  private final FakeFactory server = new FakeFactory();
  private final byte[] file = new byte[1_000_000];
  private WebFiles web;

  @BeforeEach
  void open() {
    new Random(1).nextBytes(file);
    server.put("/file", file);
    Duration little = Duration.ofSeconds(5);
    web =
        new WebFiles(
            server.url(),
            new RegistrySettings(
                Set.copyOf(server.hosts()),
                List.of(),
                Set.of(),
                folder.resolve("no-credentials.json"),
                null,
                List.of(),
                new RegistrySettings.Timeouts(little, little, little, Duration.ofMillis(1))));
  }

  @AfterEach
  void close() {
    web.close();
    server.close();
  }

  private Path part() {
    return folder.resolve("part");
  }

  private void fetch() throws IOException {
    WebFiles.Got got = web.download("file", part(), file.length, _ -> {}, Progress.NONE);
    assertEquals(new WebFiles.Got(file.length, Digest.of(file)), got);
    assertArrayEquals(file, Files.readAllBytes(part()));
  }

  @Test
  void what_was_cut_is_continued_where_the_server_names_the_file() throws IOException {
    Files.write(part(), new byte[2_000_000]); // rubbish of an earlier time
    server.cutAfter(CUT, 2);
    fetch();
    assertEquals(
        List.of("GET /file", "GET /file bytes=400000-", "GET /file bytes=800000-"), server.asked());
  }

  @Test
  void it_is_continued_behind_a_redirect() throws IOException {
    server.redirect();
    server.cutAfter(CUT, 1);
    fetch();
    assertEquals(List.of("GET /file", "GET /file bytes=400000-"), server.asked());
  }

  @Test
  void what_has_no_name_begins_anew() throws IOException {
    server.names(false);
    server.cutAfter(CUT, 2);
    fetch();
    assertEquals(List.of("GET /file", "GET /file", "GET /file"), server.asked());
  }

  @Test
  void another_file_in_its_place_is_taken_whole() throws IOException {
    server.cutAfter(CUT, 1);
    List<Long> told = new ArrayList<>();
    WebFiles.Got got =
        web.download(
            "file",
            part(),
            file.length,
            told::add,
            new Progress() {
              @Override
              public void bytes(long done, long total) {
                if (done >= CUT && file[0] != 0) {
                  file[0] = 0; // the same array: the server has another file from now on
                }
              }
            });
    assertEquals(new WebFiles.Got(file.length, Digest.of(file)), got);
    assertArrayEquals(file, Files.readAllBytes(part()));
    assertEquals(List.of((long) file.length, (long) file.length), told);
  }

  @Test
  void a_rest_that_is_of_something_else_begins_anew() throws IOException {
    server.cutAfter(CUT, 1);
    server.misplaces(1);
    fetch();
    assertEquals(List.of("GET /file", "GET /file bytes=400000-", "GET /file"), server.asked());
  }

  @Test
  void more_than_is_taken_is_refused() {
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () -> web.download("file", part(), file.length - 1, _ -> {}, Progress.NONE));
    assertEquals(Reason.TOO_LARGE, refused.reason());
  }

  @Test
  void a_server_that_always_cuts_is_given_up() {
    server.names(false);
    server.cutAfter(CUT, Integer.MAX_VALUE);
    RegistryException failed =
        assertThrows(
            RegistryException.class,
            () -> web.download("file", part(), file.length, _ -> {}, Progress.NONE));
    assertEquals(Reason.UNREACHABLE, failed.reason());
  }
}
