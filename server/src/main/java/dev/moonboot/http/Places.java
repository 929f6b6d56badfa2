package dev.moonboot.http;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** The places for connections: so many in all, so many for one address. */
final class Places {
  private final int total;
  private final int perAddress;
  private final Map<InetAddress, Integer> taken = new HashMap<>();
  private int sum;

  Places(int total, int perAddress) {
    this.total = total;
    this.perAddress = perAddress;
  }

  /** Takes a place, if there is one. Loopback has no limit of its own: proxies and tests. */
  synchronized boolean take(InetAddress address) {
    int mine = taken.getOrDefault(address, 0);
    if (sum >= total || (mine >= perAddress && !address.isLoopbackAddress())) {
      return false;
    }
    taken.put(address, mine + 1);
    sum++;
    return true;
  }

  synchronized void giveBack(InetAddress address) {
    taken.computeIfPresent(address, (_, mine) -> mine == 1 ? null : mine - 1);
    sum--;
  }

  synchronized int takenNow() {
    return sum;
  }
}
