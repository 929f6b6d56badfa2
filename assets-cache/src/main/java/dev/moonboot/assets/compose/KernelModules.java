package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.InitramfsOrder.Extension;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.program.Need;
import dev.moonboot.program.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The index of kernel modules of a base and its extensions together, as a layer of its own (Talos,
 * {@code pkg/imager/extensions/kernel_modules.go}): without it, a node finds only the modules that
 * its base came with. Talos' own loader reads the text files of the index, udev the binary ones.
 *
 * <p>Modules load only into the very kernel build that they were made with, so those of an
 * extension must be of the release that the base has.
 */
public final class KernelModules {
  /** What the layer is called. */
  public static final String NAME = "modules.dep";

  /** What {@link #index} calls. */
  public static final Need DEPMOD = new Need("depmod", "kmod", "an extension with kernel modules");

  private static final long MOST_BYTES = 2L << 30;
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final String ORDER = "modules.order";

  /** Names that stand in lines and in paths without harm. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+,=@~-]{0,127}");

  private static final Pattern MODULE =
      Pattern.compile(".*\\.ko(\\.gz|\\.xz|\\.zst)?", Pattern.DOTALL);

  private final String at;
  private final Path scratch;
  private final Path folder;
  private final Map<String, TreeNode.File> modules = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param at where the modules of the release stand in a root file system
   */
  private KernelModules(String at, Path scratch) {
    this.at = at;
    this.scratch = scratch.toAbsolutePath();
    this.folder =
        this.scratch.resolve("root/lib/modules").resolve(at.substring(at.lastIndexOf('/') + 1));
  }

  /**
   * The index.
   *
   * @param release of the kernel
   * @param tree whose files lie in {@code folder}
   * @param folder is deleted by {@link #close}, with all in it
   */
  public record Index(String release, FileTree tree, Path folder) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      delete(folder);
    }
  }

  /** Where kernel modules stand, by the release of their kernel. */
  public static String folder(TalosVersion version) {
    // the root file system was merged into /usr with Talos 1.10
    return version.isAtLeast(10) ? "usr/lib/modules" : "lib/modules";
  }

  /** Whether an extension brings kernel modules. */
  public static boolean in(FileTree rootfs, TalosVersion version) {
    return rootfs.below(folder(version)).isPresent();
  }

  /**
   * The release of a base's kernel, by the folder of its modules.
   *
   * @throws ComposeException when there is not exactly one
   */
  public static String release(FileTree base, TalosVersion version) {
    String at = folder(version);
    List<String> releases = releases(base, at);
    if (releases.size() != 1) {
      throw new ComposeException(
          "the base has %s in /%s, where one kernel release has its modules; take the base that Talos %s came with"
              .formatted(
                  releases.isEmpty() ? "nothing" : String.join(", ", releases), at, version));
    }
    return checked(releases.getFirst(), "the base");
  }

  private static List<String> releases(FileTree tree, String at) {
    List<String> releases = new ArrayList<>();
    tree.below(at)
        .ifPresent(folder ->
            folder
                .root()
                .entries()
                .forEach((name, node) -> {
                  if (node instanceof TreeNode.Directory) {
                    releases.add(name);
                  }
                }));
    return releases;
  }

  /**
   * Makes the index with {@code depmod}. Files of the index that an extension brings are not used:
   * this one is over them.
   *
   * @param base the base's root file system
   * @param extensions in their order; later ones replace modules of earlier ones
   * @param folder is made, on a disk with room for all modules; no symbolic link and no name that
   *     is not plain is made in it
   * @throws ComposeException when an extension's modules are for another kernel, or will not do
   * @throws IOException when files cannot be read or written, or there is no {@code depmod}: says
   *     what to install
   */
  public static Index index(
      FileTree base, List<Extension> extensions, TalosVersion version, Path folder)
      throws IOException {
    String release = release(base, version);
    for (Extension extension : extensions) {
      requireRelease(extension, release, version);
    }
    Program depmod = DEPMOD.find();
    Files.createDirectory(folder);
    try {
      return index(base, extensions, folder(version) + "/" + release, folder).run(depmod, release);
    } catch (IOException | RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  private static KernelModules index(
      FileTree base, List<Extension> extensions, String at, Path scratch) throws IOException {
    KernelModules all = new KernelModules(at, scratch);
    all.collect("the base", base);
    for (Extension extension : extensions) {
      all.collect("extension " + extension.name(), extension.rootfs());
    }
    all.write(base);
    return all;
  }

  /**
   * Checks that an extension's modules are for a kernel.
   *
   * @throws ComposeException when they are for another
   */
  static void requireRelease(Extension extension, String release, TalosVersion version) {
    for (String theirs : releases(extension.rootfs(), folder(version))) {
      if (!theirs.equals(release)) {
        throw new ComposeException(
            "extension %s has modules for the kernel %s, and the base's kernel is %s: modules load only into the kernel that they were built with; take the %s that was made for Talos %s"
                .formatted(extension.name(), shown(theirs), release, extension.name(), version));
      }
    }
  }

  private static String shown(String name) {
    return PLAIN.matcher(name).matches() ? name : "of a strange name";
  }

  private static String checked(String name, String whose) {
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
    bytes += file.content().size();
    if (bytes > MOST_BYTES || path.length() > 1024) {
      throw new ComposeException(
          whose + " has kernel modules that are too large, or lie too deep, to be indexed");
    }
    modules.put(path, file);
  }

  private void write(FileTree base) throws IOException {
    Files.createDirectories(folder);
    for (var module : modules.entrySet()) {
      write(module.getKey(), module.getValue());
    }
    FileTree known = base.below(at).orElse(FileTree.EMPTY);
    for (var entry : known.root().entries().entrySet()) {
      String name = entry.getKey();
      boolean index = name.startsWith("modules.") && PLAIN.matcher(name).matches();
      if (index && entry.getValue() instanceof TreeNode.File file) {
        write(name, file);
      }
    }
    writeOrder();
  }

  private void write(String path, TreeNode.File file) throws IOException {
    Path to = folder.resolve(path);
    Path parent = to.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try (InputStream in = file.content().open()) {
      Files.copy(in, to);
    }
  }

  /** Lists all modules, since depmod takes those that are not listed as the disk has them. */
  private void writeOrder() throws IOException {
    Path order = folder.resolve(ORDER);
    List<String> lines = new ArrayList<>();
    if (Files.exists(order)) {
      lines.addAll(Files.readAllLines(order, UTF_8));
    }
    TreeSet<String> rest = new TreeSet<>(TreeNode.BY_BYTES);
    modules.keySet().forEach(path -> rest.add(path.replaceFirst("\\.ko\\..*", ".ko")));
    lines.forEach(rest::remove);
    lines.addAll(rest);
    Files.writeString(order, String.join("\n", lines) + "\n", UTF_8);
  }

  private Index run(Program depmod, String release) throws IOException {
    Path settings = scratch.resolve("depmod.conf");
    Files.writeString(settings, "search extras built-in\n", StandardOpenOption.CREATE_NEW);
    List<String> arguments =
        List.of(
            "--all",
            "--basedir",
            scratch.resolve("root").toString(),
            "--config",
            settings.toString(),
            release);
    Program.Ended ended = depmod.run(scratch, LONGEST, Map.of(), arguments);
    if (ended.status() != 0 || !Files.exists(folder.resolve(NAME))) {
      throw new ComposeException(
          "depmod cannot index the kernel modules of base and extensions: " + ended.words());
    }
    return new Index(release, tree(), scratch);
  }

  private FileTree tree() throws IOException {
    TreeNode.Directory.Builder index = TreeNode.Directory.builder(0755);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith("modules.")) {
          index.put(name, new TreeNode.File(0644, new OnDisk(file, Files.size(file))));
        }
      }
    }
    TreeNode.Directory directory = index.build();
    String[] above = at.split("/", -1);
    for (int i = above.length - 1; i >= 0; i--) {
      directory = TreeNode.Directory.builder(0755).put(above[i], directory).build();
    }
    return new FileTree(directory);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private record OnDisk(Path file, long size) implements TreeNode.Content {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }
}
