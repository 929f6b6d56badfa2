package dev.moonboot.admin;

import dev.moonboot.assets.Digest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with the installer images of a channel that are put elsewhere, since the start.
 *
 * @param to the repository
 * @param image digest of the one that was pushed last; null for none
 * @param since when that was
 * @param waiting digest of the one that is still to be pushed; null when nothing waits
 * @param failures tries in a row that failed
 * @param reason why the last one did; empty when none did
 */
public record PushStatus(
    String to,
    @Nullable Digest image,
    @Nullable Instant since,
    @Nullable Digest waiting,
    int failures,
    String reason) {
  /** One word: {@code idle}, {@code pushed}, {@code waiting} or {@code failed}. */
  String state() {
    if (waiting == null) {
      return image == null ? "idle" : "pushed";
    }
    return failures == 0 ? "waiting" : "failed";
  }
}
