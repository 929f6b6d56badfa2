package dev.moonboot.release;

import dev.moonboot.assets.Recovery;
import dev.moonboot.assets.Remade;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The order in which changes of what is booted take effect. One after the other: each is written to
 * the audit log, then to disk, then put in force, so that the audit log tells them in the order in
 * which nodes felt them.
 */
public final class Changes {
  private static final System.Logger LOG = System.getLogger(Changes.class.getName());

  private final ReentrantLock order = new ReentrantLock();
  private final Releases releases;
  private final Audit audit;
  private final DecisionFile file;
  private final List<Runnable> listeners = new ArrayList<>();

  private Changes(Releases releases, Audit audit, DecisionFile file) {
    this.releases = releases;
    this.audit = audit;
    this.file = file;
  }

  /**
   * Puts in force what was decided before. What cannot be read is told in the audit log; the state
   * before it is used where there is one.
   *
   * @param state the directory of the state; may be missing
   */
  public static Changes open(Path state, Releases releases, Audit audit) {
    DecisionFile.Start start = DecisionFile.open(state);
    releases.decide(start.decisions());
    Changes changes = new Changes(releases, audit, start.file());
    if (!start.troubles().isEmpty()) {
      changes.tellRecovery(start, state);
    }
    return changes;
  }

  private void tellRecovery(DecisionFile.Start start, Path state) {
    String result = start.lost() ? "lost" : "recovered";
    String why =
        String.join("; ", start.troubles())
            + (start.lost()
                ? "; no pin and no hold is known any more: set them again"
                : "; what was decided before is in force");
    LOG.log(Level.ERROR, "decisions directory={0} result={1} why=\"{2}\"", state, result, why);
    tell(
        new AuditEvent(
            "state.recovered",
            start.lost() ? "failed" : "ok",
            why,
            Actor.SYSTEM,
            Map.of(),
            Map.of("file", state.resolve("decisions").toString())));
  }

  /** Tells that the state of a channel was found damaged or lost at the start. */
  public void recovered(Recovery recovery) {
    tell(
        new AuditEvent(
            "state.recovered",
            "ok",
            recovery.why(),
            Actor.SYSTEM,
            Map.of("channel", recovery.channel()),
            recovery.head() == null ? Map.of() : Map.of("to", recovery.head().toString())));
  }

  /** Tells that a release was made again, and is not the same to the byte. */
  public void remade(Remade remade) {
    tell(
        new AuditEvent(
            "release.remade",
            "ok",
            remade.why(),
            Actor.SYSTEM,
            Map.of(),
            Map.of("release", remade.release().toString())));
  }

  /** Nobody else's change takes effect until the result is closed, by the same thread. */
  Turn turn() {
    order.lock();
    return order::unlock;
  }

  /** One's turn. */
  @FunctionalInterface
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** What is decided now. */
  Decisions now() {
    return releases.decisions();
  }

  /** The revision that the next pin gets. */
  long nextRevision() {
    return file.nextSerial();
  }

  /**
   * Writes a change down that is made by others, in one's turn.
   *
   * @throws NotRecordedException when it could be written nowhere: the change must not be made
   */
  void record(AuditEvent event) throws NotRecordedException {
    try {
      audit.record(event);
    } catch (AuditException e) {
      throw new NotRecordedException(
          "it cannot be written to the audit log (%s); make room on its disk, then try again"
              .formatted(e.getMessage()),
          e);
    }
  }

  /** Writes down what changes nothing: where that fails, it is told in the log. */
  void tell(AuditEvent event) {
    try {
      audit.record(event);
    } catch (AuditException e) {
      LOG.log(Level.WARNING, "audit event={0} lost=\"{1}\"", event.event(), e.getMessage());
    }
  }

  /**
   * Makes a change of the decisions, in one's turn: it is in force once this returns.
   *
   * @throws NotRecordedException when it could not be written down; nothing has changed
   */
  void decide(AuditEvent event, UnaryOperator<Decisions> change) throws NotRecordedException {
    record(event);
    try {
      releases.decide(file.write(change.apply(now())));
    } catch (IOException e) {
      tell(failed(event, String.valueOf(e.getMessage())));
      throw new NotRecordedException(
          "it cannot be kept on disk (%s); make room there, then try again"
              .formatted(e.getMessage()),
          e);
    }
    listeners.forEach(Runnable::run);
  }

  /** The same change, which was written down and could not be made. */
  static AuditEvent failed(AuditEvent event, String why) {
    Map<String, String> details = new LinkedHashMap<>(event.details());
    details.put("error", why);
    return new AuditEvent(
        event.event(), "failed", event.reason(), event.actor(), event.target(), details);
  }

  /** After a write that failed: makes sure that a start finds what is in force. */
  void repair() {
    try (Turn _ = turn()) {
      file.repair();
    }
  }

  /** Has {@code listener} called after every change; not for use once the first can come. */
  void listen(Runnable listener) {
    listeners.add(listener);
  }
}
