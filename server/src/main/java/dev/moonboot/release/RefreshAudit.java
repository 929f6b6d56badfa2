package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells in the audit log what was not let in: once for each image, not at every look. */
final class RefreshAudit {
  private record Told(String event, Digest image) {}

  private final Changes changes;
  private final Map<String, Told> lastTold = new ConcurrentHashMap<>();

  RefreshAudit(Changes changes) {
    this.changes = changes;
  }

  void looked(Channel channel, Refresh outcome) {
    switch (outcome) {
      case Rejected(var image, var grounds, var why) ->
          tell(channel, new Told("refresh.reject", image), "grounds", grounds.name(), why);
      case Held(var image, var caution, var why) ->
          tell(channel, new Told("refresh.hold", image), "caution", caution.name(), why);
      case Unchanged _, Updated _ -> lastTold.remove(channel.name());
      case Failed _ -> {}
    }
  }

  private void tell(Channel channel, Told told, String key, String value, String why) {
    if (!told.equals(lastTold.put(channel.name(), told))) {
      changes.tell(
          new AuditEvent(
              told.event(),
              "refused",
              why,
              Actor.SYSTEM,
              Map.of("channel", channel.name()),
              Map.of("image", told.image().toString(), key, value.toLowerCase(Locale.ROOT))));
    }
  }
}
