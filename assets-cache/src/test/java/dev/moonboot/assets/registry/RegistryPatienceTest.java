package dev.moonboot.assets.registry;

import static dev.moonboot.assets.registry.RegistryLab.REPOSITORY;
import static dev.moonboot.assets.registry.RegistryLab.assertFails;
import static dev.moonboot.assets.registry.RegistryLab.blob;
import static dev.moonboot.assets.registry.RegistryLab.content;
import static dev.moonboot.assets.registry.RegistryLab.impatient;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryReply;
import dev.moonboot.testing.FakeRegistryRequest;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A registry that is busy, silent, slow, or cuts connections. */
class RegistryPatienceTest {
  @TempDir Path directory;
  private RegistryLab lab;
  private Digest image;

  @BeforeEach
  void open() {
    lab = new RegistryLab();
    image = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    lab.fake.tag(REPOSITORY, "demo", image);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void r_16_a_short_wait_that_is_asked_for_is_made() {
    lab.fake.fault(Kind.HEAD_MANIFEST, 1, FakeRegistryFault.status(429, "Retry-After", "3"));
    assertEquals(image, lab.open().resolve("demo"));
    assertEquals(List.of(Duration.ofSeconds(3)), lab.pauses);
  }

  @ParameterizedTest
  @CsvSource({
    "999999999, PT15M",
    "60, PT1M",
    "'Wed, 21 Oct 2015 07:33:00 GMT', PT5M",
  })
  void r_16_a_long_wait_is_left_to_the_caller(String header, Duration expected) {
    lab.fake.fault(
        Kind.HEAD_MANIFEST,
        (request, right) ->
            FakeRegistryReply.of(
                503,
                Map.of("Retry-After", header, "Date", "Wed, 21 Oct 2015 07:28:00 GMT"),
                new byte[0]));
    var failure = assertFails(Reason.BUSY, () -> lab.open().resolve("demo"));
    assertEquals(Optional.of(expected), failure.retryAfter());
    String told = "come back later (503, not within %d s)".formatted(expected.toSeconds());
    assertTrue(String.valueOf(failure.getMessage()).endsWith(told), failure.getMessage());
    assertEquals(1, lab.fake.count(Kind.HEAD_MANIFEST));
  }

  @ParameterizedTest
  @CsvSource({"-1", "garbage", "1.5", "''"})
  void r_16_what_cannot_be_followed_is_as_if_it_were_not_there(String header) {
    lab.fake.fault(Kind.HEAD_MANIFEST, 1, FakeRegistryFault.status(429, "Retry-After", header));
    assertEquals(image, lab.open().resolve("demo"));
    assertEquals(1, lab.pauses.size());
    assertTrue(lab.pauses.getFirst().compareTo(Duration.ofMillis(5)) <= 0);
  }

  @Test
  void r_16_five_refusals_are_survived_and_a_sixth_is_busy() {
    lab.fake.fault(Kind.HEAD_MANIFEST, 5, FakeRegistryFault.status(503));
    assertEquals(image, lab.open().resolve("demo"));
    lab.fake.fault(Kind.HEAD_MANIFEST, FakeRegistryFault.status(503));
    assertFails(Reason.BUSY, () -> lab.open().resolve("demo"));
    assertEquals(12, lab.fake.count(Kind.HEAD_MANIFEST));
  }

  @Test
  void a_server_error_is_tried_again_and_then_unreachable() {
    lab.fake.fault(Kind.GET_MANIFEST, 1, FakeRegistryFault.hangUp());
    lab.fake.fault(Kind.GET_MANIFEST, 1, FakeRegistryFault.cutAfter(10));
    lab.open().manifest(image);
    lab.fake.fault(Kind.GET_MANIFEST, FakeRegistryFault.status(500));
    assertFails(Reason.UNREACHABLE, () -> lab.open().manifest(image));
  }

  @Test
  void r_17_a_header_that_never_comes_is_given_up() {
    lab.fake.fault(Kind.HEAD_MANIFEST, 1, FakeRegistryFault.silence());
    Registry registry = lab.open(lab.fake.address(), impatient(lab.fake.settings()));
    assertEquals(image, registry.resolve("demo"));
    assertEquals(2, lab.fake.count(Kind.HEAD_MANIFEST));
  }

  @Test
  void r_17_a_body_that_stalls_is_continued_where_it_stopped() throws IOException {
    assertContinued(FakeRegistryFault.stallingAfter(40_000), "bytes=40000-");
  }

  @Test
  void r_17_a_body_that_is_cut_is_continued_where_it_stopped() throws IOException {
    // What was under way when it was cut may be lost, so where exactly is not said.
    assertContinued(FakeRegistryFault.cutAfter(3_000_000), null);
  }

  @Test
  void r_17_a_body_that_trickles_is_continued_where_it_stopped() throws IOException {
    assertContinued(FakeRegistryFault.trickling(10, 50), null);
  }

  private void assertContinued(FakeRegistryFault fault, @Nullable String range) throws IOException {
    byte[] bytes = content(4_000_000);
    lab.fake.putBlob(bytes);
    lab.fake.fault(Kind.BLOB, 1, fault);
    Path part = directory.resolve("part");
    lab.open(lab.fake.address(), impatient(lab.fake.settings()))
        .download(blob(bytes), part, Progress.NONE);
    assertArrayEquals(bytes, Files.readAllBytes(part));
    FakeRegistryRequest second = lab.fake.requests(Kind.BLOB).get(1);
    String asked = String.valueOf(second.header("range"));
    assertTrue(range == null ? asked.startsWith("bytes=") : asked.equals(range), asked);
  }

  @Test
  void while_there_is_progress_there_is_no_end_of_trying() throws IOException {
    byte[] bytes = content(200_000);
    lab.fake.putBlob(bytes);
    lab.fake.fault(Kind.BLOB, FakeRegistryFault.cutAfter(10_000));
    Path part = directory.resolve("part");
    lab.open().download(blob(bytes), part, Progress.NONE);
    assertArrayEquals(bytes, Files.readAllBytes(part));
    assertTrue(lab.fake.count(Kind.BLOB) >= 20);
  }

  @Test
  void a_cut_at_the_same_place_every_time_is_no_progress() throws IOException {
    byte[] bytes = content(100_000);
    lab.fake.putBlob(bytes);
    lab.fake.fault(
        Kind.BLOB,
        (request, right) ->
            FakeRegistryReply.of(200, Map.of(), bytes).cutAfter(30_000)); // knows no Range
    Path part = directory.resolve("part");
    assertFails(Reason.UNREACHABLE, () -> lab.open().download(blob(bytes), part, Progress.NONE));
    assertEquals(6, lab.fake.count(Kind.BLOB));
    assertEquals(30_000, Files.size(part), "kept for the next time");
  }

  @Test
  void closing_ends_a_running_download() throws InterruptedException {
    byte[] bytes = content(100_000);
    lab.fake.putBlob(bytes);
    lab.fake.fault(Kind.BLOB, FakeRegistryFault.stallingAfter(10));
    Registry registry = Registries.open(lab.fake.source(REPOSITORY), lab.fake.settings());
    var begun = new CountDownLatch(1);
    var outcome = new AtomicReference<@Nullable RegistryException>();
    Thread pull =
        Thread.ofVirtual()
            .start(() -> {
              try {
                registry.download(
                    blob(bytes),
                    directory.resolve("part"),
                    new Progress() {
                      @Override
                      public void bytes(long done, long total) {
                        begun.countDown();
                      }
                    });
              } catch (RegistryException e) {
                outcome.set(e);
              }
            });
    begun.await();
    registry.close();
    assertTrue(pull.join(Duration.ofSeconds(4)), "ended before the stall timer would end it");
    RegistryException end = outcome.get();
    assertTrue(end != null && end.reason() == Reason.UNREACHABLE);
  }

  @Test
  void a_part_that_cannot_be_written_is_told_apart() {
    byte[] bytes = content(100);
    lab.fake.putBlob(bytes);
    Path nowhere = directory.resolve("missing").resolve("part");
    assertFails(Reason.LOCAL_IO, () -> lab.open().download(blob(bytes), nowhere, Progress.NONE));
  }

  @Test
  void r_18_a_deleted_tag_is_not_found() {
    Registry registry = lab.open();
    registry.resolve("demo");
    lab.fake.untag(REPOSITORY, "demo");
    assertFails(Reason.NOT_FOUND, () -> registry.resolve("demo"));
  }
}
