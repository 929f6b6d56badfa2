package dev.moonboot.assets;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asked when all of a new head is here, just before the channel names it. */
@FunctionalInterface
public interface HeadGate {
  /** Lets everything pass. */
  HeadGate OPEN = (_, _) -> Optional.empty();

  /**
   * Why the head must stay as it is; empty when it may move, which then happens on this thread, and
   * before the look ends. The reason becomes that of a refresh that failed as {@code READ_ONLY}.
   *
   * @param previous the head until now; null when there was none
   */
  Optional<String> whyNot(Release next, @Nullable Digest previous);
}
