package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.HIDDEN_BY_LATER;
import static dev.moonboot.assets.extension.LintRule.SAME_NAME;

import dev.moonboot.assets.extension.ExtensionLint.Target;
import dev.moonboot.assets.tree.TreeNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What extensions do to each other. */
final class OrderRules {
  private final List<ExtensionImage> ordered;
  private final MadeFiles made;

  private OrderRules(List<ExtensionImage> ordered, Target target) {
    this.ordered = ordered;
    this.made = new MadeFiles(target);
  }

  static List<List<Finding>> check(List<ExtensionImage> ordered, Target target) {
    OrderRules rules = new OrderRules(ordered, target);
    List<List<Finding>> findings = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      List<Finding> of = new ArrayList<>();
      rules.hidden(i, of);
      rules.named(i, of);
      findings.add(List.copyOf(of));
    }
    return findings;
  }

  private void named(int index, List<Finding> findings) {
    String name = ordered.get(index).manifest().name();
    for (ExtensionImage later : ordered.subList(index + 1, ordered.size())) {
      if (later.manifest().name().equals(name)) {
        findings.add(
            Finding.warning(
                SAME_NAME,
                List.of(),
                "%s is called %s, too".formatted(later.reference(), Finding.shown(name)),
                "see whether one of them can be left out"));
        return;
      }
    }
  }

  private void hidden(int index, List<Finding> findings) {
    Map<String, TreeSet<String>> by = new LinkedHashMap<>();
    for (ExtensionImage later : ordered.subList(index + 1, ordered.size())) {
      TreeSet<String> paths = new TreeSet<>(TreeNode.BY_BYTES);
      compare("", ordered.get(index).rootfs().root(), later.rootfs().root(), paths);
      if (!paths.isEmpty()) {
        by.computeIfAbsent(later.label(), _ -> new TreeSet<>(TreeNode.BY_BYTES)).addAll(paths);
      }
    }
    by.forEach((later, paths) ->
        findings.add(
            Finding.warning(
                HIDDEN_BY_LATER,
                List.copyOf(paths),
                Finding.shown(later) + " has other files of these names, and comes later",
                "put the one whose files are wanted last, or leave one out")));
  }

  private void compare(
      String prefix, TreeNode.Directory lower, TreeNode.Directory upper, Set<String> hidden) {
    upper
        .entries()
        .forEach((name, over) -> {
          TreeNode under = lower.entries().get(name);
          String path = prefix + name;
          if (under instanceof TreeNode.Directory inner
              && over instanceof TreeNode.Directory outer) {
            compare(path + "/", inner, outer, hidden);
          } else if (under != null && !made.has(path) && !SameNode.of(under, over)) {
            hidden.add(path);
          }
        });
  }
}
