package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.BaseRoot;
import dev.moonboot.assets.extension.ExtensionException;
import dev.moonboot.assets.extension.ExtensionImage;
import dev.moonboot.assets.extension.ExtensionReport;
import dev.moonboot.assets.extract.BaseFileExtractor.BaseFiles;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.TreeExtraction;
import dev.moonboot.assets.registry.RegistryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Pulls the inputs of a recipe, and takes out of them what is composed. */
final class Gathering {
  private final Making.Order order;
  private final InputImages images;
  private final Path work;

  /**
   * @param work an empty folder
   */
  Gathering(Making.Order order, InputImages images, Path work) {
    this.order = order;
    this.images = images;
    this.work = work;
  }

  /** One piece for each architecture. */
  SortedMap<Arch, Workpiece> all() throws IOException {
    SortedMap<Arch, Workpiece> pieces = new TreeMap<>();
    for (Arch arch : order.recipe().arches()) {
      pieces.put(arch, gather(arch));
    }
    return pieces;
  }

  private Workpiece gather(Arch arch) throws IOException {
    Path folder = Files.createDirectory(work.resolve(arch.id()));
    Recipe recipe = order.recipe();
    Input base = recipe.base();
    boolean tools =
        order.wants(Output.UKI) || order.wants(Output.INSTALLER) || order.wants(Output.ISO);
    var ground = new InputImages.Ground(base, arch, recipe.version(), tools);
    BaseFiles files =
        about("base " + base.name(), () -> images.base(ground, folder.resolve("base")));
    check(base, files.boot());
    BaseRoot root = root(files.boot(), folder.resolve("root"));
    List<ExtensionImage> extensions = new ArrayList<>();
    List<ExtensionReport> unreadable = new ArrayList<>();
    long bytes = 0;
    int number = 0;
    for (Input extension : recipe.extensions()) {
      Path out = folder.resolve("extension-" + number++);
      TreeExtraction.Unpacked unpacked =
          about("extension " + extension.name(), () -> unpack(extension, arch, out));
      bytes += unpacked.bytes();
      try {
        extensions.add(ExtensionImage.read(extension.name(), extension.digest(), unpacked));
      } catch (ExtensionException e) {
        unreadable.add(ExtensionReport.of(extension.name(), extension.digest(), e));
      }
    }
    return new Workpiece(
        order,
        arch,
        folder,
        new Workpiece.Ground(files, root),
        new Workpiece.Extensions(extensions, unreadable, bytes));
  }

  /** What all is laid over: for the lint, and for what it says of its packages. */
  private BaseRoot root(BootFiles boot, Path out) {
    Found initramfs = Optional.ofNullable(boot.files().get(AssetName.INITRAMFS)).orElseThrow();
    images.needRoom(initramfs.size());
    return BaseRoot.read(initramfs.file(), out);
  }

  /** A tag can say anything; what is in the image counts for what is put into it. */
  private void check(Input base, BootFiles boot) {
    Optional<TalosVersion> inside = TalosVersion.parse(boot.talosVersion());
    TalosVersion said = TalosVersion.parse(order.recipe().version()).orElseThrow();
    if (inside.isPresent() && !plain(inside.get()).equals(plain(said))) {
      throw new BuildException(
          "base %s is Talos %s by what is in it and %s by its name; name the tag of what it is"
              .formatted(base.name(), inside.get(), said));
    }
  }

  private static TalosVersion plain(TalosVersion version) {
    return new TalosVersion(version.major(), version.minor(), version.patch(), "");
  }

  private TreeExtraction.Unpacked unpack(Input extension, Arch arch, Path out) throws IOException {
    return images.unpack(
        extension,
        arch,
        out,
        (layers, folder, progress) ->
            TreeExtraction.unpack(layers, folder.resolve("spool"), progress, images::needRoom));
  }

  private interface Work<T> {
    T get() throws IOException;
  }

  /** Names the input before whatever is said of it. */
  private static <T> T about(String input, Work<T> work) throws IOException {
    try {
      return work.get();
    } catch (RegistryException e) {
      throw new RegistryException(
          e.reason(), input + ": " + e.getMessage(), e, e.retryAfter().orElse(null));
    } catch (ExtractException e) {
      throw new BuildException(input + ": " + e.getMessage(), e);
    }
  }
}
