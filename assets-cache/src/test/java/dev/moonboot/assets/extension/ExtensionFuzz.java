package dev.moonboot.assets.extension;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.extract.TreeExtraction.Unpacked;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.Fuzz;
import java.util.List;
import java.util.TreeSet;

/** Any text as a manifest, as a service's description and as the lists of a catalog. */
public final class ExtensionFuzz {
  private static final ExtensionLint.Target TARGET =
      new ExtensionLint.Target(Arch.AMD64, new TalosVersion(1, 13, 9, ""), "6.18.9-talos", null);

  private ExtensionFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      for (FileTree tree : List.of(extension(input), service(input))) {
        try {
          ExtensionImage image = ExtensionImage.read("x", Digest.of(input), unpacked(tree));
          for (ExtensionReport report : ExtensionLint.reports(List.of(image, image), TARGET)) {
            oneLine(report.text(), 1 + report.findings().size());
          }
        } catch (ExtensionException e) {
          oneLine(String.valueOf(e.getMessage()), 1);
        }
      }
      catalog("image-digests", input);
      catalog("overlays.yaml", input);
    });
  }

  /** Nothing of an image may add a line to a message. */
  private static void oneLine(String text, int lines) {
    if (text.lines().count() > lines || text.indexOf('\u001b') >= 0) {
      throw new AssertionError("more than " + lines + " lines: " + text);
    }
  }

  private static void catalog(String name, byte[] input) {
    FileTree tree = tree(name, input);
    try {
      int count =
          name.equals("overlays.yaml")
              ? OverlayCatalog.read("it", tree).entries().size()
              : ExtensionCatalog.read("it", tree).entries().size();
      if (count > input.length) {
        throw new AssertionError(count + " entries");
      }
    } catch (ExtensionException e) {
      oneLine(String.valueOf(e.getMessage()), 1);
    }
  }

  private static FileTree extension(byte[] manifest) {
    return root(manifest, TreeNode.Directory.of(0755));
  }

  private static FileTree service(byte[] description) {
    byte[] manifest = ExtensionImages.manifest("x", "1").getBytes(UTF_8);
    TreeNode at = file(description);
    for (String name : List.of("x.yaml", "containers", "etc", "local", "usr")) {
      at = TreeNode.Directory.builder(0755).put(name, at).build();
    }
    return root(manifest, at);
  }

  private static FileTree root(byte[] manifest, TreeNode rootfs) {
    return new FileTree(
        TreeNode.Directory.builder(0755)
            .put("manifest.yaml", file(manifest))
            .put("rootfs", rootfs)
            .build());
  }

  private static FileTree tree(String name, byte[] content) {
    return new FileTree(TreeNode.Directory.builder(0755).put(name, file(content)).build());
  }

  private static TreeNode.File file(byte[] content) {
    return new TreeNode.File(0644, TreeNode.Content.of(content));
  }

  private static Unpacked unpacked(FileTree tree) {
    return new Unpacked(tree, 0, new TreeSet<>(), List.of());
  }

  static List<byte[]> seeds() {
    return List.of(
        ExtensionImages.manifest("hello", "1.0.0").getBytes(UTF_8),
        "version: v1alpha1\nmetadata: {name: a, extraInfo: |\n  b\n}".getBytes(UTF_8),
        "name: x\ncontainer:\n  entrypoint: ./run\n  mounts: [{destination: /run}]\n"
            .getBytes(UTF_8),
        ("ghcr.io/siderolabs/hello:1@sha256:" + "0".repeat(64)).getBytes(UTF_8),
        ("overlays:\n  - name: a\n    image: ghcr.io/a/b:1\n    digest: sha256:" + "0".repeat(64))
            .getBytes(UTF_8));
  }
}
