package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage.Packing;
import dev.moonboot.testing.TestImages.Content;
import dev.moonboot.testing.TestLayers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;

/** What tests of whole extractions share: amd64 images made of layers. */
abstract class ExtractionCase {
  static final Content CONTENT = Content.DEFAULT;
  static final String AT = "usr/install/amd64/";
  static final byte[] KERNEL = CONTENT.kernel(AMD64);
  static final byte[] INITRAMFS = CONTENT.initramfs(AMD64);
  static final byte[] GOOD = pair().bytes();

  @TempDir Path temp;

  static TarFixture pair() {
    return new TarFixture().file(AT + "vmlinuz", KERNEL).file(AT + "initramfs.xz", INITRAMFS);
  }

  final BootFiles extract(Layers layers, Limits limits) {
    try {
      Path out = Files.createDirectories(temp.resolve("out"));
      return BootFileExtractor.extract(layers, Wanted.of(AMD64), out, Progress.NONE, limits);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  final BootFiles extract(byte[] tar) {
    return extract(TestLayers.ofTar(temp, tar), Limits.DEFAULT);
  }

  final String refusal(Layers layers) {
    return String.valueOf(
        assertThrows(ExtractException.class, () -> extract(layers, Limits.DEFAULT)).getMessage());
  }

  final String refusal(byte[] tar) {
    return refusal(TestLayers.ofTar(temp, tar));
  }

  final String refusal(Packing packing, byte[] content) {
    return refusal(new TestLayers(temp).add(packing.layerType(), content, null));
  }

  static void assertContains(String part, String text) {
    assertTrue(text.contains(part), () -> "\"" + text + "\" should contain \"" + part + "\"");
  }

  static Digest digest(BootFiles files, AssetName name) {
    return Objects.requireNonNull(files.files().get(name)).digest();
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
