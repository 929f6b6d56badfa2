package dev.moonboot.assets;

import java.time.Instant;
import java.util.List;

/**
 * A release was composed again from its recipe, and files of it have other bytes than they had
 * before: another version of moonboot, of a compressor or of a program of the system made them. It
 * passed the same checks as any other; but whoever wrote checksums down has those of before.
 *
 * @param at when it was
 * @param files what they are called: {@code initramfs-amd64.xz}; sorted
 */
public record Remade(Digest release, Instant at, List<String> files) {
  public Remade {
    files = List.copyOf(files);
  }

  /** For people. */
  public String why() {
    return "release %s was made again at %s with other bytes than before (%s): take its checksums anew"
        .formatted(release, at, String.join(", ", files));
  }
}
