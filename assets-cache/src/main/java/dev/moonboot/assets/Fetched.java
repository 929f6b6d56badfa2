package dev.moonboot.assets;

import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Trouble;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What fetching a release led to; no head moves by it. */
public sealed interface Fetched {
  /** The release is here and may be served; nothing deletes it within the next half hour. */
  record Held(Release release) implements Fetched {}

  /** It will not do. Not tried again for a while. */
  record Refused(Grounds grounds, String why) implements Fetched {}

  /**
   * It could not be found out or fetched.
   *
   * @param retryAfter what the registry asked for; null when it did not say
   */
  record Failed(Trouble trouble, String why, @Nullable Duration retryAfter) implements Fetched {}
}
