package dev.moonboot.release;

import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with one channel, for people and monitoring.
 *
 * @param name of the channel
 * @param image what it follows, as a person writes it
 * @param content what its images hold
 * @param reason why it is in this state; empty when all is well
 * @param head digest of the release it serves; null while it has none
 * @param version Talos version of that release ({@code v1.13.6}); empty while it has none
 * @param warning what is not as it should be with the signature of the head, for people; empty when
 *     all is well, and while it has none
 * @param lastCheck when it was last looked at; null when not since start
 * @param lastGood when the registry last said what the tag names; null when not since start
 * @param nextCheck when it is looked at next; null while a look is under way
 * @param failures looks in a row that did not succeed
 * @param hold why its tag is not looked at for now; null when it is
 * @param alarms what a person should look into; usually none
 */
public record ChannelStatus(
    String name,
    String image,
    Content content,
    ChannelState state,
    String reason,
    @Nullable Digest head,
    String version,
    String warning,
    @Nullable Instant lastCheck,
    @Nullable Instant lastGood,
    @Nullable Instant nextCheck,
    int failures,
    @Nullable Hold hold,
    List<Alarm> alarms) {
  public ChannelStatus {
    alarms = List.copyOf(alarms);
  }

  /** Something that a person should look into; {@code why} is for people. */
  public record Alarm(Kind kind, String why) {}

  /** Kinds of alarms. */
  public enum Kind {
    /** The registry has not said for long what the tag names. */
    STALE_CHECK,
    /** The registry does not know the tag any more. */
    TAG_MISSING,
    /** The head was composed again, and has other bytes than before. */
    REMADE
  }
}
