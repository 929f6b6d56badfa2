package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.DIRECTORY_MODE;
import static dev.moonboot.assets.extension.LintRule.HIDDEN_DIRECTORY;
import static dev.moonboot.assets.extension.LintRule.HIDES_BASE_FILE;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.extension.ExtensionLint.Target;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an extension does to the root file system of the base that it is laid over. */
final class BaseRules {
  /**
   * Files without which a node does not start: init, the C library and what loads it, and the file
   * that Talos's first program mounts the list of extensions on.
   */
  private static final Pattern VITAL =
      Pattern.compile("(usr/)?s?bin/init|(usr/)?lib(64)?/(ld-|libc\\.)[^/]*|etc/extensions\\.yaml");

  private final FileTree base;
  private final MadeFiles made;
  private final TalosVersion talos;
  private final List<String> directories = new ArrayList<>();
  private final List<String> vital = new ArrayList<>();
  private final List<String> files = new ArrayList<>();
  private final List<String> modes = new ArrayList<>();

  private BaseRules(FileTree base, Target target) {
    this.base = base;
    this.made = new MadeFiles(target);
    this.talos = target.talos();
  }

  /** Nothing, where the base is not at hand. */
  static List<Finding> check(ExtensionImage image, Target target) {
    FileTree base = target.base();
    if (base == null) {
      return List.of();
    }
    BaseRules rules = new BaseRules(base, target);
    rules.compare("", base.root(), image.rootfs().root());
    return rules.findings();
  }

  private void compare(String prefix, TreeNode.Directory under, TreeNode.Directory over) {
    over.entries()
        .forEach((name, mine) -> {
          TreeNode theirs = under.entries().get(name);
          String path = prefix + name;
          if (theirs != null && !made.has(path) && !TreeRules.isTold(path, mine, talos)) {
            compare(path, theirs, mine);
          }
        });
  }

  private void compare(String path, TreeNode theirs, TreeNode mine) {
    if (theirs instanceof TreeNode.Directory(int mode, var _)
        && mine instanceof TreeNode.Directory directory) {
      if (directory.mode() != mode) {
        modes.add(path);
      }
      compare(path + "/", (TreeNode.Directory) theirs, directory);
    } else if (!(mine instanceof TreeNode.Special) && !leadsTo(path, theirs, mine)) {
      if (isDirectory(path, theirs)) {
        directories.add(path);
      } else if (!SameNode.of(theirs, mine)) {
        (VITAL.matcher(path).matches() ? vital : files).add(path);
      }
    }
  }

  /** Whether a link of the extension leads to where the base's link leads, or to what is there. */
  private boolean leadsTo(String path, TreeNode theirs, TreeNode mine) {
    if (!(mine instanceof TreeNode.Symlink(var target))) {
      return false;
    }
    Optional<TreeNode> there =
        Containers.resolve(base, target.startsWith("/") ? target : path + "/../" + target);
    return theirs instanceof TreeNode.Symlink
        && there.isPresent()
        && Objects.equals(there, Containers.resolve(base, path));
  }

  /** Or a link to one. */
  private boolean isDirectory(String path, TreeNode theirs) {
    return theirs instanceof TreeNode.Directory
        || (theirs instanceof TreeNode.Symlink
            && Containers.resolve(base, path).orElse(null) instanceof TreeNode.Directory);
  }

  private List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (!directories.isEmpty()) {
      findings.add(
          Finding.error(
              HIDDEN_DIRECTORY,
              directories,
              "Talos has a directory here, or a link to one, which would be hidden with all that"
                  + " is in it",
              "have its maker leave it out"));
    }
    if (!vital.isEmpty()) {
      findings.add(
          Finding.error(
              HIDES_BASE_FILE,
              vital,
              "Talos has other files of these names, and does not start without them",
              "have its maker leave them out, or put them below usr/local"));
    }
    if (!files.isEmpty()) {
      findings.add(
          Finding.warning(
              HIDES_BASE_FILE,
              files,
              "Talos has other files of these names, which would be hidden",
              "see that it is wanted, and that the extension is made for this Talos"));
    }
    if (!modes.isEmpty()) {
      findings.add(
          Finding.warning(
              DIRECTORY_MODE,
              modes,
              "these directories of Talos would get the mode that they have in the extension",
              "have its maker give them the mode that they have in Talos, mostly 0755"));
    }
    return findings;
  }
}
