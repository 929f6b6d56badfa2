package dev.moonboot.assets.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.compose.ComposeException;
import dev.moonboot.assets.compose.ComposedInitramfs;
import dev.moonboot.assets.compose.InitramfsComposer;
import dev.moonboot.assets.compose.InitramfsOrder;
import dev.moonboot.assets.compose.InitramfsOrder.Marker;
import dev.moonboot.assets.extension.ExtensionImage;
import dev.moonboot.assets.extension.ExtensionReport;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;

/**
 * Makes all files of a recipe's release, in a folder; equal recipes give equal bytes. Inputs are
 * pulled, their extensions are looked through, and only then is anything composed: one refused
 * extension is told with all that is wrong with all of them.
 */
public final class Making {
  private static final String AUTHOR = "moonboot";

  private static final Set<Output> OF_THE_WHOLE =
      Set.of(Output.INITRAMFS, Output.UKI, Output.INSTALLER, Output.ISO);

  private final Order order;
  private final InputImages images;
  private final Path work;
  private final Means means;

  /**
   * What is to be made.
   *
   * @param name of the composition, for messages
   * @param release the recipe's digest
   * @param strict whether warnings refuse it, too
   * @param threads that may work at once; changes no byte
   */
  public record Order(
      String name, Digest release, Recipe recipe, boolean strict, int threads, Progress progress) {
    boolean wants(Output output) {
      return recipe.outputs().contains(output);
    }
  }

  /** As {@link InitramfsComposer#compose}. */
  @FunctionalInterface
  public interface Composer {
    ComposedInitramfs compose(InitramfsOrder order, Path scratch);
  }

  /**
   * With what it is made.
   *
   * @param turn held while processors and memory are needed: one composing at a time is enough
   */
  public record Means(Composer composer, Lock turn) {}

  /**
   * @param work an empty folder
   */
  public Making(Order order, InputImages images, Path work, Means means) {
    this.order = order;
    this.images = images;
    this.work = work;
    this.means = means;
  }

  /**
   * Makes it.
   *
   * @throws BuildException when it will not do
   * @throws RegistryException when an input cannot be had
   * @throws IOException when the disk fails; a {@link dev.moonboot.program.MissingProgramException}
   *     when a program is needed that is not here; an {@link InterruptedIOException} when this
   *     thread is interrupted
   */
  public Map<Arch, Made> make() throws IOException {
    NeededPrograms.require(order.recipe().outputs());
    images.needRoom(RoomNeeded.toUnpack(order, images));
    SortedMap<Arch, Workpiece> pieces = new Gathering(order, images, work).all();
    LintVerdict.of(order, pieces.values());
    NeededPrograms.require(pieces.values());
    takeTurn();
    try {
      images.needRoom(
          pieces.values().stream().mapToLong(piece -> RoomNeeded.toCompose(piece, images)).sum());
      for (Workpiece piece : pieces.values()) {
        compose(piece);
      }
      for (OutputMaker maker : Outputs.MAKERS) {
        maker.make(pieces.values(), images);
      }
    } catch (ComposeException e) {
      throw new BuildException(String.valueOf(e.getMessage()), e);
    } finally {
      means.turn().unlock();
    }
    SortedMap<Arch, Made> made = new TreeMap<>();
    for (Workpiece piece : pieces.values()) {
      made.put(piece.arch(), new Made(piece.bootFiles(), MadeRecord.of(piece)));
    }
    return made;
  }

  private void takeTurn() throws InterruptedIOException {
    try {
      means.turn().lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while others compose");
    }
  }

  /**
   * What was found in the inputs for one architecture.
   *
   * @param kernelRelease of the base's kernel; empty when it does not say
   * @param notes what there is to say of the base, for people: one line each
   * @param missing what is not on this machine that making it takes: a sentence for people each
   */
  public record Looked(
      String kernelRelease,
      List<String> notes,
      List<ExtensionReport> reports,
      List<String> missing) {
    public Looked {
      notes = List.copyOf(notes);
      reports = List.copyOf(reports);
      missing = List.copyOf(missing);
    }
  }

  /** Pulls the inputs and looks through them, as {@link #make} does first; refuses nothing. */
  public Map<Arch, Looked> look() throws IOException {
    images.needRoom(RoomNeeded.toUnpack(order, images));
    SortedMap<Arch, Looked> looked = new TreeMap<>();
    for (Workpiece piece : new Gathering(order, images, work).all().values()) {
      LintVerdict.look(order, piece);
      looked.put(
          piece.arch(),
          new Looked(
              piece.base().kernelRelease(),
              piece.notes(),
              piece.reports(),
              NeededPrograms.missing(piece)));
    }
    return looked;
  }

  /** Whether anything is made of base and extensions in one. */
  static boolean needsWhole(Recipe recipe) {
    return !Collections.disjoint(recipe.outputs(), OF_THE_WHOLE);
  }

  private void compose(Workpiece piece) throws IOException {
    Recipe recipe = order.recipe();
    Arch arch = piece.arch();
    order.progress().step("compose", "initramfs for " + arch.id());
    Map<AssetName, Found> base = piece.base().files();
    Found initramfs = Optional.ofNullable(base.get(AssetName.INITRAMFS)).orElseThrow();
    piece.composed(
        means
            .composer()
            .compose(
                new InitramfsOrder(
                    initramfs.file(),
                    piece.extensions().stream().map(Making::layer).toList(),
                    recipe.replace(),
                    marker(recipe),
                    piece.version(),
                    arch,
                    needsWhole(recipe),
                    order.wants(Output.PARTS),
                    order.threads()),
                piece.folder("initramfs")));
    for (AssetName same : Set.of(AssetName.VMLINUZ, AssetName.IMAGE)) {
      piece.put(same, base.get(same));
    }
    piece.put(AssetName.CMDLINE, commandLine(piece));
    Disk.tryDelete(initramfs.file());
  }

  private static InitramfsOrder.Extension layer(ExtensionImage extension) {
    return new InitramfsOrder.Extension(
        extension.reference(), extension.manifest(), extension.rootfs());
  }

  private static Marker marker(Recipe recipe) {
    String text = recipe.schematic();
    return new Marker(Digest.of(text.getBytes(UTF_8)).hex(), text, AUTHOR);
  }

  private static Found commandLine(Workpiece piece) throws IOException {
    byte[] text = (piece.commandLine() + "\n").getBytes(UTF_8);
    Path file = piece.folder("cmdline").resolve(AssetName.CMDLINE.fileName());
    Files.write(file, text);
    String platform = piece.recipe().platform();
    return new Found(file, text.length, Digest.of(text), "platform " + platform);
  }
}
