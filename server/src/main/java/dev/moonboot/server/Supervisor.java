package dev.moonboot.server;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Looks after a running appliance: ends it all when a part has died, so that the service manager
 * starts it anew, and gives the service manager its signs of life. Never depends on a registry.
 */
final class Supervisor {
  private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** A part may be slow once, on a machine under load; it is dead when it stays so. */
  private static final int STRIKES = 5;

  private final Appliance appliance;
  private final SystemdNotifier notifier;
  private final CountDownLatch stopped = new CountDownLatch(1);

  Supervisor(Appliance appliance, SystemdNotifier notifier) {
    this.appliance = appliance;
    this.notifier = notifier;
  }

  /**
   * Returns when the appliance is to end.
   *
   * @return true when it was told to; false when a part died
   */
  boolean watch() throws InterruptedException {
    Duration every = notifier.watchdog().map(d -> d.dividedBy(3)).orElse(LOOK);
    Duration pause = every.compareTo(LOOK) < 0 ? every : LOOK;
    var probe = new SelfProbe(appliance.bootAddress(), appliance.bootsByTls(), pause);
    int strikes = 0;
    while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
      String ill = illness(probe);
      if (ill.isEmpty()) {
        strikes = 0;
        notifier.alive();
      } else {
        strikes++;
        LOG.log(Level.ERROR, "ill strike={0} of={1} parts=\"{2}\"", strikes, STRIKES, ill);
        if (strikes == STRIKES) {
          return false;
        }
      }
    }
    return true;
  }

  private String illness(SelfProbe probe) {
    String parts =
        appliance.health().live().stream()
            .filter(check -> !check.ok())
            .map(check -> check.part() + ": " + check.detail())
            .collect(Collectors.joining("; "));
    return parts.isEmpty() && !probe.answers() ? "http: does not answer" : parts;
  }

  /** Lets {@link #watch} return. */
  void stop() {
    stopped.countDown();
  }
}
