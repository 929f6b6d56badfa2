package dev.moonboot.assets;

import java.util.Set;

/**
 * What must not be deleted, as those know it who decide what nodes boot. Heads, what was head
 * before, accepted digests and work under way are known to the cache itself.
 *
 * @param channels the names of the channels that are followed; what only others need may go
 * @param pinned releases that some profile boots whatever its channel says
 * @param served releases that nodes were given in the last half hour, or are being given now
 */
public record Roots(Set<String> channels, Set<Digest> pinned, Set<Digest> served) {
  public Roots {
    channels = Set.copyOf(channels);
    pinned = Set.copyOf(pinned);
    served = Set.copyOf(served);
  }
}
