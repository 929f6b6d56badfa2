package dev.moonboot.release;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.HeadGate;
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
      changes.record(event(next, previous));
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

  @Override
  public void close() {
    if (turn != null) {
      turn.close();
    }
  }
}
