package dev.moonboot.assets.compose;

import dev.moonboot.assets.compose.ArchivePacking.Load;
import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.Compression;
import dev.moonboot.assets.extract.HashedFile;
import dev.moonboot.assets.extract.InitramfsReader.Member;
import dev.moonboot.assets.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes what an initramfs is made of. Firmware stands in an archive of its own behind that of the
 * layers: it is worth the work of packing, they are not.
 */
final class InitramfsFiles {
  private static final int ALIGNMENT = 4; // of plain archives, and of what follows a part

  private final InitramfsOrder order;
  private final Path folder;

  InitramfsFiles(InitramfsOrder order, Path folder) {
    this.order = order;
    this.folder = folder;
  }

  /**
   * The part with everything that the base has not.
   *
   * @param earlyBytes how many of them belong before the base
   */
  record Extensions(Found file, long earlyBytes) {}

  /** Writes microcode, layers and firmware; what there is none of is left out. */
  Extensions extensions(FileTree early, List<Layer> layers, List<LayerFile> files, FileTree rest) {
    try (HashedFile out = new HashedFile(folder.resolve("extensions"))) {
      if (!early.root().entries().isEmpty()) {
        try (NewcWriter cpio = new NewcWriter(out)) {
          CpioTree.write(early, cpio);
        }
      }
      long earlyBytes = out.size();
      if (!layers.isEmpty()) {
        try (OutputStream packed = packed(out, Load.LAYERS);
            NewcWriter cpio = new NewcWriter(packed)) {
          write(layers, files, cpio);
        }
      }
      if (!rest.root().entries().isEmpty()) {
        try (OutputStream packed = packed(out, Load.FILES);
            NewcWriter cpio = new NewcWriter(packed)) {
          CpioTree.write(rest, cpio);
        }
      }
      align(out);
      return new Extensions(out.found("composed extensions"), earlyBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private OutputStream packed(OutputStream out, Load load) throws IOException {
    return ArchivePacking.of(order.version()).pack(out, load, order.threads());
  }

  private static void write(List<Layer> layers, List<LayerFile> files, NewcWriter cpio)
      throws IOException {
    for (int i = 0; i < layers.size(); i++) {
      Found file = files.get(i).file();
      try (InputStream in = Files.newInputStream(file.file())) {
        cpio.file(layers.get(i).image(), 0644, file.size(), in);
      }
    }
    cpio.file(BaseSplit.LIST, 0644, ExtensionsText.of(layers));
  }

  /** Writes the base's own archives, as they are. */
  Found base(List<Member> members) {
    try (HashedFile out = new HashedFile(folder.resolve("base"))) {
      base(members, out);
      return out.found("base initramfs");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes all in one: microcode, base, extensions. */
  Found whole(List<Member> members, Extensions extensions) {
    try (HashedFile out = new HashedFile(folder.resolve("whole"))) {
      Found file = extensions.file();
      long early = extensions.earlyBytes();
      copy(file.file(), 0, early, out);
      base(members, out);
      copy(file.file(), early, file.size() - early, out);
      return out.found("composed initramfs");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void base(List<Member> members, HashedFile out) throws IOException {
    for (Member member : members) {
      if (member.packing() == Compression.NONE) {
        align(out);
      }
      copy(order.base(), member.from(), member.length(), out);
    }
  }

  private static void align(HashedFile out) throws IOException {
    out.write(new byte[(int) (-out.size() & (ALIGNMENT - 1))]);
  }

  private static void copy(Path file, long from, long length, OutputStream out) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      InputStream in = Channels.newInputStream(channel.position(from));
      byte[] buffer = new byte[HashedFile.BUFFER];
      for (long left = length; left > 0; ) {
        int got = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (got < 0) {
          throw new IOException(file + " became shorter while it was read");
        }
        out.write(buffer, 0, got);
        left -= got;
      }
    }
  }
}
