package dev.moonboot.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Boots machines in their order, two at a time: while one is waited for, so boots the next.
 *
 * @param <M> says which machine
 */
final class Rack<M> implements AutoCloseable {
  private static final int AT_A_TIME = 2;

  private final List<M> machines;
  private final Power<M> power;
  private final Map<M, VirtualMachine> started = new HashMap<>();

  /** Switches on a machine. */
  @FunctionalInterface
  interface Power<M> {
    /**
     * Lets it boot.
     *
     * @param card the network card that no other machine has now, 0 or 1
     */
    VirtualMachine on(M machine, int card) throws IOException;
  }

  /**
   * @param machines none of which is on before its turn
   */
  Rack(List<M> machines, Power<M> power) {
    this.machines = List.copyOf(machines);
    this.power = power;
  }

  /** Waits until that machine, and all before it, have booted what they were expected to. */
  VirtualMachine boots(M machine) {
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
            return power.on(machine, turn % AT_A_TIME);
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
