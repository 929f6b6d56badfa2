package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdOutputStream;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.compose.NewcWriter;
import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImages.Content;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/** Extracts images that are large or want to be, in a process of its own with a small heap. */
final class HeapBoundMain {
  private static final int MIB = 1 << 20;
  private static final String AT = "usr/install/amd64/";

  private final Path directory;

  private HeapBoundMain(Path directory) {
    this.directory = directory;
  }

  private interface LayerContent {
    void write(OutputStream out) throws IOException;
  }

  public static void main(String[] args) throws IOException {
    HeapBoundMain main = new HeapBoundMain(Path.of(args[0]));
    main.extract("large installer", "+zstd", main::largeInstaller);
    main.extract("bomb", "+gzip", out -> member(out, AT + "vmlinuz", '0', 300 * MIB));
    main.extract("GNU long name", "+gzip", out -> member(out, "x", 'L', 200 * MIB));
    main.extract("PAX header", "+gzip", out -> member(out, "x", 'x', 200 * MIB));
    main.extract("global PAX header", "+gzip", out -> member(out, "x", 'g', 200 * MIB));
    main.extract("long paths", "+zstd", out -> entries(out, 90_000, "d/".repeat(200)));
    main.extract("long links", "+zstd", HeapBoundMain::longLinks);
    main.extract("many entries", "+zstd", out -> entries(out, 100_001, ""));
    main.extract("zstd window", "+zstd", HeapBoundMain::raw);
    main.extract("xz dictionary", "", out -> pair(out, hugeDictionary()));
    main.extract("cpio name", "", out -> pair(out, hugeName()));
    main.unpack("tree of large files", "+zstd", out -> largeFiles(out, 3, 90));
    main.unpack("tree of many files", "+zstd", out -> entries(out, 99_000, "d/e/"));
    main.unpack("tree of deep directories", "+zstd", out -> entries(out, 90_000, "d/".repeat(200)));
    main.unpack("tree of many directories", "+zstd", HeapBoundMain::deepDirectories);
    main.unpack("tree of long links", "+zstd", HeapBoundMain::longLinks);
    main.unpack("tree of many attributes", "+zstd", HeapBoundMain::attributes);
  }

  private void extract(String name, String packing, LayerContent content) throws IOException {
    Layers.Layer layer = layer(name, packing, content);
    System.out.println(name + ": " + outcome(layer, directory.resolve(name)));
  }

  private void unpack(String name, String packing, LayerContent content) throws IOException {
    Layers one = layers(layer(name, packing, content));
    try {
      var unpacked =
          TreeExtraction.unpack(one, directory.resolve(name).resolve("spool"), Progress.NONE);
      int[] nodes = {0};
      unpacked.tree().walk((_, _) -> nodes[0]++);
      System.out.println(name + ": " + nodes[0] + " nodes, " + unpacked.bytes() + " bytes");
    } catch (ExtractException e) {
      System.out.println(name + ": rejected");
    }
  }

  private Layers.Layer layer(String name, String packing, LayerContent content) throws IOException {
    Path out = Files.createDirectories(directory.resolve(name));
    Path file = out.resolve("layer");
    try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(file), MIB);
        OutputStream packed = packed(packing, to, name.equals("zstd window"))) {
      content.write(packed);
    }
    return new Layers.Layer(
        "application/vnd.oci.image.layer.v1.tar" + packing,
        Digest.of(name.getBytes(UTF_8)),
        null,
        file);
  }

  private static Layers layers(Layers.Layer layer) {
    return new Layers() {
      @Override
      public int count() {
        return 1;
      }

      @Override
      public Layer fetch(int index) {
        return layer;
      }
    };
  }

  private static String outcome(Layers.Layer layer, Path out) {
    try {
      return BootFileExtractor.extract(layers(layer), AMD64, out, Progress.NONE).layout();
    } catch (ExtractException e) {
      return "rejected";
    }
  }

  private static OutputStream packed(String packing, OutputStream to, boolean already)
      throws IOException {
    if (already) {
      return to;
    }
    return switch (packing) {
      case "+zstd" -> new ZstdOutputStream(to, 1);
      case "+gzip" -> new GZIPOutputStream(to, MIB);
      default -> to;
    };
  }

  /** A UKI of 260 MiB, more than the heap. */
  private void largeInstaller(OutputStream out) throws IOException {
    Path initramfs = directory.resolve("initramfs");
    try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(initramfs), MIB);
        OutputStream zstd = new ZstdOutputStream(to, 1);
        NewcWriter cpio = new NewcWriter(zstd)) {
      cpio.file("init", 0755, InitramfsFixture.elf(AMD64));
      cpio.file("rootfs.sqsh", 0644, 260L * MIB, new Noise(260L * MIB));
    }
    Path uki = directory.resolve("uki");
    try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(uki), MIB)) {
      new UkiWriter(UkiWriter.returningStub(AMD64))
          .section(".cmdline", "talos.platform=metal".getBytes(UTF_8))
          .section(".linux", Content.DEFAULT.kernel(AMD64))
          .section(".initrd", initramfs)
          .writeTo(to);
    }
    long size = Files.size(uki);
    TarFixture header = new TarFixture().header(AT + "vmlinuz.efi", '0', "", size, h -> {});
    out.write(header.unfinished());
    Files.copy(uki, out);
    out.write(new byte[(int) (-size & 511) + 1024]);
  }

  /** Bytes that do not compress. */
  private static final class Noise extends InputStream {
    private final Random random = new Random(1);
    private long left;

    Noise(long size) {
      this.left = size;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("read by arrays only");
    }

    @Override
    public int read(byte[] out, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      byte[] noise = new byte[(int) Math.min(left, Math.min(length, 65536))];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, out, offset, noise.length);
      left -= noise.length;
      return noise.length;
    }
  }

  private static void largeFiles(OutputStream out, int count, int mebibytes) throws IOException {
    for (int i = 0; i < count; i++) {
      long size = (long) mebibytes * MIB;
      out.write(new TarFixture().header("f" + i, '0', "", size, h -> {}).unfinished());
      new Noise(size).transferTo(out);
    }
    out.write(new byte[1024]);
  }

  /** Each with a target that does not compress well. */
  private static void longLinks(OutputStream out) throws IOException {
    for (int i = 0; i < 10_000; i++) {
      TarFixture tar = new TarFixture().pax("linkpath", noise(i, i % 2 == 0 ? 4000 : 60_000));
      out.write(tar.symlink("l" + i, "").unfinished());
    }
    out.write(new byte[1024]);
  }

  private static void attributes(OutputStream out) throws IOException {
    for (int i = 0; i < 5_000; i++) {
      String name = "SCHILY.xattr." + noise(i, 60_000);
      out.write(new TarFixture().pax(name, "x").file("f" + i, "").unfinished());
    }
    out.write(new byte[1024]);
  }

  private static String noise(long seed, int length) {
    byte[] bytes = new byte[length / 2];
    new Random(seed).nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void deepDirectories(OutputStream out) throws IOException {
    for (int i = 0; i < 45_000; i++) {
      out.write(new TarFixture().file(i + "/" + "d/".repeat(240) + "f", "").unfinished());
    }
    out.write(new byte[1024]);
  }

  private static void member(OutputStream out, String name, char type, int size)
      throws IOException {
    out.write(new TarFixture().header(name, type, "", size, h -> {}).unfinished());
    byte[] zeros = new byte[MIB];
    for (int i = 0; i < size / MIB; i++) {
      out.write(zeros);
    }
    out.write(new TarFixture().file("after", "x").bytes());
  }

  private static void entries(OutputStream out, int count, String prefix) throws IOException {
    for (int i = 0; i < count; i++) {
      out.write(new TarFixture().file(prefix + i, "").unfinished());
    }
    out.write(new byte[1024]);
  }

  /** A zstd frame header with a window of 2^31, and a block that says it is long. */
  private static void raw(OutputStream out) throws IOException {
    out.write(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (21 << 3), 4, 0, 0x10});
    out.write(new byte[MIB]);
  }

  private static void pair(OutputStream out, byte[] initramfs) throws IOException {
    out.write(
        new TarFixture()
            .file(AT + "vmlinuz", Content.DEFAULT.kernel(AMD64))
            .file(AT + "initramfs.xz", initramfs)
            .bytes());
  }

  private static byte[] hugeDictionary() {
    byte[] xz = InitramfsFixture.xz(InitramfsFixture.base(AMD64, 1000, 1));
    xz[16] = 36; // 2^30 bytes
    CRC32 crc = new CRC32();
    crc.update(xz, 12, 8);
    for (int i = 0; i < 4; i++) {
      xz[20 + i] = (byte) (crc.getValue() >> (8 * i));
    }
    return xz;
  }

  private static byte[] hugeName() {
    byte[] cpio = InitramfsFixture.base(AMD64, 1000, 1);
    byte[] spoiled = Arrays.copyOf(cpio, cpio.length);
    System.arraycopy("10000000".getBytes(UTF_8), 0, spoiled, 6 + 8 * 11, 8);
    return spoiled;
  }
}
