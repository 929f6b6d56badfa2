package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.HIDDEN_BY_LATER;
import static dev.moonboot.assets.extension.LintRule.SAME_NAME;

import dev.moonboot.assets.extension.ExtensionLint.Target;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What extensions do to each other. */
final class OrderRules {
  private final List<ExtensionImage> ordered;
  private final String firmware;
  private final Pattern madeList;

  private OrderRules(List<ExtensionImage> ordered, Target target) {
    this.ordered = ordered;
    this.firmware = UsrMerge.firmware(target.talos());
    this.madeList =
        Pattern.compile(Pattern.quote(UsrMerge.modules(target.talos())) + "/[^/]+/modules\\.[^/]+");
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
          } else if (under != null && !isMade(path) && !isSame(under, over)) {
            hidden.add(path);
          }
        });
  }

  /** Whether all extensions' files of that name are put together, or made anew. */
  private boolean isMade(String path) {
    return path.startsWith(firmware + "/intel-ucode/")
        || path.startsWith(firmware + "/amd-ucode/microcode_amd")
        || madeList.matcher(path).matches();
  }

  private static boolean isSame(TreeNode one, TreeNode other) {
    return (one instanceof TreeNode.File file && other instanceof TreeNode.File with)
        ? file.mode() == with.mode() && isSame(file.content(), with.content())
        : one.equals(other);
  }

  private static boolean isSame(TreeNode.Content one, TreeNode.Content other) {
    if (one.size() != other.size()) {
      return false;
    }
    try (InputStream in = one.open();
        InputStream with = other.open()) {
      byte[] block = in.readNBytes(1 << 16);
      while (block.length > 0) {
        if (!Arrays.equals(block, with.readNBytes(1 << 16))) {
          return false;
        }
        block = in.readNBytes(1 << 16);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
