package dev.moonboot.http;

import java.time.Duration;

/**
 * What one listener grants its peers.
 *
 * @param firstByte how long a new connection may say nothing
 * @param head how long a request's line and headers may take, from their first byte
 * @param idle how long a connection is kept between two requests
 * @param stall how long an answer may make no progress
 * @param ratePeriod over how long the rate of a long answer is averaged
 * @param bytesPerSecond least rate of an answer that lasts longer than {@code ratePeriod}; there is
 *     no limit on the total time
 * @param connections open at once
 * @param connectionsPerAddress open at once from one address; loopback is exempt
 * @param requestsPerConnection answered before the connection is closed
 * @param transfers files being sent at once
 * @param mappingIdle how long a boot file nobody asks for stays mapped
 */
public record HttpLimits(
    Duration firstByte,
    Duration head,
    Duration idle,
    Duration stall,
    Duration ratePeriod,
    int bytesPerSecond,
    int connections,
    int connectionsPerAddress,
    int requestsPerConnection,
    int transfers,
    Duration mappingIdle) {
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          4096,
          1024,
          16,
          100,
          256,
          Duration.ofSeconds(60));

  /** How often connections are looked at: a fifth of the shortest limit, at most a second. */
  Duration lookEvery() {
    Duration shortest = firstByte;
    for (Duration limit : new Duration[] {head, idle, stall, ratePeriod}) {
      shortest = limit.compareTo(shortest) < 0 ? limit : shortest;
    }
    Duration fifth = shortest.dividedBy(5);
    return fifth.compareTo(Duration.ofSeconds(1)) < 0 ? fifth : Duration.ofSeconds(1);
  }
}
