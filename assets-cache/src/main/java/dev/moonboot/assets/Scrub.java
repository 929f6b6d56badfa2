package dev.moonboot.assets;

import java.time.Duration;
import java.util.List;

/**
 * What reading every file of the cache came to.
 *
 * @param files that were read
 * @param bytes they have
 * @param damaged files that are missing or in quarantine now, found by this reading or before
 * @param releases that cannot be served for it, until they have been fetched again
 */
public record Scrub(
    int files, long bytes, List<Digest> damaged, List<Digest> releases, Duration took) {
  public Scrub {
    damaged = List.copyOf(damaged);
    releases = List.copyOf(releases);
  }
}
