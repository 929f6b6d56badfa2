package dev.moonboot.release;

import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaceTest {
  private static final Duration EVERY = Duration.ofMinutes(5);

  @TempDir Path folder;

  private static Pace pace(double random) {
    return new Pace(EVERY, () -> random);
  }

  private static Failed failed(Trouble trouble, @Nullable Duration retryAfter) {
    return new Failed(trouble, "test", retryAfter);
  }

  /** The pauses after the first ten failures, in seconds. */
  private static List<Long> seconds(Refresh outcome, boolean hasHead) {
    return IntStream.rangeClosed(1, 10)
        .mapToObj(n -> pace(0.5).after(outcome, n, hasHead).toSeconds())
        .toList();
  }

  @Test
  void the_usual_pause_varies_by_a_fifth() {
    Refresh good = new Refresh.Unchanged(new SampleReleases(folder).release("a", ARM64));
    assertEquals(Duration.ofMinutes(4), pace(0).after(good, 0, true));
    assertEquals(Duration.ofMinutes(5), pace(0.5).after(good, 0, true));
    assertEquals(Duration.ofMinutes(6), pace(1).after(good, 0, true));
  }

  @Test
  void b_08_an_unreachable_registry_is_tried_at_least_every_five_minutes() {
    assertEquals(
        List.of(15L, 30L, 60L, 120L, 240L, 300L, 300L, 300L, 300L, 300L),
        seconds(failed(Trouble.UNREACHABLE, null), true));
    assertEquals(
        Duration.ofMinutes(5),
        pace(1).after(failed(Trouble.UNREACHABLE, null), Integer.MAX_VALUE, true));
  }

  @Test
  void refused_credentials_are_tried_every_half_hour_in_the_end() {
    assertEquals(
        List.of(600L, 1200L, 1800L, 1800L),
        seconds(failed(Trouble.AUTH_FAILED, null), true).subList(0, 4));
    assertEquals(
        List.of(15L, 30L, 60L, 120L, 240L, 480L, 960L, 1800L, 1800L, 1800L),
        seconds(failed(Trouble.AUTH_REALM_REFUSED, null), false));
  }

  @ParameterizedTest
  @EnumSource(
      value = Trouble.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AUTH_FAILED", "AUTH_REALM_REFUSED"})
  void b_02_with_nothing_to_serve_no_pause_is_longer_than_30_s(Trouble trouble) {
    assertEquals(
        List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L, 30L, 30L),
        seconds(failed(trouble, null), false));
    for (double random : new double[] {0, 0.3, 1}) {
      for (int n = 1; n < 100; n++) {
        Duration pause = pace(random).after(failed(trouble, null), n, false);
        assertTrue(pause.compareTo(Duration.ofSeconds(30)) <= 0, pause.toString());
      }
    }
  }

  @Test
  void a_registry_that_answers_is_asked_as_usual() {
    var rejected = new Rejected(Digest.of(new byte[0]), Refresh.Grounds.CONTENT, "test");
    assertEquals(300, seconds(rejected, true).getFirst());
    assertEquals(300, seconds(failed(Trouble.TAG_MISSING, null), true).getLast());
    assertEquals(300, seconds(failed(Trouble.DIGEST_MISMATCH, null), true).getLast());
  }

  @Test
  void retry_after_is_honoured_up_to_a_quarter_of_an_hour() {
    Refresh minute = failed(Trouble.BUSY, Duration.ofMinutes(1));
    assertEquals(Duration.ofMinutes(1), pace(0.5).after(minute, 1, false));
    Refresh day = failed(Trouble.BUSY, Duration.ofDays(1));
    assertEquals(Duration.ofMinutes(15), pace(0.5).after(day, 1, true));
    Refresh now = failed(Trouble.BUSY, Duration.ZERO);
    assertEquals(Duration.ofSeconds(15), pace(0.5).after(now, 1, true));
  }
}
