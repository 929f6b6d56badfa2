package dev.moonboot.assets;

import java.nio.file.Path;
import java.util.Set;

/**
 * News of what the cache cannot serve.
 *
 * @param releases all that cannot be served now: a file of theirs is missing, damaged or not
 *     checked yet
 * @param files that were found damaged just now: whoever has one open or mapped must read no
 *     further
 */
public record Damage(Set<Digest> releases, Set<Path> files) {
  public Damage {
    releases = Set.copyOf(releases);
    files = Set.copyOf(files);
  }
}
