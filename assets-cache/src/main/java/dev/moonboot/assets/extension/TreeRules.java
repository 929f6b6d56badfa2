package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.ABSOLUTE_SYMLINK;
import static dev.moonboot.assets.extension.LintRule.HIDDEN_DIRECTORY;
import static dev.moonboot.assets.extension.LintRule.LOST_ATTRIBUTES;
import static dev.moonboot.assets.extension.LintRule.OUTSIDE_ALLOWED_PATHS;
import static dev.moonboot.assets.extension.LintRule.REAL_LIB_DIRECTORY;
import static dev.moonboot.assets.extension.LintRule.REPLACED_LINK;
import static dev.moonboot.assets.extension.LintRule.ROOT_MODE;
import static dev.moonboot.assets.extension.LintRule.SETUID;
import static dev.moonboot.assets.extension.LintRule.SPECIAL_FILE;
import static dev.moonboot.assets.extension.LintRule.WORLD_WRITABLE;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.extension.ExtensionLint.Target;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands where in an extension, with which mode. */
final class TreeRules {
  private static final Set<String> MERGED = Set.of("lib", "lib64", "bin", "sbin");
  private static final String INTO_USR = "/?usr/(lib|lib64|bin|sbin)/?";

  /** Directories of Talos that nothing but a directory may be laid over. */
  private static final List<String> DIRECTORIES =
      List.of(
          "dev",
          "etc",
          "etc/cri",
          "opt",
          "proc",
          "run",
          "sys",
          "system",
          "tmp",
          "usr",
          "usr/bin",
          "usr/lib",
          "usr/local",
          "usr/share",
          "var");

  private static final int WORLD_WRITES = 02;
  private static final int STICKY = 01000;
  private static final int SET_ID = 06000;

  private final FileTree rootfs;
  private final @Nullable FileTree base;
  private final AllowedPaths allowed;
  private final Map<LintRule, List<String>> paths = new EnumMap<>(LintRule.class);

  private TreeRules(FileTree rootfs, Target target) {
    this.rootfs = rootfs;
    this.base = target.base();
    this.allowed = new AllowedPaths(target.talos());
  }

  static List<Finding> check(ExtensionImage image, Target target) {
    TreeRules rules = new TreeRules(image.rootfs(), target);
    if (UsrMerge.isIn(target.talos())) {
      rules.merged();
    }
    rules.directories();
    image.rootfs().walk(rules::look);
    List<Finding> findings = new ArrayList<>();
    rules.paths.forEach((rule, paths) -> findings.add(finding(rule, paths)));
    whole(image).forEach(findings::add);
    return findings;
  }

  /** Whether it is an error at that path with any base. */
  static boolean isTold(String path, TreeNode node, TalosVersion talos) {
    return (UsrMerge.isIn(talos) && MERGED.contains(path))
        || (DIRECTORIES.contains(path) && !(node instanceof TreeNode.Directory));
  }

  private void note(LintRule rule, String path) {
    paths.computeIfAbsent(rule, _ -> new ArrayList<>()).add(path);
  }

  private void merged() {
    rootfs
        .root()
        .entries()
        .forEach((name, node) -> {
          boolean same = node instanceof TreeNode.Symlink(var target) && target.matches(INTO_USR);
          if (MERGED.contains(name) && !same) {
            note(REAL_LIB_DIRECTORY, name);
          }
        });
  }

  private void directories() {
    for (String directory : DIRECTORIES) {
      Optional<TreeNode> node = rootfs.node(directory);
      if (node.isPresent() && !(node.get() instanceof TreeNode.Directory)) {
        note(HIDDEN_DIRECTORY, directory);
      }
    }
  }

  private void look(String path, TreeNode node) {
    if (!(node instanceof TreeNode.Directory) && !allowed.has(path)) {
      note(OUTSIDE_ALLOWED_PATHS, path);
    }
    switch (node) {
      case TreeNode.Directory(int mode, var _) -> {
        if ((mode & WORLD_WRITES) != 0 && (mode & STICKY) == 0) {
          note(WORLD_WRITABLE, path);
        }
      }
      case TreeNode.File file -> {
        if ((file.mode() & WORLD_WRITES) != 0) {
          note(WORLD_WRITABLE, path);
        }
        if ((file.mode() & SET_ID) != 0) {
          note(SETUID, path);
        }
      }
      case TreeNode.Symlink(var target) -> {
        if (target.startsWith("/") && !isThere(path, target)) {
          note(ABSOLUTE_SYMLINK, path);
        }
      }
      case TreeNode.Special _ -> note(SPECIAL_FILE, path);
    }
  }

  /** In a container the container's own root is meant, else the node's: this upon the base's. */
  private boolean isThere(String link, String target) {
    Optional<FileTree> container = Containers.rootOf(rootfs, link);
    return container.orElse(rootfs).node(Containers.clean(target)).isPresent()
        || (container.isEmpty() && base != null && Containers.resolve(base, target).isPresent());
  }

  private static Finding finding(LintRule rule, List<String> paths) {
    return switch (rule) {
      case REAL_LIB_DIRECTORY ->
          Finding.error(
              rule,
              paths,
              "from Talos 1.10 this is a symbolic link into usr, which would be hidden: the node"
                  + " would not boot",
              "have its maker put the files below usr, or take a version that is made for this"
                  + " Talos");
      case HIDDEN_DIRECTORY ->
          Finding.error(
              rule,
              paths,
              "Talos has a directory here, which would be hidden with all that is in it",
              "have its maker leave it out");
      case OUTSIDE_ALLOWED_PATHS ->
          Finding.warning(
              rule,
              paths,
              "Talos's own extensions have no files here, and such files may hide the node's own",
              "see that they are wanted; the usual place is usr/local");
      case SPECIAL_FILE ->
          Finding.warning(
              rule,
              paths,
              "devices, fifos and sockets are left out",
              "have its maker leave them out");
      case WORLD_WRITABLE ->
          Finding.warning(
              rule,
              paths,
              "everybody may write here, as far as the file system can be written",
              "have its maker take the right away, or set the sticky bit of a directory");
      case SETUID ->
          Finding.warning(
              rule,
              paths,
              "programs that run with the rights of their owner or group are a way to more rights",
              "see that they are wanted");
      case ABSOLUTE_SYMLINK ->
          Finding.warning(
              rule,
              paths,
              "these symbolic links lead to what is not in the extension",
              "see that it is there on the node, or in the service when it runs");
      default -> throw new IllegalStateException(rule.id());
    };
  }

  private static List<Finding> whole(ExtensionImage image) {
    List<Finding> findings = new ArrayList<>();
    int mode = image.rootfs().root().mode();
    if (mode != 0755) {
      findings.add(
          Finding.warning(
              ROOT_MODE,
              List.of(),
              "rootfs has mode %04o, which would become the mode of the node's root directory"
                  .formatted(mode),
              "nothing needs to be done: it is made 0755"));
    }
    if (!image.lostAttributes().isEmpty()) {
      findings.add(
          Finding.warning(
              LOST_ATTRIBUTES,
              List.of(),
              "files have extended attributes, which are not kept: "
                  + Finding.shown(String.join(", ", image.lostAttributes())),
              "see that the extension works without them"));
    }
    if (!image.replacedLinks().isEmpty()) {
      findings.add(
          Finding.warning(
              REPLACED_LINK,
              image.replacedLinks(),
              "the image has a symbolic link here and files below it; a directory was taken",
              "have its maker build the image anew"));
    }
    return findings;
  }
}
