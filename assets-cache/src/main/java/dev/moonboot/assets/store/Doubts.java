package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Releases that are recorded and cannot be served now, because of some of their blobs.
 *
 * @param releases none of them is among the {@link Holdings}
 * @param unchecked blobs that may be right and have to be hashed first
 * @param damaged blobs that are missing or in quarantine
 */
record Doubts(Map<Digest, Release> releases, Set<Digest> unchecked, Set<Digest> damaged) {
  static final Doubts NONE = new Doubts(Map.of(), Set.of(), Set.of());

  Doubts {
    releases = Map.copyOf(releases);
    unchecked = Set.copyOf(unchecked);
    damaged = Set.copyOf(damaged);
  }

  /** Whether some blob of that release is not known to be right. */
  boolean concerns(Release release) {
    return Holdings.blobsOf(release)
        .anyMatch(blob -> unchecked.contains(blob) || damaged.contains(blob));
  }

  /** Those that wait for nothing but the check of a blob. */
  boolean isOnlyUnchecked(Digest release) {
    Release doubtful = releases.get(release);
    return doubtful != null && Holdings.blobsOf(doubtful).noneMatch(damaged::contains);
  }

  Doubts with(Release release) {
    Map<Digest, Release> changed = new HashMap<>(releases);
    changed.put(release.digest(), release);
    return new Doubts(changed, unchecked, damaged);
  }

  Doubts without(Set<Digest> gone) {
    Map<Digest, Release> changed = new HashMap<>(releases);
    changed.keySet().removeAll(gone);
    return new Doubts(changed, unchecked, damaged);
  }

  /** With that blob to be hashed. */
  Doubts unchecked(Digest blob) {
    return new Doubts(releases, with(unchecked, blob), without(damaged, blob));
  }

  /** With that blob known to be damaged. */
  Doubts damaged(Digest blob) {
    return new Doubts(releases, without(unchecked, blob), with(damaged, blob));
  }

  /** With that blob known to be right. */
  Doubts right(Digest blob) {
    return new Doubts(releases, without(unchecked, blob), without(damaged, blob));
  }

  private static Set<Digest> with(Set<Digest> blobs, Digest blob) {
    Set<Digest> changed = new HashSet<>(blobs);
    changed.add(blob);
    return changed;
  }

  private static Set<Digest> without(Set<Digest> blobs, Digest blob) {
    Set<Digest> changed = new HashSet<>(blobs);
    changed.remove(blob);
    return changed;
  }
}
