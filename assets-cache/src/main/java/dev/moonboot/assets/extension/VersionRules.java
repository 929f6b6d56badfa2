package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.MODULE_RELEASE;
import static dev.moonboot.assets.extension.LintRule.VERSION_CONSTRAINT;

import dev.moonboot.assets.extension.ExtensionLint.Target;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether an extension is made for this Talos and this kernel. */
final class VersionRules {
  private VersionRules() {}

  static List<Finding> check(ExtensionImage image, Target target) {
    List<Finding> findings = new ArrayList<>();
    constraint(image.manifest().constraint(), target).ifPresent(findings::add);
    modules(image, target).ifPresent(findings::add);
    return findings;
  }

  private static Optional<Finding> constraint(String constraint, Target target) {
    try {
      return VersionRange.parse(constraint).contains(target.talos())
          ? Optional.empty()
          : Optional.of(
              Finding.error(
                  VERSION_CONSTRAINT,
                  List.of(),
                  "it is made for Talos %s, and this is %s"
                      .formatted(Finding.shown(constraint), target.talos()),
                  "take a version of the extension that is made for this Talos, or another base"));
    } catch (IllegalArgumentException e) {
      return Optional.of(
          Finding.error(
              VERSION_CONSTRAINT,
              List.of(),
              "its constraint on the version of Talos, \"%s\", cannot be read: %s"
                  .formatted(
                      Finding.shown(constraint), Finding.shown(String.valueOf(e.getMessage()))),
              "have its maker write one such as \">= v1.10.0\""));
    }
  }

  /** Modules are built and signed with one kernel, and are of use to no other. */
  private static Optional<Finding> modules(ExtensionImage image, Target target) {
    String directory = UsrMerge.modules(target.talos());
    Optional<FileTree> modules = image.rootfs().below(directory);
    if (modules.isEmpty()) {
      return Optional.empty();
    }
    List<String> releases = new ArrayList<>();
    modules
        .get()
        .root()
        .entries()
        .forEach((name, node) -> {
          if (node instanceof TreeNode.Directory) {
            releases.add(name);
          }
        });
    if (releases.equals(List.of(target.kernelRelease()))) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.error(
            MODULE_RELEASE,
            releases.stream().map(release -> directory + "/" + release).toList(),
            why(releases, target.kernelRelease()),
            "take the tag of the extension that was built for Talos " + target.talos()));
  }

  private static String why(List<String> releases, String kernel) {
    String has =
        releases.isEmpty()
            ? "it has a directory for kernel modules and none in it"
            : "it has kernel modules for " + Finding.shown(String.join(", ", releases));
    return kernel.isEmpty()
        ? has + ", and the base's kernel does not say its release"
        : has + ", and the base's kernel is " + kernel + ", which loads no others";
  }
}
