package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.PlatformImage;
import java.util.Optional;

/**
 * How many bytes are about to be written, besides those that are pulled. Estimates: whoever writes
 * more than that asks again.
 */
final class RoomNeeded {
  /** What programs unpack to, times what they are packed, by the extensions of Talos. */
  private static final int UNPACKED = 3;

  private RoomNeeded() {}

  /** To unpack base and extensions, of which only the packed sizes are known. */
  static long toUnpack(Making.Order order, InputImages images) {
    Recipe recipe = order.recipe();
    long bytes = 0;
    for (Arch arch : recipe.arches()) {
      bytes += packed(images, recipe.base(), arch); // kernel and initramfs are packed already
      bytes += UNPACKED * extensions(recipe, images, arch);
    }
    return bytes;
  }

  /** To compose what was unpacked; in one folder after the other, of which each stays. */
  static long toCompose(Workpiece piece, InputImages images) {
    Recipe recipe = piece.recipe();
    long base = size(piece, AssetName.INITRAMFS);
    // Layers are packed about as well as they came; never larger than what is in them.
    long packed = extensions(recipe, images, piece.arch()) * 3 / 2;
    long added = Math.min(piece.unpacked(), packed);
    long whole = base + added;
    long bytes = 2 * added + Math.max(base, added); // layers, their archive, one of them checked
    if (Making.needsWhole(recipe)) {
      bytes += whole;
    }
    if (recipe.outputs().contains(Output.PARTS)) {
      bytes += base;
    }
    long unified = size(piece, AssetName.VMLINUZ) + whole;
    if (recipe.outputs().contains(Output.UKI)) {
      bytes += unified;
    }
    if (recipe.outputs().contains(Output.INSTALLER)) {
      Input upon = Optional.ofNullable(recipe.installerBase()).orElse(recipe.base());
      bytes += packed(images, upon, piece.arch()) + 2 * unified; // itself, and its layer
    }
    if (recipe.outputs().contains(Output.ISO)) {
      bytes += 3 * unified; // itself, its partition, the image
    }
    return bytes;
  }

  private static long size(Workpiece piece, AssetName name) {
    return Optional.ofNullable(piece.base().files().get(name)).map(Found::size).orElse(0L);
  }

  private static long extensions(Recipe recipe, InputImages images, Arch arch) {
    return recipe.extensions().stream().mapToLong(one -> packed(images, one, arch)).sum();
  }

  private static long packed(InputImages images, Input input, Arch arch) {
    PlatformImage image =
        ReadImages.about("input " + input.name(), () -> images.platform(input, arch));
    return image.layers().stream().mapToLong(Descriptor::size).sum();
  }
}
