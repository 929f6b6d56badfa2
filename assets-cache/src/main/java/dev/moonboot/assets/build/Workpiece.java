package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.compose.BaseRoot;
import dev.moonboot.assets.compose.CommandLine;
import dev.moonboot.assets.compose.ComposedInitramfs;
import dev.moonboot.assets.extension.ExtensionImage;
import dev.moonboot.assets.extension.ExtensionManifest;
import dev.moonboot.assets.extension.ExtensionReport;
import dev.moonboot.assets.extract.BaseFileExtractor.BaseFiles;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is made for one architecture, from the base to all that is asked for. */
final class Workpiece {
  private final Making.Order order;
  private final Arch arch;
  private final Path folder;
  private final Ground ground;
  private final Extensions extensions;
  private final Map<AssetName, Found> files = new HashMap<>();
  private List<ExtensionReport> reports = List.of();
  private List<String> notes = List.of();
  private @Nullable ComposedInitramfs initramfs;
  private @Nullable UkiLines uki;

  /**
   * What came of the recipe's base.
   *
   * @param root of the initramfs among the files
   */
  record Ground(BaseFiles files, BaseRoot root) {}

  /**
   * What came of the recipe's extensions.
   *
   * @param read in their order
   * @param unreadable what is said of those that are none; where there are any, nothing is made
   * @param unpacked bytes of their files
   */
  record Extensions(List<ExtensionImage> read, List<ExtensionReport> unreadable, long unpacked) {
    Extensions {
      read = List.copyOf(read);
      unreadable = List.copyOf(unreadable);
    }
  }

  /**
   * @param folder for all that is written
   */
  Workpiece(Making.Order order, Arch arch, Path folder, Ground ground, Extensions extensions) {
    this.order = order;
    this.arch = arch;
    this.folder = folder;
    this.ground = ground;
    this.extensions = extensions;
  }

  Making.Order order() {
    return order;
  }

  Recipe recipe() {
    return order.recipe();
  }

  TalosVersion version() {
    return TalosVersion.parse(recipe().version()).orElseThrow();
  }

  Arch arch() {
    return arch;
  }

  /** What the base has, of which kernel and version are the release's, too. */
  BootFiles base() {
    return ground.files().boot();
  }

  /** What else the base has; stub and loader only where they are needed. */
  BaseFiles tools() {
    return ground.files();
  }

  /** The base's root file system. */
  BaseRoot root() {
    return ground.root();
  }

  /** In the order of the recipe. */
  List<ExtensionImage> extensions() {
    return extensions.read();
  }

  /** Bytes of the files of all extensions. */
  long unpacked() {
    return extensions.unpacked();
  }

  List<ExtensionReport> reports() {
    return reports;
  }

  /** What there is to say of the base, for people: one line each. */
  List<String> notes() {
    return notes;
  }

  /** Keeps what the lint says, behind what is said of those that it could not look through. */
  void reported(List<String> ofBase, List<ExtensionReport> found) {
    notes = List.copyOf(ofBase);
    reports = Stream.concat(extensions.unreadable().stream(), found.stream()).toList();
  }

  ComposedInitramfs initramfs() {
    if (initramfs == null) {
      throw new IllegalStateException("the initramfs of " + arch + " is not composed yet");
    }
    return initramfs;
  }

  void composed(ComposedInitramfs made) {
    initramfs = made;
    put(AssetName.INITRAMFS, made.whole());
    put(AssetName.INITRAMFS_BASE, made.base());
    put(AssetName.INITRAMFS_EXTENSIONS, made.extensions());
  }

  /** What nodes boot with. */
  String commandLine() {
    return commandLine(false);
  }

  /** What a machine boots with that may have been installed already. */
  String isoCommandLine() {
    return commandLine(true);
  }

  private String commandLine(boolean iso) {
    Recipe recipe = recipe();
    return new CommandLine(
            version(), arch, recipe.platform(), recipe.overlay(), iso, recipe.arguments(), false)
        .text();
  }

  /** The unified kernel image of the release boots with that. */
  void uki(UkiLines lines) {
    uki = lines;
  }

  /** Adds a file to the release; does nothing where there is none. */
  void put(AssetName name, @Nullable Found file) {
    if (file != null) {
      files.put(name, file);
    }
  }

  /** All files so far. */
  Map<AssetName, Found> files() {
    return Map.copyOf(files);
  }

  Found file(AssetName name) {
    Found found = files.get(name);
    if (found == null) {
      throw new IllegalStateException("there is no " + name.fileName() + " for " + arch + " yet");
    }
    return found;
  }

  /** An empty folder that is made. */
  Path folder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  /** {@code frr v1.0.2}. */
  static String label(ExtensionManifest manifest) {
    return manifest.version().isEmpty()
        ? manifest.name()
        : manifest.name() + " " + manifest.version();
  }

  /** The release's files, described as an image's are. */
  BootFiles bootFiles() {
    return new BootFiles(
        base().content(),
        arch,
        "composed",
        recipe().version(),
        base().kernelRelease(),
        initramfs().layers().stream().map(layer -> label(layer.manifest())).toList(),
        uki,
        List.of(),
        files);
  }
}
