package dev.moonboot.release;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.HeadGate;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A cache in memory, with one repository behind it that has what the test pushes. */
public final class FakeReleaseCache implements ReleaseCache {
  /** True while no registry can be reached. */
  public volatile boolean down;

  /** How often the registry was asked for a release. */
  public final AtomicInteger fetches = new AtomicInteger();

  private final Map<Digest, Release> pushed = new ConcurrentHashMap<>();
  private final Map<String, Digest> tags = new ConcurrentHashMap<>();
  private final Map<Digest, Release> held = new ConcurrentHashMap<>();
  private final Map<String, List<Digest>> histories = new ConcurrentHashMap<>();
  private final Map<Digest, String> revoked = new ConcurrentHashMap<>();
  private final Map<Digest, String> flagged = new ConcurrentHashMap<>();
  private final Set<Digest> unsigned = ConcurrentHashMap.newKeySet();

  /** The repository has the release from now on, under these tags. */
  public FakeReleaseCache push(Release release, String... names) {
    pushed.put(release.digest(), release);
    for (String name : names) {
      tags.put(name, release.digest());
    }
    return this;
  }

  /** As {@link #push}; without the signature that the policy wants. */
  public void pushUnsigned(Release release) {
    push(release);
    unsigned.add(release.digest());
  }

  /** The release is on disk. */
  public FakeReleaseCache hold(Release release) {
    held.put(release.digest(), release);
    return this;
  }

  /** The releases are on disk, the last one as the channel's head. */
  public FakeReleaseCache history(String channel, Release... oldestFirst) {
    for (Release release : oldestFirst) {
      hold(release);
      moveHead(channel, release.digest());
    }
    return this;
  }

  /** The release is on disk no more. */
  public void lose(Digest release) {
    held.remove(release);
  }

  /** The release may not be served any more. */
  public void revoke(Digest release, String why) {
    revoked.put(release, why);
  }

  /** The release would not be let in today. */
  public void flag(Digest release, String why) {
    flagged.put(release, why);
  }

  private void moveHead(String channel, Digest head) {
    List<Digest> history = histories.computeIfAbsent(channel, _ -> new CopyOnWriteArrayList<>());
    history.remove(head);
    history.addFirst(head);
  }

  @Override
  public Refresh refresh(Channel channel, Progress progress, HeadGate gate) {
    @Nullable Digest named = down ? null : tags.get(String.valueOf(channel.image().tag()));
    if (named == null) {
      return new Failed(
          down ? Trouble.UNREACHABLE : Trouble.TAG_MISSING, "connection refused", null);
    }
    Release next = Optional.ofNullable(pushed.get(named)).orElseThrow();
    @Nullable Digest head = head(channel).map(Release::digest).orElse(null);
    if (next.digest().equals(head)) {
      return new Unchanged(next);
    }
    hold(next);
    Optional<String> closed = gate.whyNot(next, head);
    if (closed.isPresent()) {
      return new Failed(Trouble.READ_ONLY, closed.get(), null);
    }
    moveHead(channel.name(), named);
    return new Updated(next, head, 1);
  }

  @Override
  public Optional<Release> head(Channel channel) {
    return releases(channel).stream().findFirst();
  }

  @Override
  public List<Release> releases(Channel channel) {
    return histories.getOrDefault(channel.name(), List.of()).stream()
        .flatMap(digest -> release(digest).stream())
        .toList();
  }

  @Override
  public List<Release> all() {
    return List.copyOf(held.values());
  }

  @Override
  public Optional<Release> release(Digest digest) {
    return Optional.ofNullable(held.get(digest));
  }

  @Override
  public Fetched fetch(Channel channel, Digest digest, Progress progress) {
    fetches.incrementAndGet();
    @Nullable Release release = pushed.get(digest);
    if (down || release == null) {
      return new Fetched.Failed(
          down ? Trouble.UNREACHABLE : Trouble.TAG_MISSING, "connection refused", null);
    }
    if (unsigned.contains(digest)) {
      return new Fetched.Refused(Grounds.SIGNATURE, "no signature by release.pub");
    }
    hold(release);
    return new Fetched.Held(release);
  }

  @Override
  public Fetched fetch(Channel channel, String tag, Progress progress) {
    @Nullable Digest digest = tags.get(tag);
    if (down || digest == null) {
      fetches.incrementAndGet();
      return new Fetched.Failed(
          down ? Trouble.UNREACHABLE : Trouble.TAG_MISSING, "no such tag", null);
    }
    return fetch(channel, digest, progress);
  }

  @Override
  public Optional<String> revoked(Digest release) {
    return Optional.ofNullable(revoked.get(release));
  }

  @Override
  public Optional<String> flagged(Digest release) {
    return Optional.ofNullable(flagged.get(release));
  }

  @Override
  public void accept(Channel channel, Digest digest) {
    release(digest).ifPresent(this::push);
  }
}
