package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.compose.InitramfsOrder.Extension;
import dev.moonboot.assets.compose.InitramfsOrder.Marker;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.extract.CpioReader;
import dev.moonboot.assets.extract.InitramfsReader;
import dev.moonboot.assets.squashfs.SquashfsSettings;
import dev.moonboot.assets.squashfs.SquashfsWriter;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.Requires;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Orders, and looks at what came of them, for tests. */
final class ComposeCase {
  static final TalosVersion V1_13 = new TalosVersion(1, 13, 0, "");
  static final TalosVersion V1_7 = new TalosVersion(1, 7, 0, "");
  static final Marker MARKER =
      new Marker("ab12".repeat(16), "customization: {}\n", "moonboot (https://example.test)");

  private ComposeCase() {}

  static TreeNode.File file(int mode, String content) {
    return new TreeNode.File(mode, Content.of(content.getBytes(UTF_8)));
  }

  static ExtensionManifest manifest(String name) {
    return new ExtensionManifest(
        name, "v1.0.2", "Fixture", "about " + name + "\n", ">= v1.5.0", "");
  }

  /** An extension of one program. */
  static Extension extension(String name) {
    return extension(name, new TreeBuilder().put("usr/local/bin/" + name, file(0755, name)));
  }

  static Extension extension(String name, TreeBuilder rootfs) {
    return new Extension("ghcr.io/acme/" + name + ":v1", manifest(name), rootfs.build());
  }

  /** As FRR's: links of both kinds, modes of all kinds. */
  static Extension frr() {
    TreeNode.File bash = file(04755, "bash");
    String root = "usr/local/lib/containers/frr/";
    return new Extension(
        "frr",
        manifest("frr"),
        new TreeBuilder()
            .put(root + "bin/bash", bash)
            .put(root + "bin/sh", bash)
            .put(root + "bin/ash", new TreeNode.Symlink("/bin/bash"))
            .put(root + "tmp", TreeNode.Directory.of(01777))
            .put("usr/local/etc/containers/frr.yaml", file(0644, "name: frr\n"))
            .put("dev/null", new TreeNode.Special("character device"))
            .build()
            .withRootMode(0700));
  }

  /** A squashfs image as others than ours write them: with any mode of its root. */
  static byte[] withRootMode(int mode, FileTree tree, Path file) throws IOException {
    SquashfsWriter.write(tree, file, SquashfsSettings.zstd(1, 1).stored());
    ByteBuffer image = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    long root = image.getLong(32); // block in the table of inodes, and offset in that
    int at = (int) (image.getLong(64) + (root >>> 16) + 2 + (root & 0xffff));
    return image.putShort(at + 2, (short) mode).array();
  }

  static byte[] base(Arch arch) {
    return InitramfsFixture.base(arch, 100_000, 7);
  }

  /** An order of all, for amd64 and 1.13. */
  static InitramfsOrder order(Path base, @Nullable Marker marker, Extension... extensions) {
    return order(base, V1_13, marker, extensions);
  }

  static InitramfsOrder order(
      Path base, TalosVersion version, @Nullable Marker marker, Extension... extensions) {
    return new InitramfsOrder(
        base, List.of(extensions), false, marker, version, Arch.AMD64, true, true, 2);
  }

  static InitramfsOrder replacing(InitramfsOrder order) {
    return new InitramfsOrder(
        order.base(),
        order.extensions(),
        true,
        order.marker(),
        order.version(),
        order.arch(),
        order.whole(),
        order.parts(),
        order.threads());
  }

  static ComposedInitramfs compose(InitramfsOrder order, Path folder) throws IOException {
    return InitramfsComposer.compose(order, Files.createDirectories(folder));
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] whole(ComposedInitramfs composed) {
    return bytes(requireNonNull(composed.whole()).file());
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** What is in an initramfs, each file's last content by its name. */
  static Map<String, byte[]> contents(Path initramfs) throws IOException {
    Map<String, byte[]> contents = new HashMap<>();
    walk(initramfs, (entry, body) -> contents.put(entry.name(), body.readAllBytes()));
    return contents;
  }

  /** Its entries as they come, with type and mode in octal digits. */
  static List<String> entries(Path initramfs) throws IOException {
    List<String> entries = new ArrayList<>();
    walk(initramfs, (entry, _) -> entries.add("%o %s".formatted(entry.mode(), entry.name())));
    return entries;
  }

  private static void walk(Path initramfs, CpioReader.Visitor visitor) throws IOException {
    try (InitramfsReader reader = InitramfsReader.open(initramfs)) {
      CpioReader cpio = new CpioReader(visitor);
      while (reader.next(cpio).isPresent()) {
        // told to the visitor
      }
    }
  }

  static List<String> images(ComposedInitramfs composed) {
    return composed.layers().stream().map(Layer::image).toList();
  }

  /** What a program prints. */
  static String run(Path folder, String... command) throws IOException, InterruptedException {
    command[0] = Requires.program(command[0]).toString();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    String told = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + told);
    }
    return told;
  }
}
