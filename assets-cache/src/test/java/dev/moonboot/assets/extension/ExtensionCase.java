package dev.moonboot.assets.extension;

import static java.util.stream.Collectors.joining;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.extension.ExtensionLint.Target;
import dev.moonboot.assets.extract.TreeExtraction;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.ExtensionImages.Rootfs;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestLayers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What tests of extensions share: images out of memory, read as they are in earnest. */
abstract class ExtensionCase {
  static final String RELEASE = "6.18.9-talos";

  @TempDir Path temp;

  private int spools;

  static Target target(String talos) {
    return target(Arch.AMD64, talos);
  }

  static Target target(Arch arch, String talos) {
    return new Target(arch, TalosVersion.parse(talos).orElseThrow(), RELEASE, null);
  }

  final ExtensionImage read(TestImage image) {
    return read(image, Arch.AMD64);
  }

  final ExtensionImage read(TestImage image, Arch arch) {
    return ExtensionImage.read(
        "the-image", Digest.of(new byte[0]), unpack(TestLayers.of(image.platform(arch), temp)));
  }

  final ExtensionImage read(String manifest, Rootfs rootfs) {
    return read(ExtensionImages.of(manifest, rootfs));
  }

  final TreeExtraction.Unpacked unpack(TestLayers layers) {
    return TreeExtraction.unpack(layers, temp.resolve("spool-" + spools++), Progress.NONE);
  }

  final FileTree tree(TestImage image) {
    return unpack(TestLayers.of(image.platform(Arch.AMD64), temp)).tree();
  }

  /** Severity, rule and places of each finding, a line each. */
  static String brief(List<Finding> findings) {
    return findings.stream()
        .map(f -> (f.severity().id() + " " + f.rule().id() + " " + f.places()).strip() + "\n")
        .collect(joining());
  }
}
