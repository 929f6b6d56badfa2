package dev.moonboot.assets.compose;

import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.compose.ComposedInitramfs.Origin;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.tree.FileTree;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A layer's squashfs image, ready to be put into an archive.
 *
 * @param meant what was packed; null for an image that was taken over
 */
record LayerFile(ExtensionManifest manifest, Origin origin, Found file, @Nullable FileTree meant) {
  private static final int MAX_NAME = 48;

  /** As the {@code index}-th in the list, which has three digits at most ({@link LayerBound}). */
  Layer at(int index) {
    return new Layer(
        String.format(Locale.ROOT, "%03d-%s.sqsh", index, plain(manifest.name())),
        manifest,
        origin,
        file.size(),
        file.digest());
  }

  /** {@code frr v1.0.2}, for people. */
  String label() {
    return manifest.version().isEmpty()
        ? manifest.name()
        : manifest.name() + " " + manifest.version();
  }

  private static String plain(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._+-]+", "-");
    return plain.isEmpty() ? "-" : plain.substring(0, Math.min(MAX_NAME, plain.length()));
  }
}
