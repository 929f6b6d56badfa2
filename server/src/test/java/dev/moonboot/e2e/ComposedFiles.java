package dev.moonboot.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A composed initramfs as Debian's tools see it: cpio, zstd, unsquashfs. */
final class ComposedFiles {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

  /** How many bytes a dictionary's id takes, by its flag (RFC 8878, 3.1.1.1.3). */
  private static final int[] DICTIONARY = {0, 1, 2, 4};

  private final Path folder;

  private ComposedFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Takes one apart, around a base that is in it as it was.
   *
   * @param folder an empty one
   */
  static ComposedFiles of(Path initramfs, Path base, Path folder) throws IOException {
    byte[] all = Files.readAllBytes(initramfs);
    byte[] middle = Files.readAllBytes(base);
    int at = indexOf(all, middle);
    if (at < 0) {
      throw new AssertionError("the base is not in " + initramfs + " as it was");
    }
    Files.write(folder.resolve("early"), Arrays.copyOf(all, at));
    split(Arrays.copyOfRange(all, at + middle.length, all.length), folder);
    Files.createDirectories(folder.resolve("extensions"));
    ComposedFiles files = new ComposedFiles(folder);
    files.run("for n in packed-*; do zstd -q -dc <$n >archive-$n || exit 1; done");
    files.each("(cd extensions && cpio --quiet -id --no-absolute-filenames) <$n");
    return files;
  }

  /** Writes each frame of zstd into a file of its own; between them may be zeros. */
  private static void split(byte[] archives, Path folder) throws IOException {
    int at = 0;
    while (at < archives.length) {
      if (archives[at] == 0) {
        at++;
        continue;
      }
      int end = end(archives, at);
      Files.write(
          folder.resolve("packed-%08d".formatted(at)), Arrays.copyOfRange(archives, at, end));
      at = end;
    }
  }

  /** Where a frame ends that begins at {@code at} (RFC 8878, 3.1.1). */
  private static int end(byte[] bytes, int at) {
    if (!Arrays.equals(bytes, at, at + ZSTD.length, ZSTD, 0, ZSTD.length)) {
      throw new AssertionError("at " + at + " behind the base is no frame of zstd");
    }
    int flags = bytes[at + 4];
    int single = (flags >> 5) & 1;
    int sizeFlag = (flags >> 6) & 3;
    int size = sizeFlag == 0 ? single : 1 << sizeFlag;
    int block = at + 5 + (1 - single) + DICTIONARY[flags & 3] + size;
    boolean last = false;
    while (!last) {
      int header =
          Byte.toUnsignedInt(bytes[block])
              + 256 * Byte.toUnsignedInt(bytes[block + 1])
              + 65_536 * Byte.toUnsignedInt(bytes[block + 2]);
      last = (header & 1) == 1;
      boolean repeats = ((header >> 1) & 3) == 1;
      block += 3 + (repeats ? 1 : header >> 3);
    }
    return block + 4 * ((flags >> 2) & 1);
  }

  private static int indexOf(byte[] all, byte[] part) {
    int last = all.length - part.length;
    for (int at = 0; at <= last; at++) {
      if (all[at] == part[0] && Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }

  /** What is in the uncompressed part in front, in its order. */
  List<String> early() {
    return run("cpio --quiet -t <early");
  }

  /** What is in the archives behind the base. */
  List<String> names() {
    return each("cpio --quiet -t <$n");
  }

  /** Owner and group of all those, without repeating. */
  List<String> owners() {
    return each("cpio --quiet -tvn <$n").stream()
        .map(line -> line.strip().split(" +", 5))
        .map(fields -> fields[2] + " " + fields[3])
        .distinct()
        .toList();
  }

  /** The files of the layers, in the order in which a node mounts them. */
  List<String> images() {
    return run("sed -n 's/^ *- image: *//p' extensions/extensions.yaml | tr -d \"\\\"'\"");
  }

  /** The digest of a layer by its files, as the payload tells it. */
  String digest(String image) {
    run("unsquashfs -no-progress -d 'tree-%1$s' 'extensions/%1$s' >/dev/null".formatted(image));
    String command = Script.FILES_OF.path() + " 'tree-%s' | sha256sum | cut -c1-16";
    return String.join("", run(command.formatted(image)));
  }

  /** The mode of a layer's root. */
  String rootMode(String image) {
    return String.join("", run("stat -c '%%a %%u:%%g' 'tree-%s'".formatted(image)));
  }

  /** Runs that for each archive, which is {@code $n}. */
  private List<String> each(String command) {
    return run("for n in archive-*; do " + command + " || exit 1; done");
  }

  private List<String> run(String script) {
    try {
      Path log = Files.createTempFile(folder, "tools", ".log");
      List<String> command = List.of("sh", "-c", "cd '" + folder + "' && " + script);
      return new ArrayList<>(Running.run(command, log, LIMIT).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
