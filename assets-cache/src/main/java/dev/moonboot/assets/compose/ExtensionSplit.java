package dev.moonboot.assets.compose;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.assets.tree.TreeNode.Directory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What of an extension's files goes where (Talos, {@code internal/pkg/extensions/compress.go}):
 * microcode to the kernel before it unpacks anything, firmware into the initramfs, where drivers
 * look before the layers are mounted, and the rest into the layer.
 *
 * @param intel microcode, in the order of its files' names
 * @param amd likewise
 * @param firmware of the firmware's folder
 * @param layer all other, without devices, fifos and sockets, {@code /} of mode 0755
 * @param special paths of those
 */
record ExtensionSplit(
    List<Content> intel,
    List<Content> amd,
    FileTree firmware,
    FileTree layer,
    List<String> special) {
  private static final int ROOT_MODE = 0755;

  static ExtensionSplit of(FileTree rootfs, Places places) {
    List<Content> intel = new ArrayList<>();
    List<Content> amd = new ArrayList<>();
    FileTree firmware = rootfs.below(places.firmware()).orElse(FileTree.EMPTY);
    if (places.microcode()) {
      take(firmware, "intel-ucode", _ -> true, intel);
      take(firmware, "amd-ucode", Places::isAmd, amd);
      firmware = firmware.without(path -> isMicrocode(path) && isIn(rootfs, places, path));
    }
    List<String> special = new ArrayList<>();
    rootfs.walk((path, node) -> {
      if (node instanceof TreeNode.Special) {
        special.add(path);
      }
    });
    FileTree layer =
        rootfs.without(path ->
            (path.equals(places.firmware()) && rootfs.below(path).isPresent())
                || rootfs.node(path).orElse(null) instanceof TreeNode.Special);
    return new ExtensionSplit(intel, amd, pruned(firmware), layer.withRootMode(ROOT_MODE), special);
  }

  /**
   * Where things stand in a root file system.
   *
   * @param firmware the folder of firmware
   * @param modules the folder of kernel modules
   * @param microcode whether the kernel takes microcode from the front of an initramfs
   */
  record Places(String firmware, String modules, boolean microcode) {
    /** Since 1.10 Talos's {@code /lib} is a link. */
    static Places of(TalosVersion version, Arch arch) {
      String usr = version.isAtLeast(10) ? "usr/" : "";
      return new Places(usr + "lib/firmware", usr + "lib/modules", arch == Arch.AMD64);
    }

    static boolean isAmd(String name) {
      return name.startsWith("microcode_amd") && name.endsWith(".bin");
    }
  }

  private static void take(
      FileTree firmware, String folder, Predicate<String> wanted, List<Content> to) {
    if (firmware.node(folder).orElse(null) instanceof Directory directory) {
      directory
          .entries()
          .forEach((name, node) -> {
            if (node instanceof TreeNode.File file && wanted.test(name)) {
              to.add(file.content());
            }
          });
    }
  }

  private static boolean isMicrocode(String path) {
    String[] names = path.split("/", -1);
    return names.length == 2
        && (names[0].equals("intel-ucode")
            || (names[0].equals("amd-ucode") && Places.isAmd(names[1])));
  }

  private static boolean isIn(FileTree rootfs, Places places, String path) {
    return rootfs.file(places.firmware() + "/" + path) != null;
  }

  /** Without directories that have nothing in them, and what is no file. */
  private static FileTree pruned(FileTree tree) {
    return new FileTree(pruned(tree.root()));
  }

  private static Directory pruned(Directory directory) {
    Directory.Builder kept = Directory.builder(directory.mode());
    directory
        .entries()
        .forEach((name, node) -> {
          switch (node) {
            case Directory inner -> {
              Directory rest = pruned(inner);
              if (!rest.entries().isEmpty()) {
                kept.put(name, rest);
              }
            }
            case TreeNode.Special _ -> {}
            case TreeNode.File _, TreeNode.Symlink _ -> kept.put(name, node);
          }
        });
    return kept.build();
  }
}
