package dev.moonboot.admin;

import dev.moonboot.assets.Digest;
import dev.moonboot.http.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a change that is asked for again with the same key
 * (draft-ietf-httpapi-idempotency-key-header) happen once, and be answered alike. Kept in memory: a
 * restart forgets the keys.
 */
final class IdempotencyKeys {
  static final Duration KEPT = Duration.ofHours(24);
  private static final int MOST = 2000;

  /** Makes the change and answers. */
  @FunctionalInterface
  interface Change {
    Reply make() throws IOException;
  }

  /** Whose key: what one caller calls a change is nothing to others. */
  private record Name(String caller, String key) {}

  private static final class Entry {
    final Digest request;
    final long began;
    final CountDownLatch ended = new CountDownLatch(1);
    volatile @Nullable Reply reply;

    Entry(Digest request, long began) {
      this.request = request;
      this.began = began;
    }
  }

  private final LongSupplier nanoTime;
  private final Duration patience;
  private final Map<Name, Entry> entries = new LinkedHashMap<>();

  /**
   * @param patience how long a second request waits for the first
   */
  IdempotencyKeys(Duration patience, LongSupplier nanoTime) {
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /**
   * Makes the change, unless the same was asked for before: then answers as it was answered.
   *
   * @param request what tells this request from others
   * @throws ProblemException when the key was used for another request, or the first one still runs
   */
  Reply once(String caller, String key, Digest request, Change change) throws IOException {
    Name name = new Name(caller, key);
    while (true) {
      Entry mine = new Entry(request, nanoTime.getAsLong());
      Entry first = enter(name, mine);
      if (first == mine) {
        return make(name, mine, change);
      }
      if (!first.request.equals(request)) {
        throw new ProblemException(
            ProblemKind.KEY_REUSED,
            "this Idempotency-Key was used for another request: take a new key for each change");
      }
      await(first);
      Reply reply = first.reply;
      if (reply != null) {
        return reply.with("Idempotency-Replayed", "true");
      }
    }
  }

  private synchronized Entry enter(Name name, Entry mine) {
    forgetOld(mine.began);
    Entry known = entries.putIfAbsent(name, mine);
    return known == null ? mine : known;
  }

  private void forgetOld(long now) {
    Iterator<Entry> oldestFirst = entries.values().iterator();
    while (oldestFirst.hasNext()) {
      Entry oldest = oldestFirst.next();
      boolean old = now - oldest.began > KEPT.toNanos();
      if (!old && entries.size() < MOST) {
        return;
      }
      if (oldest.ended.getCount() == 0) {
        oldestFirst.remove();
      }
    }
  }

  /** What a fault of ours answered is not kept: then it may be tried again. */
  private Reply make(Name name, Entry mine, Change change) throws IOException {
    try {
      Reply reply = change.make();
      if (reply.status() < 500) {
        mine.reply = reply;
      }
      return reply;
    } finally {
      if (mine.reply == null) {
        forget(name);
      }
      mine.ended.countDown();
    }
  }

  private synchronized void forget(Name name) {
    entries.remove(name);
  }

  private void await(Entry first) {
    try {
      if (first.ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw Problem.of(
            ProblemKind.STILL_RUNNING,
            "the first request with this Idempotency-Key is still being worked on: ask again")
        .with("Retry-After", "5")
        .asException();
  }
}
