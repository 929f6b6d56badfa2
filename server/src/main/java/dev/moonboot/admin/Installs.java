package dev.moonboot.admin;

import dev.moonboot.boot.BootPlan;
import dev.moonboot.installer.InstallCheck;
import dev.moonboot.node.NodeLabels;
import java.util.Optional;

/** What a node is to install on its disk, as far as the configs that are served here say it. */
@FunctionalInterface
public interface Installs {
  /** Nothing is known. */
  Installs UNKNOWN = (labels, plan) -> Optional.empty();

  /** What was found of a node with these labels that boots so; empty when nothing is to be said. */
  Optional<InstallCheck.Finding> of(NodeLabels labels, BootPlan plan);
}
