package dev.moonboot.assets.compose;

import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.CpioReader;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.InitramfsReader;
import dev.moonboot.assets.squashfs.SquashfsReader;
import dev.moonboot.assets.tree.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Talos's root file system, as the initramfs of a base has it: what extensions are laid over.
 *
 * @param tree whose contents are in a file; null when it cannot be read
 * @param problem why not, for people; empty when it can
 */
public record BaseRoot(@Nullable FileTree tree, String problem) {
  /** Over ten times what Talos has; more is not unpacked only to be looked at. */
  private static final long MOST_BYTES = 1L << 30;

  /**
   * Unpacks it, to look at it: what cannot be read is told and harms nothing.
   *
   * @param folder is made, on a disk with room for as much as the initramfs has; the tree's
   *     contents lie in it
   */
  public static BaseRoot read(Path initramfs, Path folder) {
    Scratch scratch = new Scratch(folder);
    Deque<Found> found = new ArrayDeque<>();
    CpioReader cpio =
        new CpioReader((entry, body) -> {
          if (entry.name().equals(BaseSplit.ROOTFS)) {
            if (entry.size() > MOST_BYTES) {
              throw new IOException("rootfs.sqsh has " + entry.size() + " bytes");
            }
            found.add(scratch.write(body, BaseSplit.ROOTFS)); // of two the later counts
          }
        });
    try (InitramfsReader reader = InitramfsReader.open(initramfs)) {
      while (reader.next(cpio).isPresent()) {
        // told to the visitor
      }
      return found.isEmpty()
          ? new BaseRoot(null, "its initramfs has no rootfs.sqsh")
          : new BaseRoot(SquashfsReader.read(found.getLast().file()).tree(), "");
    } catch (IOException | ExtractException e) {
      return new BaseRoot(null, String.valueOf(e.getMessage()));
    }
  }
}
