package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.Layers;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts the top layer in two, a kernel and an initramfs; or into a dozen files, where that is
 * wanted. A layer that begins with BAD is refused.
 */
final class ToyExtraction implements ImageAccess.Extraction {
  private static final int FILES = 12;

  @Override
  public BootFiles extract(Layers layers, Wanted wanted, Path directory, Progress progress) {
    try {
      Layers.Layer top = layers.fetch(layers.count() - 1);
      top.arrival().awaitWhole();
      byte[] bytes = Files.readAllBytes(top.file());
      if (!Digest.of(bytes).equals(top.digest())) {
        throw new AssertionError("a layer that does not have its digest was handed over");
      }
      if (new String(bytes, 0, 3, UTF_8).equals("BAD")) {
        throw new ExtractException("the layer is bad");
      }
      int cut = bytes.length / 4;
      Map<AssetName, BootFiles.Found> files = new HashMap<>();
      if (wanted.content() != Content.BOOT) {
        return files(wanted, bytes, directory);
      }
      write(files, directory, AssetName.VMLINUZ, Arrays.copyOf(bytes, cut));
      write(files, directory, AssetName.INITRAMFS, Arrays.copyOfRange(bytes, cut, bytes.length));
      write(files, directory, AssetName.CMDLINE, "console=tty0\n".getBytes(UTF_8));
      return new BootFiles(
          wanted.arch(), "toy", wanted.talosVersion(), "6.1-toy", List.of("hello v1"), files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** So many that they are synced side by side. */
  private static BootFiles files(Wanted wanted, byte[] bytes, Path directory) throws IOException {
    Map<AssetName, BootFiles.Found> files = new HashMap<>();
    int length = bytes.length / FILES;
    for (int i = 0; i < FILES; i++) {
      byte[] part = Arrays.copyOfRange(bytes, i * length, (i + 1) * length);
      write(files, directory, AssetName.file("file-" + i), part);
    }
    return new BootFiles(
        wanted.content(), wanted.arch(), "toy", "", "", List.of(), null, List.of(), files);
  }

  private static void write(
      Map<AssetName, BootFiles.Found> files, Path directory, AssetName name, byte[] bytes)
      throws IOException {
    Path file = directory.resolve(name.fileName());
    try (FileChannel out = FileChannel.open(file, CREATE_NEW, WRITE)) {
      Disk.writeFully(out, ByteBuffer.wrap(bytes));
    }
    files.put(name, new BootFiles.Found(file, bytes.length, Digest.of(bytes), "layer"));
  }
}
