import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.ComposedInitramfs;
import dev.moonboot.assets.compose.InitramfsComposer;
import dev.moonboot.assets.compose.InitramfsOrder;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogManager;
import java.util.stream.Stream;

/**
 * Composes the folders of extensions into an initramfs, for compose.py: {@code ComposeBench BASE
 * SCRATCH THREADS FOLDER...}. Prints one {@code name value} a line.
 */
final class ComposeBench {
  private ComposeBench() {}

  public static void main(String[] args) throws Exception {
    LogManager.getLogManager().reset();
    List<InitramfsOrder.Extension> extensions = new ArrayList<>();
    for (String folder : List.of(args).subList(3, args.length)) {
      Path path = Path.of(folder);
      String name = path.getFileName().toString();
      extensions.add(
          new InitramfsOrder.Extension(
              name,
              new ExtensionManifest(name, "v1", "bench", "", "", ""),
              new FileTree(directory(path))));
    }
    InitramfsOrder order =
        new InitramfsOrder(
            Path.of(args[0]),
            extensions,
            false,
            null,
            TalosVersion.parse("v1.13.9").orElseThrow(),
            Arch.AMD64,
            true,
            false,
            Integer.parseInt(args[2]));
    long start = System.nanoTime();
    ComposedInitramfs composed = InitramfsComposer.compose(order, Path.of(args[1]));
    System.out.printf("seconds %.3f%n", (System.nanoTime() - start) / 1e9);
    System.out.printf("bytes %d%n", composed.whole().size());
    Path status = Path.of("/proc/self/status");
    String peak = Files.readAllLines(status).stream().filter(l -> l.startsWith("VmHWM")).findFirst().orElseThrow();
    System.out.printf("peak_rss_kib %s%n", peak.replaceAll("\\D", ""));
  }

  private static TreeNode.Directory directory(Path folder) throws IOException {
    TreeNode.Directory.Builder in = TreeNode.Directory.builder(0755);
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        if (Files.isSymbolicLink(entry)) {
          in.put(name, new TreeNode.Symlink(Files.readSymbolicLink(entry).toString()));
        } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          in.put(name, directory(entry));
        } else {
          in.put(name, new TreeNode.File(0755, new OnDisk(entry, Files.size(entry))));
        }
      }
    }
    return in.build();
  }

  private record OnDisk(Path file, long size) implements TreeNode.Content {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }
}
