package dev.moonboot.firmware;

import dev.moonboot.boot.BootAnswer;
import dev.moonboot.node.NodeLabels;

/** What a node is to boot, with what only that node may see. */
@FunctionalInterface
public interface Plans {
  /**
   * The answer for the node with these labels, as it is told to whoever asks. Reads memory only.
   */
  BootAnswer plan(NodeLabels labels, Asker who);
}
