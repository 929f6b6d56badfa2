package dev.moonboot.assets.squashfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import dev.moonboot.assets.tree.TreeNode.Directory;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Trees, and the programs of squashfs-tools, for tests. */
final class SquashfsCase {
  private static final int[] FILE_MODES = {0644, 0755, 04755, 02755, 0400, 0, 0666, 01644};
  private static final int[] DIRECTORY_MODES = {0755, 01777, 0700, 02775, 0555};

  private SquashfsCase() {}

  static TreeNode.File file(int mode, String content) {
    return new TreeNode.File(mode, Content.of(content.getBytes(UTF_8)));
  }

  static FileTree tree(Directory.Builder root) {
    return new FileTree(root.build());
  }

  /** What an FRR extension has: modes, links of both kinds, a shared directory for all. */
  static FileTree frr() {
    TreeNode.File program = file(04755, "program ".repeat(40_000));
    Directory.Builder bin = Directory.builder(0755);
    bin.put("busybox", program).put("sh", program).put("vi", new TreeNode.Symlink("/bin/busybox"));
    Directory.Builder root = Directory.builder(0700);
    root.put("bin", bin.build()).put("tmp", Directory.of(01777)).put("empty", file(0644, ""));
    return tree(root);
  }

  /** One of each kind, in an image of less than a page. */
  static FileTree small() {
    TreeNode.File file = file(0644, "content ".repeat(20));
    Directory.Builder inner = Directory.builder(01777).put("link", file);
    inner.put("symlink", new TreeNode.Symlink("../file")).put("empty", file(0400, ""));
    return tree(Directory.builder(0755).put("file", file).put("inner", inner.build()));
  }

  /** A tree of any shape, the same for the same seed. */
  static FileTree random(long seed) {
    Random random = new Random(seed);
    return new FileTree(directory(random, 0755, 3, new ArrayList<>()));
  }

  private static Directory directory(
      Random random, int mode, int depth, List<TreeNode.File> files) {
    Directory.Builder directory = Directory.builder(mode);
    int count = depth == 3 ? 12 : random.nextInt(9);
    for (int i = 0; i < count; i++) {
      directory.put(name(random), node(random, depth, files));
    }
    return directory.build();
  }

  private static String name(Random random) {
    String letters = "abcXYZ019._-é漢";
    StringBuilder name = new StringBuilder("n");
    int length = random.nextInt(10) == 0 ? 60 : random.nextInt(6);
    for (int i = 0; i < length; i++) {
      name.append(letters.charAt(random.nextInt(letters.length())));
    }
    return name.toString();
  }

  private static TreeNode node(Random random, int depth, List<TreeNode.File> files) {
    int kind = random.nextInt(10);
    if (kind < 3 && depth > 0) {
      int mode = DIRECTORY_MODES[random.nextInt(DIRECTORY_MODES.length)];
      return directory(random, mode, depth - 1, files);
    } else if (kind == 3) {
      return new TreeNode.Symlink(random.nextBoolean() ? "/absolute/漢" : "x".repeat(90));
    } else if (kind == 4 && !files.isEmpty()) {
      return files.get(random.nextInt(files.size()));
    }
    int mode = FILE_MODES[random.nextInt(FILE_MODES.length)];
    TreeNode.File file = new TreeNode.File(mode, Content.of(content(random)));
    files.add(file);
    return file;
  }

  private static byte[] content(Random random) {
    int block = SquashfsWriter.BLOCK_SIZE;
    int[] sizes = {0, 1, 4096, block - 1, block, block + 1, 3 * block, 2 * block + 777};
    byte[] content =
        new byte[random.nextInt(3) == 0 ? sizes[random.nextInt(8)] : random.nextInt(3000)];
    switch (random.nextInt(4)) {
      case 0 -> random.nextBytes(content); // does not pack
      case 1 -> {} // zeros
      default -> {
        for (int i = 0; i < content.length; i++) {
          content[i] = (byte) (i / 7 % 40 + random.nextInt(3));
        }
      }
    }
    return content;
  }

  /** Makes a tree on the disk, for programs that read it there; needs root for some modes. */
  static Path onDisk(FileTree tree, Path folder) throws IOException {
    Files.createDirectories(folder);
    IdentityHashMap<TreeNode, Path> made = new IdentityHashMap<>();
    tree.walk((path, node) -> {
      Path at = folder.resolve(path);
      switch (node) {
        case Directory directory -> Files.createDirectory(at);
        case TreeNode.Symlink link -> Files.createSymbolicLink(at, Path.of(link.target()));
        case TreeNode.Special special -> throw new IOException("not made: " + path);
        case TreeNode.File file -> {
          if (made.containsKey(file)) {
            Files.createLink(at, made.get(file));
          } else {
            try (var in = file.content().open()) {
              Files.copy(in, at);
            }
            Files.setAttribute(at, "unix:mode", file.mode());
            made.put(file, at);
          }
        }
      }
    });
    tree.walk((path, node) -> {
      if (node instanceof Directory directory) {
        Files.setAttribute(folder.resolve(path), "unix:mode", directory.mode());
      }
    });
    Files.setAttribute(folder, "unix:mode", tree.root().mode());
    return folder;
  }

  /** Runs a program, which must end well; returns what it told. */
  static String run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Requires.program(program).toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    process.getOutputStream().close();
    String told = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    assertEquals(0, process.waitFor(), () -> command + ": " + told);
    return told;
  }
}
