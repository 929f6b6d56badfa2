package dev.moonboot.admin;

import dev.moonboot.assets.Head;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.json.Json;
import dev.moonboot.release.ChannelStatus;
import dev.moonboot.release.Hold;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Channels and refreshes as they are told. */
final class ChannelJson {
  private ChannelJson() {}

  /**
   * A channel.
   *
   * @param push null when its images are put nowhere
   */
  static Json.Obj channel(ChannelStatus status, @Nullable PushStatus push) {
    return new Members()
        .text("name", status.name())
        .text("image", status.image())
        .text("content", status.content().id())
        .text("state", lower(status.state()))
        .text("reason", status.reason())
        .text("release", status.head())
        .text("version", status.version())
        .text("warning", status.warning())
        .text("lastCheck", status.lastCheck())
        .text("lastGood", status.lastGood())
        .text("nextCheck", status.nextCheck())
        .number("failures", status.failures())
        .json("hold", status.hold() == null ? null : hold(status.hold()))
        .list("alarms", status.alarms().stream().map(ChannelJson::alarm).toList())
        .json("push", push == null ? null : push(push))
        .json();
  }

  private static Json.Obj push(PushStatus push) {
    return new Members()
        .text("to", push.to())
        .text("state", push.state())
        .text("image", push.image())
        .text("since", push.since())
        .text("waiting", push.waiting())
        .number("failures", push.failures())
        .text("reason", push.reason())
        .json();
  }

  private static Json.Obj hold(Hold hold) {
    return new Members()
        .text("reason", hold.reason())
        .text("by", hold.by().id())
        .text("since", hold.since())
        .json();
  }

  private static Json.Obj alarm(ChannelStatus.Alarm alarm) {
    return new Members().text("kind", lower(alarm.kind())).text("why", alarm.why()).json();
  }

  /** What the channel names or named. */
  static Json.Obj head(Head head) {
    return new Members().text("release", head.release()).text("since", head.since()).json();
  }

  /** What a look led to. It is an answer, not an error, that a registry could not be reached. */
  static Json.Obj outcome(String channel, Refresh refresh) {
    Members members = new Members().text("channel", channel);
    switch (refresh) {
      case Refresh.Unchanged(var head) -> release(members.text("outcome", "unchanged"), head);
      case Refresh.Updated(var head, var previous, var downloaded) ->
          release(members.text("outcome", "updated"), head)
              .text("previous", previous)
              .number("downloadedBytes", downloaded);
      case Refresh.Held(var digest, var caution, var why) ->
          members
              .text("outcome", "held")
              .text("image", digest)
              .text("caution", lower(caution))
              .text("reason", why);
      case Refresh.Rejected(var digest, var grounds, var why) ->
          members
              .text("outcome", "rejected")
              .text("image", digest)
              .text("grounds", lower(grounds))
              .text("reason", why);
      case Refresh.Failed(var trouble, var why, var retryAfter) ->
          members
              .text("outcome", "failed")
              .text("trouble", lower(trouble))
              .text("reason", why)
              .number("retryAfterSeconds", retryAfter == null ? null : retryAfter.toSeconds());
    }
    return members.json();
  }

  private static Members release(Members members, Release release) {
    return members.text("release", release.digest()).text("version", release.version());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
