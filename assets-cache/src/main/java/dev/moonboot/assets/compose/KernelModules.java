package dev.moonboot.assets.compose;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.InitramfsOrder.Extension;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.program.Need;
import dev.moonboot.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The index of kernel modules of a base and its extensions together, as a layer of its own (Talos,
 * {@code pkg/imager/extensions/kernel_modules.go}): without it, a node finds only the modules that
 * its base came with. Talos' own loader reads the text files of the index, udev the binary ones.
 *
 * <p>Modules load only into the very kernel build that they were made with, so those of an
 * extension must be of the release that the base has.
 */
public final class KernelModules {
  /** What the layer is called. */
  public static final String NAME = "modules.dep";

  /** What {@link #index} calls. */
  public static final Need DEPMOD = new Need("depmod", "kmod", "an extension with kernel modules");

  /**
   * The index.
   *
   * @param release of the kernel
   * @param tree whose files lie in {@code folder}
   * @param folder is deleted by {@link #close}, with all in it
   */
  public record Index(String release, FileTree tree, Path folder) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      delete(folder);
    }
  }

  /** Where kernel modules stand, by the release of their kernel. */
  public static String folder(TalosVersion version) {
    // the root file system was merged into /usr with Talos 1.10
    return version.isAtLeast(10) ? "usr/lib/modules" : "lib/modules";
  }

  /** Whether an extension brings kernel modules. */
  public static boolean in(FileTree rootfs, TalosVersion version) {
    return rootfs.below(folder(version)).isPresent();
  }

  /**
   * The release of a base's kernel, by the folder of its modules.
   *
   * @throws ComposeException when there is not exactly one
   */
  public static String release(FileTree base, TalosVersion version) {
    String at = folder(version);
    List<String> releases = base.directories(at);
    if (releases.size() != 1) {
      throw new ComposeException(
          "the base has %s in /%s, where one kernel release has its modules; take the base that Talos %s came with"
              .formatted(
                  releases.isEmpty() ? "nothing" : String.join(", ", releases), at, version));
    }
    return ModuleFiles.checked(releases.getFirst(), "the base");
  }

  /**
   * Makes the index with {@code depmod}. Files of the index that an extension brings are not used:
   * this one is over them.
   *
   * @param base the base's root file system
   * @param extensions in their order; later ones replace modules of earlier ones
   * @param folder is made, on a disk with room for all modules; no symbolic link and no name that
   *     is not plain is made in it
   * @throws ComposeException when an extension's modules are for another kernel, or will not do
   * @throws IOException when files cannot be read or written, or there is no {@code depmod}: says
   *     what to install
   */
  public static Index index(
      FileTree base, List<Extension> extensions, TalosVersion version, Path folder)
      throws IOException {
    String release = release(base, version);
    for (Extension extension : extensions) {
      requireRelease(extension, release, version);
    }
    Program depmod = DEPMOD.find();
    Files.createDirectory(folder);
    try {
      String at = folder(version) + "/" + release;
      ModuleFiles modules = ModuleFiles.find(base, extensions, at);
      Path indexed = Depmod.run(depmod, folder.toAbsolutePath(), release, modules::write);
      return new Index(release, ModulesLayer.of(indexed, at), folder);
    } catch (IOException | RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  /**
   * Checks that an extension's modules are for a kernel.
   *
   * @throws ComposeException when they are for another
   */
  static void requireRelease(Extension extension, String release, TalosVersion version) {
    for (String theirs : extension.rootfs().directories(folder(version))) {
      if (!theirs.equals(release)) {
        throw new ComposeException(
            "extension %s has modules for the kernel %s, and the base's kernel is %s: modules load only into the kernel that they were built with; take the %s that was made for Talos %s"
                .formatted(
                    extension.name(),
                    ModuleFiles.shown(theirs),
                    release,
                    extension.name(),
                    version));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
