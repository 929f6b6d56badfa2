package dev.moonboot.release;

import dev.moonboot.journal.Actor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who wants a profile's pin changed, and how.
 *
 * @param reason why, for people; at most {@value #LONGEST_REASON} characters; may be empty
 * @param expires when the pin is to end by itself; null for never; without meaning for an unpin
 * @param expectedRevision the change is made only where the profile's pin has this revision, 0
 *     standing for no pin; null when that does not matter
 */
public record PinOrder(
    String reason, @Nullable Instant expires, Actor actor, @Nullable Long expectedRevision) {
  /** How long a reason may be. */
  public static final int LONGEST_REASON = 512;

  /** An order that ends by itself never, and whatever the pin is now. */
  public static PinOrder of(String reason, Actor actor) {
    return new PinOrder(reason, null, actor, null);
  }
}
