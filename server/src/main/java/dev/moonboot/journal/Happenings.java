package dev.moonboot.journal;

import dev.moonboot.journal.Timeline.Event;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one boot: the first ones and the last ones; guarded by the log. */
final class Happenings {
  static final int FIRST = 24;
  static final int LAST = 16;

  private final List<Event> first = new ArrayList<>(4);
  private final Deque<Event> last = new ArrayDeque<>(4);
  private long leftOut;

  /** The same thing once more is counted with the one before. */
  void add(Instant at, Stage stage, String what, String text) {
    Event before = latest();
    if (before != null && isAgain(before, stage, what, text)) {
      replaceLatest(new Event(at, stage, what, text, before.times() + 1));
      return;
    }
    Event event = new Event(at, stage, what, text, 1);
    if (first.size() < FIRST) {
      first.add(event);
      return;
    }
    last.addLast(event);
    if (last.size() > LAST) {
      last.removeFirst();
      leftOut++;
    }
  }

  /** A Raspberry Pi asks for dozens of files that nobody has: they become one event. */
  private static boolean isAgain(Event before, Stage stage, String what, String text) {
    return before.stage() == stage
        && before.what().equals(what)
        && (before.text().equals(text) || what.equals("missing"));
  }

  private @Nullable Event latest() {
    return !last.isEmpty() ? last.getLast() : first.isEmpty() ? null : first.getLast();
  }

  private void replaceLatest(Event event) {
    if (!last.isEmpty()) {
      last.removeLast();
      last.addLast(event);
    } else {
      first.set(first.size() - 1, event);
    }
  }

  List<Event> all() {
    List<Event> all = new ArrayList<>(first);
    all.addAll(last);
    return all;
  }

  long leftOut() {
    return leftOut;
  }
}
