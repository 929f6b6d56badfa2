package dev.moonboot.assets.compose;

import static dev.moonboot.assets.compose.ComposedInitramfs.Origin.ADDED;
import static dev.moonboot.assets.compose.ComposedInitramfs.Origin.MADE;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.compose.ComposedInitramfs.Origin;
import dev.moonboot.assets.compose.InitramfsOrder.Marker;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.squashfs.SquashfsException;
import dev.moonboot.assets.squashfs.SquashfsSettings;
import dev.moonboot.assets.squashfs.SquashfsWriter;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Packs layers into squashfs images, as Talos's imager has mksquashfs do. */
final class LayerMaker {
  /** What the marker's layer is called. */
  static final String MARKER = "schematic";

  private static final int LEVEL = 18; // as Talos's imager

  private final InitramfsOrder order;
  private final Scratch scratch;

  LayerMaker(InitramfsOrder order, Scratch scratch) {
    this.order = order;
    this.scratch = scratch;
  }

  /** An extension's layer. */
  LayerFile added(InitramfsOrder.Extension extension, FileTree layer) {
    return make(extension.name(), extension.manifest(), ADDED, layer);
  }

  /**
   * A layer with one empty file, whose name is the marker's id (Image Factory, {@code
   * internal/schematic}).
   */
  LayerFile marker(Marker marker) {
    FileTree file =
        new TreeBuilder()
            .put(
                "usr/local/share/schematic/" + marker.id(),
                new TreeNode.File(0644, TreeNode.Content.of(new byte[0])))
            .build();
    // Talos before 1.7 has no such field, and would not mind it: but neither would anyone read it
    String text = order.version().isAtLeast(7) ? marker.text() : "";
    ExtensionManifest manifest =
        new ExtensionManifest(
            MARKER,
            marker.id(),
            marker.author(),
            "Virtual extension which specifies the schematic that the image was made from.",
            ">= 1.0.0",
            text);
    return make(MARKER, manifest, MADE, file);
  }

  /** The layer of the modules' index (Talos, {@code internal/pkg/extensions/kernel_modules.go}). */
  LayerFile modules(KernelModules.Index index) {
    ExtensionManifest manifest =
        new ExtensionManifest(
            KernelModules.NAME,
            index.release(),
            "Talos Machinery",
            "Combined modules.dep for all extensions",
            "",
            "");
    return make(KernelModules.NAME, manifest, MADE, index.tree());
  }

  private LayerFile make(String name, ExtensionManifest manifest, Origin origin, FileTree tree) {
    Path file = scratch.next();
    try {
      SquashfsWriter.write(tree, file, settings());
      NewcLimits.requireSize(name, "its layer", Files.size(file));
      return new LayerFile(manifest, origin, hashed(file), tree);
    } catch (SquashfsException e) {
      throw new ComposeException(
          "extension %s cannot be packed: %s; have its maker mend it"
              .formatted(name, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SquashfsSettings settings() {
    return switch (ArchivePacking.of(order.version())) {
      case ZSTD -> SquashfsSettings.zstd(LEVEL, order.threads());
      case XZ_CRC32 -> SquashfsSettings.xz(order.threads());
    };
  }

  private static Found hashed(Path file) throws IOException {
    return new Found(file, Files.size(file), Digest.ofFile(file), "");
  }
}
