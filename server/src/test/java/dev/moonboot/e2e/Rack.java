package dev.moonboot.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Boots machines in their order, two at a time: while one is waited for, so boots the next. */
final class Rack implements AutoCloseable {
  private static final int AT_A_TIME = 2;

  private final Site site;
  private final List<Machine> machines;
  private final int release;
  private final Map<Machine, VirtualMachine> started = new EnumMap<>(Machine.class);

  /**
   * @param machines none of which is on before its turn
   * @param release what all of them are to boot
   */
  Rack(Site site, List<Machine> machines, int release) {
    this.site = site;
    this.machines = List.copyOf(machines);
    this.release = release;
  }

  /** Waits until that machine, and all before it, have booted what they were expected to. */
  VirtualMachine boots(Machine machine) {
    int turn = machines.indexOf(machine);
    VirtualMachine virtual = started(turn);
    for (int next = turn + 1; next < Math.min(turn + AT_A_TIME, machines.size()); next++) {
      var _ = started(next);
    }
    virtual.boots();
    if (turn + AT_A_TIME < machines.size()) {
      var _ = started(turn + AT_A_TIME); // on the network card that is free now
    }
    return virtual;
  }

  private VirtualMachine started(int turn) {
    return started.computeIfAbsent(
        machines.get(turn),
        machine -> {
          try {
            return site.machine(machine, release, turn % AT_A_TIME);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public void close() {
    started.values().forEach(VirtualMachine::close);
  }
}
