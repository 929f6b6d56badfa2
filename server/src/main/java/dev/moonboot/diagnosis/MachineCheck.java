package dev.moonboot.diagnosis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Clock, disk and what this process may do. */
final class MachineCheck implements Check {
  private static final int BIND_SERVICE = 10; // include/uapi/linux/capability.h
  private static final int NET_RAW = 13;
  private static final int PRIVILEGED = 1024;
  private static final long LITTLE = 512L << 20;

  private final Configured service;
  private final Kernel kernel;
  private final Instant now;
  private final Instant built;

  /**
   * @param built a time that is past for certain
   */
  MachineCheck(Configured service, Kernel kernel, Instant now, Instant built) {
    this.service = service;
    this.kernel = kernel;
    this.now = now;
    this.built = built;
  }

  @Override
  public List<Finding> look() {
    List<Finding> found = new ArrayList<>();
    found.add(clock());
    service.folders().forEach(folder -> found.add(disk(folder)));
    found.addAll(capabilities());
    return found;
  }

  private Finding clock() {
    String told = now.atOffset(ZoneOffset.UTC).toLocalDateTime().withNano(0) + " UTC";
    return now.isBefore(built)
        ? Finding.fail(
            "clock",
            told + " is before this program was built",
            "set it: certificates, tokens and sweeping depend on it (timedatectl)")
        : Finding.ok("clock", told);
  }

  private static Finding disk(Path folder) {
    String what = "disk " + folder;
    Path there = folder.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    if (there == null) {
      return Finding.fail(what, "does not exist", "make it");
    }
    try {
      long free = Files.getFileStore(there).getUsableSpace();
      String told = size(free) + " free" + (Files.exists(folder) ? "" : ", not made yet");
      return free < LITTLE
          ? Finding.warn(what, told, "a release with its work needs 200 MiB or more: make room")
          : Finding.ok(what, told);
    } catch (IOException e) {
      return Finding.warn(what, "cannot be looked at: " + e.getMessage(), "run this as root");
    }
  }

  static String size(long bytes) {
    return bytes >= 1L << 30
        ? "%.1f GiB".formatted(bytes / (double) (1L << 30))
        : "%.1f MiB".formatted(bytes / (double) (1L << 20));
  }

  /** Those of this process, and of the user that runs it: the service's unit has its own. */
  private List<Finding> capabilities() {
    Optional<Long> effective =
        kernel.lines("self/status").stream()
            .filter(line -> line.startsWith("CapEff:"))
            .findFirst()
            .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16));
    if (effective.isEmpty()) {
      return List.of();
    }
    List<Finding> found = new ArrayList<>();
    int from =
        kernel
            .value("sys/net/ipv4/ip_unprivileged_port_start")
            .map(Integer::parseInt)
            .orElse(PRIVILEGED);
    boolean low =
        service.http().getPort() < from
            || (service.tftp() != null && service.tftp().getPort() < from)
            || !service.dhcp().isEmpty();
    if (low) {
      found.add(
          capability(effective.get(), BIND_SERVICE, "CAP_NET_BIND_SERVICE", "ports below " + from));
    }
    if (!service.dhcp().isEmpty()) {
      found.add(
          capability(effective.get(), NET_RAW, "CAP_NET_RAW", "one socket an interface (dhcp)"));
    }
    return found;
  }

  private static Finding capability(long effective, int number, String name, String why) {
    boolean there = (effective >>> number & 1) == 1;
    return there
        ? Finding.ok("capability " + name, "there, for " + why)
        : Finding.warn(
            "capability " + name,
            "this user has it not, for " + why,
            "the unit in systemd/ gives it to the service; as yourself use sudo");
  }
}
