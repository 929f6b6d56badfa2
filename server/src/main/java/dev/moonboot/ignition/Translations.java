package dev.moonboot.ignition;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.FutureTask;

/** What came of texts, or is being made of them: those that were asked for last. */
final class Translations {
  private static final int MOST = 4096;
  private static final long MOST_CHARACTERS = 16 << 20;

  private final Map<String, FutureTask<ButaneRun.Outcome>> tasks =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Integer> weights = new HashMap<>();
  private long weight;

  /** The task of that text: {@code mine}, unless there is one already. */
  synchronized FutureTask<ButaneRun.Outcome> putIfAbsent(
      String key, FutureTask<ButaneRun.Outcome> mine) {
    FutureTask<ButaneRun.Outcome> known = tasks.putIfAbsent(key, mine);
    if (known != null) {
      return known;
    }
    trim();
    return mine;
  }

  /** How many characters the outcome has; what has not been asked for the longest makes room. */
  synchronized void weigh(String key, int characters) {
    if (tasks.containsKey(key)) {
      Integer before = weights.put(key, characters);
      weight += characters - (before == null ? 0 : before);
      trim();
    }
  }

  synchronized void remove(String key, FutureTask<ButaneRun.Outcome> task) {
    if (tasks.remove(key, task)) {
      forget(key);
    }
  }

  private void trim() {
    Iterator<String> oldest = tasks.keySet().iterator();
    while (tasks.size() > MOST || weight > MOST_CHARACTERS) {
      String key = oldest.next();
      oldest.remove();
      forget(key);
    }
  }

  private void forget(String key) {
    Integer was = weights.remove(key);
    weight -= was == null ? 0 : was;
  }
}
