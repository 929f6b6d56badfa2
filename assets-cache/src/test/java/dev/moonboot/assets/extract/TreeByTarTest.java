package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.Requires;
import dev.moonboot.testing.TarFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same trees as GNU tar makes on a disk: each layer unpacked over the ones before, after what
 * its whiteouts name was removed.
 */
class TreeByTarTest extends TreeCase {
  private void assertAsTar(TarFixture... layers) throws IOException, InterruptedException {
    Path root = Files.createDirectory(temp.resolve("root"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (TarFixture layer : layers) {
      Path tar = Files.write(temp.resolve("layer.tar"), layer.bytes());
      for (String name :
          run("tar", "--quoting-style=literal", "-tf", tar.toString()).split("\n", -1)) {
        makeWay(root, name);
      }
      run(
          "sh",
          "-c",
          "umask 022; exec tar -xpf \"$1\" -C \"$2\" --exclude='.wh.*'",
          "sh",
          tar.toString(),
          root.toString());
    }
    StringBuilder text = new StringBuilder(line("", root, new HashMap<>()));
    walk(root, "", text, new HashMap<>());
    assertEquals(text.toString(), text(unpack(layers).tree()));
  }

  private String run(String... command) throws IOException, InterruptedException {
    command[0] = Requires.program(command[0]).toString();
    Path out = temp.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    String said = Files.readString(out);
    assertEquals("ended 0", ended ? "ended " + process.exitValue() : "still runs", said);
    return said;
  }

  /** What a whiteout names goes, and a directory where something else comes. */
  private static void makeWay(Path root, String name) throws IOException {
    String last = ImagePath.name(name);
    Path folder = root.resolve(ImagePath.parent(name));
    if (last.equals(".wh..wh..opq") && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      for (Path path : sorted(folder)) {
        delete(path);
      }
    } else if (last.startsWith(".wh.")) {
      delete(folder.resolve(last.substring(4)));
    } else if (!last.isEmpty()
        && Files.isDirectory(root.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
      delete(root.resolve(name));
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path inner : sorted(path)) {
        delete(inner);
      }
    }
    Files.deleteIfExists(path);
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> inner = Files.list(folder)) {
      return inner
          .sorted(Comparator.comparing(path -> path.getFileName().toString(), TreeNode.BY_BYTES))
          .toList();
    }
  }

  private static void walk(
      Path folder, String prefix, StringBuilder text, Map<Object, String> files)
      throws IOException {
    for (Path path : sorted(folder)) {
      String name = prefix + path.getFileName();
      text.append(line(name, path, files));
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        walk(path, name + "/", text, files);
      }
    }
  }

  private static String line(String name, Path path, Map<Object, String> files) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return name + " -> " + Files.readSymbolicLink(path) + "\n";
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return "%04o %s/\n".formatted(mode, name);
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return "fifo " + name + "\n";
    }
    String first = files.putIfAbsent(Files.getAttribute(path, "unix:ino"), name);
    return first == null
        ? "%04o %s=%s\n".formatted(mode, name, Files.readString(path))
        : name + " == " + first + "\n";
  }

  @Test
  void frr_comes_out_as_from_tar() throws IOException, InterruptedException {
    TarFixture tar = new TarFixture().file("manifest.yaml", ExtensionImages.manifest("frr", "1"));
    tar.directory("rootfs", 0755);
    tar.file("rootfs/text", "text");
    tar.directory("rootfs/tmp", 01777);
    tar.file("rootfs/bash", 04755, "program".getBytes(UTF_8));
    tar.hardLink("rootfs/sh", "rootfs/bash");
    tar.symlink("rootfs/mtab", "/proc/mounts");
    tar.entry("rootfs/fifo", '6', "", new byte[0]);
    tar.pax("path", "rootfs/" + "long/".repeat(40) + "name").file("short", Arch.AMD64.id());
    assertAsTar(tar);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void layers_at_random_come_out_as_from_tar(long seed) throws IOException, InterruptedException {
    RandomLayers random = new RandomLayers(seed);
    TarFixture[] layers = new TarFixture[1 + (int) (seed % 4)];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = random.layer();
    }
    assertAsTar(layers);
  }

  /** Layers of which all unpackers make the same: no file stands below a file or a link. */
  private static final class RandomLayers {
    private final Random random;
    private final Set<String> once = new HashSet<>(); // were files or links in some layer

    RandomLayers(long seed) {
      random = new Random(seed);
    }

    TarFixture layer() {
      TarFixture tar = new TarFixture();
      Set<String> leaves = new HashSet<>();
      Set<String> folders = new HashSet<>();
      List<String> files = new ArrayList<>();
      List<String> whiteouts = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String path = path();
        if (folders.contains(path) || leaves.contains(path) || isBelow(path, leaves)) {
          continue;
        }
        switch (random.nextInt(8)) {
          case 0 -> {
            parents(tar, path + "/x", folders);
            tar.directory(path, folderMode());
          }
          case 1 ->
              add(tar, path, leaves, folders).symlink(path, random.nextBoolean() ? "/a" : "../b");
          case 2 -> {
            if (!files.isEmpty()) {
              String target = files.get(random.nextInt(files.size()));
              add(tar, path, leaves, folders).hardLink(path, target);
            }
          }
          case 3 -> whiteouts.add(path);
          case 4 -> whiteouts.add(path + "/.wh..opq");
          default -> {
            add(tar, path, leaves, folders).file(path, mode(), ("content " + i).getBytes(UTF_8));
            files.add(path);
          }
        }
      }
      whiteouts(tar, whiteouts, leaves);
      once.addAll(leaves);
      return tar;
    }

    /** Behind all else: they count all the same. */
    private void whiteouts(TarFixture tar, List<String> paths, Set<String> leaves) {
      for (String path : paths) {
        if (!isBelow(path, leaves) && !isBelow(path, once)) {
          String name = ImagePath.join(ImagePath.parent(path), ".wh." + ImagePath.name(path));
          tar.file(name, "");
        }
      }
    }

    private TarFixture add(TarFixture tar, String path, Set<String> leaves, Set<String> folders) {
      parents(tar, path, folders);
      leaves.add(path);
      return tar;
    }

    private void parents(TarFixture tar, String path, Set<String> folders) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        String folder = path.substring(0, slash);
        if (folders.add(folder) && (once.contains(folder) || random.nextBoolean())) {
          tar.directory(folder, folderMode());
        }
      }
    }

    private static boolean isBelow(String path, Set<String> leaves) {
      for (String above = ImagePath.parent(path);
          !above.isEmpty();
          above = ImagePath.parent(above)) {
        if (leaves.contains(above)) {
          return true;
        }
      }
      return false;
    }

    private String path() {
      StringBuilder path = new StringBuilder();
      for (int i = random.nextInt(3); i >= 0; i--) {
        path.append((char) ('a' + random.nextInt(4))).append(i == 0 ? "" : "/");
      }
      return path.toString();
    }

    /** Without the bits that tar leaves on a directory once it has them. */
    private int folderMode() {
      return mode() & 01777;
    }

    private int mode() {
      return 0700
          | random.nextInt(01000)
          | (random.nextInt(8) << 9 & (random.nextInt(4) == 0 ? 07000 : 0));
    }
  }
}
