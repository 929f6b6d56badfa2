package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.FOREIGN_ELF;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.extension.ExtensionLint.Target;
import dev.moonboot.assets.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;

/** Whether an extension's programs and services can run. */
final class ProgramRules {
  private final Arch arch;
  private final List<String> foreign = new ArrayList<>();
  private final List<String> sisters = new ArrayList<>();

  private ProgramRules(Arch arch) {
    this.arch = arch;
  }

  static List<Finding> check(ExtensionImage image, Target target) {
    ProgramRules rules = new ProgramRules(target.arch());
    image.rootfs().walk(rules::look);
    ServiceRules services = new ServiceRules(image.rootfs());
    List<Finding> findings = new ArrayList<>(services.check());
    services.entrypoints().forEach(rules::program);
    findings.addAll(rules.findings());
    return findings;
  }

  private void look(String path, TreeNode node) {
    if (node instanceof TreeNode.File file && isProgram(path)) {
      program(path, file);
    }
  }

  private static boolean isProgram(String path) {
    return path.startsWith("usr/local/") && path.matches(".*/s?bin/[^/]+");
  }

  private void program(String path, TreeNode.File file) {
    switch (Elf.fit(file, arch).orElse(Elf.Fit.OWN)) {
      case OWN -> {}
      case SISTER -> add(sisters, path);
      case FOREIGN -> add(foreign, path);
    }
  }

  private static void add(List<String> paths, String path) {
    if (!paths.contains(path)) {
      paths.add(path);
    }
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (!foreign.isEmpty()) {
      findings.add(
          Finding.error(
              FOREIGN_ELF,
              foreign,
              "these programs are for another machine than " + arch.id(),
              "take the extension's image for "
                  + arch.id()
                  + ", or have its maker build one: the image says it is that"));
    }
    if (!sisters.isEmpty()) {
      findings.add(
          Finding.warning(
              FOREIGN_ELF,
              sisters,
              "these programs are 32-bit, which not every kernel runs",
              "see that they run on the node, or have its maker build them for " + arch.id()));
    }
    return findings;
  }
}
