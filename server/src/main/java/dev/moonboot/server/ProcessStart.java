package dev.moonboot.server;

import java.lang.management.ManagementFactory;
import java.time.Instant;

/** When this process began. */
final class ProcessStart {
  // ProcessHandle would ask /proc/stat when the machine began, which a service with ProcSubset=pid
  // (systemd.exec(5)) has not: 1970, it says then
  static final Instant AT =
      Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());

  private ProcessStart() {}
}
