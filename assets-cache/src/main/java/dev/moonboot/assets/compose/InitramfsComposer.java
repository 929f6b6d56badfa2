package dev.moonboot.assets.compose;

import static dev.moonboot.assets.compose.ComposedInitramfs.Origin.KEPT;

import dev.moonboot.assets.compose.ComposedInitramfs.Layer;
import dev.moonboot.assets.compose.ExtensionSplit.Places;
import dev.moonboot.assets.compose.InitramfsFiles.Extensions;
import dev.moonboot.assets.compose.InitramfsOrder.Extension;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.squashfs.SquashfsException;
import dev.moonboot.assets.squashfs.SquashfsReader;
import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.assets.tree.TreeNode.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Puts extensions into an initramfs, as Talos's imager does ({@code pkg/imager/extensions}), but
 * with equal bytes for equal orders, and looks at the result as a node would before it gives it
 * out.
 */
public final class InitramfsComposer {
  private static final String INTEL = "kernel/x86/microcode/GenuineIntel.bin";
  private static final String AMD = "kernel/x86/microcode/AuthenticAMD.bin";

  private final InitramfsOrder order;
  private final Path folder;
  private final Scratch scratch;
  private final Places places;
  private final LayerMaker maker;
  private final List<String> report = new ArrayList<>();
  private final List<LayerFile> files = new ArrayList<>();
  private final TreeBuilder early = new TreeBuilder();
  private final TreeBuilder rest = new TreeBuilder();
  private final List<Content> intel = new ArrayList<>();
  private final List<Content> amd = new ArrayList<>();

  private InitramfsComposer(InitramfsOrder order, Path folder, Scratch scratch) {
    this.order = order;
    this.folder = folder;
    this.scratch = scratch;
    this.places = Places.of(order.version(), order.arch());
    this.maker = new LayerMaker(order, scratch);
  }

  /**
   * Makes what is ordered.
   *
   * @param folder an empty folder on a disk with room for three times the result; the results lie
   *     in it, and nothing else when this returns
   * @throws ComposeException when base or extensions will not do, or the result would not boot
   */
  public static ComposedInitramfs compose(InitramfsOrder order, Path folder) {
    try (Scratch scratch = new Scratch(folder.resolve("scratch"))) {
      return new InitramfsComposer(order, folder, scratch).compose();
    }
  }

  private ComposedInitramfs compose() {
    BaseSplit split = BaseSplit.of(order.base());
    takeOver(split);
    requireMountable(files.size() + order.extensions().size() + (order.marker() == null ? 0 : 1));
    order.extensions().forEach(this::add);
    putMicrocode();
    if (order.marker() != null) {
      files.add(maker.marker(order.marker()));
    }
    addModules(split);
    requireMountable(files.size());
    List<Layer> layers =
        IntStream.range(0, files.size()).mapToObj(i -> files.get(i).at(i)).toList();
    return write(split, layers);
  }

  private void requireMountable(int layers) {
    long kept = files.stream().filter(file -> file.origin() == KEPT).count();
    LayerBound.require(layers, kept, order.version());
  }

  private ComposedInitramfs write(BaseSplit split, List<Layer> layers) {
    FileTree front = early.build();
    FileTree firmware = rest.build();
    InitramfsFiles out = new InitramfsFiles(order, folder);
    Extensions extensions = out.extensions(front, layers, files, firmware);
    Found whole = order.whole() ? out.whole(split.base(), extensions) : null;
    Found base = order.parts() ? out.base(split.base()) : null;
    boolean empty = extensions.file().size() == 0;
    Found part = order.parts() && !empty ? extensions.file() : null;
    InitramfsCheck check =
        new InitramfsCheck(
            new InitramfsCheck.Meant(
                order.arch(), places.modules(), layers, meant(layers), front, firmware),
            scratch);
    if (whole != null) {
      check.require(List.of(whole.file()));
    }
    if (base != null) {
      check.require(part == null ? List.of(base.file()) : List.of(part.file(), base.file()));
    }
    if (part == null) {
      delete(extensions.file());
    }
    return new ComposedInitramfs(whole, base, part, layers, report);
  }

  private Map<String, FileTree> meant(List<Layer> layers) {
    Map<String, FileTree> meant = new HashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      FileTree tree = files.get(i).meant();
      if (tree != null) {
        meant.put(layers.get(i).image(), tree);
      }
    }
    return meant;
  }

  /** What the base has besides itself. */
  private void takeOver(BaseSplit split) {
    report.add(
        String.format(
            Locale.ROOT,
            "base: %d bytes in %d archives, %d archives of extensions, %d for the early kernel",
            split.base().stream().mapToLong(member -> member.length()).sum(),
            split.base().size(),
            split.extensions().size(),
            split.early().size()));
    boolean extended = !split.extensions().isEmpty();
    if (order.replace() && extended) {
      // microcode in front of extensions came with them, as Talos's bases have none
      report.add("left out: the base's extensions, and the microcode in front of it");
      return;
    }
    OldExtensions front = OldExtensions.of(order.base(), split.early(), scratch);
    early.putAll("", front.files());
    OldExtensions old = OldExtensions.of(order.base(), split.extensions(), scratch);
    rest.putAll("", old.files());
    old.layers()
        .forEach(kept -> {
          LayerFile file = new LayerFile(kept.manifest(), KEPT, kept.file(), null);
          report.add("kept: " + file.label());
          files.add(file);
        });
  }

  private void add(Extension extension) {
    ExtensionSplit split = ExtensionSplit.of(extension.rootfs(), places);
    NewcLimits.require(extension.name(), places.firmware(), split.firmware());
    intel.addAll(split.intel());
    amd.addAll(split.amd());
    rest.putAll(places.firmware(), split.firmware());
    split.special().forEach(path -> report.add(extension.name() + ": left out " + path));
    LayerFile layer = maker.added(extension, split.layer());
    boolean again =
        files.stream().anyMatch(file -> file.manifest().name().equals(extension.manifest().name()));
    if (again) {
      report.add(extension.name() + ": lies on top of another of that name");
    }
    files.add(layer);
    report.add(
        String.format(
            Locale.ROOT,
            "added: %s as %d bytes%s%s",
            extension.name(),
            layer.file().size(),
            split.intel().isEmpty() && split.amd().isEmpty() ? "" : ", with microcode",
            split.firmware().root().entries().isEmpty() ? "" : ", with firmware"));
  }

  /** Behind what the base has of it: the kernel takes the first file of a name. */
  private void putMicrocode() {
    putMicrocode(INTEL, intel);
    putMicrocode(AMD, amd);
  }

  private void putMicrocode(String path, List<Content> added) {
    if (!added.isEmpty()) {
      TreeNode.File old = early.file(path);
      List<Content> all = new ArrayList<>(old == null ? List.of() : List.of(old.content()));
      all.addAll(added);
      early.put(path, new TreeNode.File(0644, new Joined(all)));
    }
  }

  /** The index of all modules, where there are more than the base's. */
  private void addModules(BaseSplit split) {
    List<Extension> with = new ArrayList<>();
    for (LayerFile file : files) {
      if (file.origin() == KEPT) {
        addModules(new Extension(file.label(), file.manifest(), tree(file)), with);
      }
    }
    order.extensions().forEach(extension -> addModules(extension, with));
    if (with.isEmpty()) {
      return;
    }
    try {
      FileTree base = SquashfsReader.read(split.rootfs(order.base(), scratch)).tree();
      KernelModules.Index index = // goes with the scratch folder: the check reads it, too
          KernelModules.index(base, with, order.version(), scratch.next());
      files.add(maker.modules(index));
      report.add("kernel modules: indexed for " + index.release());
    } catch (SquashfsException e) {
      throw new ComposeException(
          "the base's rootfs.sqsh cannot be read (%s); take another base".formatted(e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addModules(Extension extension, List<Extension> with) {
    if (KernelModules.in(extension.rootfs(), order.version())) {
      with.add(extension);
    }
  }

  private static FileTree tree(LayerFile kept) {
    try {
      return SquashfsReader.read(kept.file().file()).tree();
    } catch (SquashfsException e) {
      throw new ComposeException(
          ("the base's extension %s is no squashfs image that the kernel mounts (%s); take another"
                  + " base, or replace its extensions (existing: replace)")
              .formatted(kept.label(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Found found) {
    try {
      Files.deleteIfExists(found.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
