package dev.moonboot.http;

import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.json.Json;
import dev.moonboot.release.ChannelStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Channels and refreshes as the admin listener tells them. Absent is null, never left out. */
final class ChannelJson {
  private ChannelJson() {}

  static Reply list(List<ChannelStatus> statuses) {
    Json.Arr channels = new Json.Arr(statuses.stream().map(ChannelJson::channel).toList());
    return json(Map.of("channels", channels));
  }

  private static Json channel(ChannelStatus status) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", text(status.name()));
    members.put("image", text(status.image()));
    members.put("state", text(status.state().name().toLowerCase(Locale.ROOT)));
    members.put("reason", text(status.reason()));
    members.put("release", text(status.head()));
    members.put("version", text(status.version()));
    members.put("lastCheck", text(status.lastCheck()));
    members.put("lastGood", text(status.lastGood()));
    members.put("nextCheck", text(status.nextCheck()));
    members.put("failures", Json.Num.of(status.failures()));
    return new Json.Obj(members);
  }

  /** What a look led to. It is an answer, not an error, that a registry could not be reached. */
  static Reply outcome(String channel, Refresh refresh) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("channel", text(channel));
    switch (refresh) {
      case Refresh.Unchanged(var head) -> {
        members.put("outcome", text("unchanged"));
        members.putAll(release(head));
      }
      case Refresh.Updated(var head, var previous, var downloaded) -> {
        members.put("outcome", text("updated"));
        members.putAll(release(head));
        members.put("previous", text(previous));
        members.put("downloadedBytes", Json.Num.of(downloaded));
      }
      case Refresh.Held(var digest, var caution, var why) -> {
        members.put("outcome", text("held"));
        members.put("image", text(digest));
        members.put("caution", text(caution.name().toLowerCase(Locale.ROOT)));
        members.put("reason", text(why));
      }
      case Refresh.Rejected(var digest, var grounds, var why) -> {
        members.put("outcome", text("rejected"));
        members.put("image", text(digest));
        members.put("grounds", text(grounds.name().toLowerCase(Locale.ROOT)));
        members.put("reason", text(why));
      }
      case Refresh.Failed(var trouble, var why, var retryAfter) -> {
        members.put("outcome", text("failed"));
        members.put("trouble", text(trouble.name().toLowerCase(Locale.ROOT)));
        members.put("reason", text(why));
        members.put(
            "retryAfterSeconds",
            retryAfter == null ? new Json.Null() : Json.Num.of(retryAfter.toSeconds()));
      }
    }
    return json(members);
  }

  private static Map<String, Json> release(Release release) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("release", text(release.digest()));
    members.put("version", text(release.version()));
    return members;
  }

  private static Json text(@Nullable Object value) {
    return value == null ? new Json.Null() : new Json.Str(value.toString());
  }

  private static Reply json(Map<String, Json> members) {
    return Reply.typed(200, "application/json", new Json.Obj(members).pretty());
  }
}
