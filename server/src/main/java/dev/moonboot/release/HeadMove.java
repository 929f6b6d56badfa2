package dev.moonboot.release;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.HeadGate;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One look's move of a channel's head: written down before it is made, and from then on until this
 * is closed no other change takes effect. Used by one thread.
 */
final class HeadMove implements HeadGate, AutoCloseable {
  private final Channel channel;
  private final Changes changes;
  private Changes.@Nullable Turn turn;
  private @Nullable AuditEvent written;
  private String why = "a fault";

  HeadMove(Channel channel, Changes changes) {
    this.channel = channel;
    this.changes = changes;
  }

  @Override
  public Optional<String> whyNot(Release next, @Nullable Digest previous) {
    if (turn == null) {
      turn = changes.turn();
    }
    if (changes.now().hold(channel.name()).isPresent()) {
      return Optional.of("channel " + channel.name() + " is held meanwhile");
    }
    try {
      AuditEvent event = event(next, previous);
      changes.record(event);
      written = event;
      return Optional.empty();
    } catch (NotRecordedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private AuditEvent event(Release next, @Nullable Digest previous) {
    Map<String, String> details = new LinkedHashMap<>();
    if (previous != null) {
      details.put("from", previous.toString());
    }
    details.put("to", next.digest().toString());
    Admission admission = next.admission();
    if (!admission.rule().isEmpty()) {
      details.put("rule", admission.rule());
    }
    if (admission.proof() != null) {
      details.put("signer", admission.proof().signer());
    }
    return new AuditEvent(
        "refresh.activate",
        "ok",
        admission.warning(),
        Actor.SYSTEM,
        Map.of("channel", channel.name()),
        details);
  }

  /** What the look came to. */
  void ended(Refresh outcome) {
    switch (outcome) {
      case Updated _, Unchanged _ -> written = null;
      case Rejected(var _, var _, var because) -> why = because;
      case Held(var _, var _, var because) -> why = because;
      case Failed(var _, var because, var _) -> why = because;
    }
  }

  /** What was written down and has not been made is told. */
  @Override
  public void close() {
    AuditEvent unmade = written;
    if (unmade != null) {
      changes.tell(Changes.failed(unmade, why));
    }
    if (turn != null) {
      turn.close();
    }
  }
}
