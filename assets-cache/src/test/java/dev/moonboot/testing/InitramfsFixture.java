package dev.moonboot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.compose.NewcWriter;
import dev.moonboot.assets.squashfs.SquashfsSettings;
import dev.moonboot.assets.squashfs.SquashfsWriter;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.assets.tree.TreeNode.Directory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.tukaani.xz.LZMA2Options;

/** Initramfs images shaped as Talos builds them: a base archive, then an archive of extensions. */
public final class InitramfsFixture {
  private InitramfsFixture() {}

  /** Writes the entries of one archive. */
  public interface Entries {
    void write(NewcWriter out) throws IOException;
  }

  /** One system extension, by the name and version that {@code extensions.yaml} gives it. */
  public record Extension(String name, String version) {}

  /** One uncompressed cpio archive. */
  public static byte[] cpio(Entries entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (NewcWriter writer = new NewcWriter(out)) {
      entries.write(writer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * The base archive: {@code init} and {@code rootfs.sqsh}, uncompressed.
   *
   * @param rootfsSize bytes of incompressible filling, different for each {@code seed}
   */
  public static byte[] base(Arch arch, int rootfsSize, long seed) {
    byte[] filling = new byte[rootfsSize];
    new Random(seed).nextBytes(filling);
    Directory usr =
        Directory.builder(0755)
            .put("bin", directory("init", elf(arch)))
            .put("lib", Directory.builder(0755).put("firmware", Directory.of(0755)).build())
            .put("local", Directory.of(0755))
            .put(
                "share",
                Directory.builder(0755)
                    .put("filling", new TreeNode.File(0755, Content.of(filling)))
                    .put("spdx", directory("talos-" + arch.id() + ".spdx.json", packages()))
                    .build())
            .build();
    return base(
        arch,
        new FileTree(
            Directory.builder(0755)
                .put("etc", directory("extensions.yaml", new byte[0]))
                .put("usr", usr)
                .build()));
  }

  private static byte[] packages() {
    return SpdxFixture.document("kernel", "go.etcd.io/bbolt").getBytes(UTF_8);
  }

  private static Directory directory(String name, byte[] content) {
    return Directory.builder(0755).put(name, new TreeNode.File(0755, Content.of(content))).build();
  }

  /** The base archive, with a root file system that can be mounted, uncompressed. */
  public static byte[] base(Arch arch, FileTree root) {
    byte[] rootfs = squashfs(root);
    return cpio(out -> {
      out.file("init", 0755, elf(arch));
      out.file("rootfs.sqsh", 0644, rootfs);
    });
  }

  /** A squashfs image. */
  public static byte[] squashfs(FileTree tree) {
    try {
      Path file = Files.createTempFile("moonboot-fixture-", ".sqsh");
      try {
        Files.delete(file);
        SquashfsWriter.write(tree, file, SquashfsSettings.zstd(1, 1));
        return Files.readAllBytes(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How a squashfs image of {@code size} bytes begins; there need be nothing behind it. */
  public static byte[] squashfsHead(long size) {
    ByteBuffer head = ByteBuffer.allocate(96).order(ByteOrder.LITTLE_ENDIAN);
    head.put(0, "hsqs".getBytes(UTF_8)).putShort(20, (short) 6).putShort(28, (short) 4);
    return head.putLong(40, size).array();
  }

  /** The archive that adds extensions, uncompressed. */
  public static byte[] extensions(List<Extension> extensions) {
    return cpio(out -> {
      for (int i = 0; i < extensions.size(); i++) {
        out.file(i + ".sqsh", 0644, ("hsqs" + extensions.get(i).name()).getBytes(UTF_8));
      }
      out.file("extensions.yaml", 0644, yaml(extensions).getBytes(UTF_8));
    });
  }

  private static String yaml(List<Extension> extensions) {
    StringBuilder yaml = new StringBuilder("layers:\n");
    for (int i = 0; i < extensions.size(); i++) {
      yaml.append(
          """
              - image: %d.sqsh
                metadata:
                    name: %s
                    version: %s
                    author: Fixture
                    description: |
                        name: not this one
                    compatibility:
                        talos:
                            version: '>= v1.5.0'
          """
              .formatted(i, extensions.get(i).name(), extensions.get(i).version()));
    }
    return yaml.toString();
  }

  /** The first bytes of an ELF program for {@code arch}. */
  public static byte[] elf(Arch arch) {
    ByteBuffer elf = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).putShort(16, (short) 2);
    elf.putShort(18, (short) (arch == Arch.AMD64 ? 0x3e : 0xb7));
    return elf.array();
  }

  /** As Talos ≥ 1.8 compresses: one zstd frame an archive, one after the other. */
  public static byte[] zstd(byte[]... archives) {
    return joined(archives, archive -> Zstd.compress(archive, 3));
  }

  /** As Talos ≤ 1.7 compresses: one xz stream an archive. */
  public static byte[] xz(byte[]... archives) {
    return joined(archives, archive -> KernelFixture.xz(archive, new LZMA2Options()));
  }

  /** One gzip member an archive. */
  public static byte[] gzip(byte[]... archives) {
    return joined(archives, KernelFixture::gzip);
  }

  private static byte[] joined(byte[][] archives, UnaryOperator<byte[]> compression) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] archive : archives) {
      out.writeBytes(compression.apply(archive));
    }
    return out.toByteArray();
  }
}
