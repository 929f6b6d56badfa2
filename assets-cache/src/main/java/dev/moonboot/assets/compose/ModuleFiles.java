package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.moonboot.assets.compose.InitramfsOrder.Extension;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The kernel modules of a base and its extensions; of two with one path the later counts. */
final class ModuleFiles {
  private static final long MOST_BYTES = 2L << 30;
  private static final long MOST_ORDER = 16 << 20;
  private static final int MOST_DEEP = 1024;
  private static final String ORDER = "modules.order";

  /** Names that stand in lines and in paths without harm. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+,=@~-]{0,127}");

  private static final Pattern MODULE =
      Pattern.compile(".*\\.ko(\\.gz|\\.xz|\\.zst)?", Pattern.DOTALL);

  private final String at;
  private final FileTree known;
  private final Map<String, TreeNode.File> modules = new LinkedHashMap<>();
  private long bytes;

  private ModuleFiles(String at, FileTree known) {
    this.at = at;
    this.known = known;
  }

  /**
   * Finds them.
   *
   * @param at where the modules of the release stand in a root file system
   * @throws ComposeException when one has a name that none has, or there is too much of them
   */
  static ModuleFiles find(FileTree base, List<Extension> extensions, String at) {
    ModuleFiles all = new ModuleFiles(at, base.below(at).orElse(FileTree.EMPTY));
    all.collect("the base", base);
    for (Extension extension : extensions) {
      all.collect("extension " + extension.name(), extension.rootfs());
    }
    return all;
  }

  /** A name for messages. */
  static String shown(String name) {
    return PLAIN.matcher(name).matches() ? name : "of a strange name";
  }

  /** The same name, where it is one for a module or a folder of them. */
  static String checked(String name, String whose) {
    if (!PLAIN.matcher(name).matches()) {
      throw new ComposeException(
          whose
              + " has a kernel module in a file or folder with a name that none has: letters,"
              + " digits and ._+,=@~- make one, at most 128");
    }
    return name;
  }

  private void collect(String whose, FileTree tree) {
    tree.below(at)
        .ifPresent(below ->
            below.walk((path, node) -> {
              if (node instanceof TreeNode.File file && MODULE.matcher(path).matches()) {
                Stream.of(path.split("/", -1)).forEach(name -> checked(name, whose));
                add(whose, path, file);
              }
            }));
  }

  private void add(String whose, String path, TreeNode.File file) {
    count(whose, path, file);
    modules.put(path, file);
  }

  private void count(String whose, String path, TreeNode.File file) {
    long size = file.content().size();
    bytes += size;
    if (bytes > MOST_BYTES
        || path.length() > MOST_DEEP
        || (path.equals(ORDER) && size > MOST_ORDER)) {
      throw new ComposeException(
          whose + " has kernel modules that are too large, or lie too deep, to be indexed");
    }
  }

  /**
   * Writes them into a folder, with what the base says of them.
   *
   * @param folder is made
   */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (var module : modules.entrySet()) {
      write(folder.resolve(module.getKey()), module.getValue());
    }
    for (var entry : known.root().entries().entrySet()) {
      String name = entry.getKey();
      boolean index = name.startsWith("modules.") && PLAIN.matcher(name).matches();
      if (index && entry.getValue() instanceof TreeNode.File file) {
        count("the base", name, file);
        write(folder.resolve(name), file);
      }
    }
    writeOrder(folder.resolve(ORDER));
  }

  private static void write(Path to, TreeNode.File file) throws IOException {
    Path parent = to.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try (InputStream in = file.content().open()) {
      Files.copy(in, to);
    }
  }

  /** Lists all modules, since depmod takes those that are not listed as the disk has them. */
  private void writeOrder(Path order) throws IOException {
    List<String> lines = new ArrayList<>();
    if (Files.exists(order)) {
      lines.addAll(Files.readAllLines(order, ISO_8859_1)); // whatever bytes it has
    }
    TreeSet<String> rest = new TreeSet<>(TreeNode.BY_BYTES);
    modules.keySet().forEach(path -> rest.add(path.replaceFirst("\\.ko\\..*", ".ko")));
    lines.forEach(rest::remove);
    lines.addAll(rest);
    Files.writeString(order, String.join("\n", lines) + "\n", ISO_8859_1);
  }
}
