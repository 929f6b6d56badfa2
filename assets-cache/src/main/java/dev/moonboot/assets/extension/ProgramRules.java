package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.FOREIGN_ELF;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.extension.ExtensionLint.Target;
import dev.moonboot.assets.tree.TreeNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether an extension's programs and services can run. */
final class ProgramRules {
  private static final Pattern PROGRAM = Pattern.compile("usr/local/(?:.*/)?s?bin/[^/]+");

  private final Arch arch;
  private final Set<String> foreign = new LinkedHashSet<>();
  private final Set<String> sisters = new LinkedHashSet<>();

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
    return PROGRAM.matcher(path).matches();
  }

  private void program(String path, TreeNode.File file) {
    switch (Elf.fit(file, arch).orElse(Elf.Fit.OWN)) {
      case OWN -> {}
      case SISTER -> sisters.add(path);
      case FOREIGN -> foreign.add(path);
    }
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (!foreign.isEmpty()) {
      findings.add(
          Finding.error(
              FOREIGN_ELF,
              List.copyOf(foreign),
              "these programs are for another machine than " + arch.id(),
              "take the extension's image for "
                  + arch.id()
                  + ", or have its maker build one: the image says it is that"));
    }
    if (!sisters.isEmpty()) {
      findings.add(
          Finding.warning(
              FOREIGN_ELF,
              List.copyOf(sisters),
              "these programs are 32-bit, which not every kernel runs",
              "see that they run on the node, or have its maker build them for " + arch.id()));
    }
    return findings;
  }
}
