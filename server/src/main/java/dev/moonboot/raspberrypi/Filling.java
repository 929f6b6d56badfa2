package dev.moonboot.raspberrypi;

import dev.moonboot.boot.BootAnswer;
import dev.moonboot.firmware.Asker;
import dev.moonboot.node.NodeLabels;

/** Puts into an answer what only the one node may see: the URL of its machine config. */
@FunctionalInterface
public interface Filling {
  /**
   * The answer as it is sent to who asks, with a fresh ticket where one is needed.
   *
   * @param boots false for who only wants to know how long the answer would be
   */
  BootAnswer fill(BootAnswer answer, NodeLabels labels, Asker who, boolean boots);
}
