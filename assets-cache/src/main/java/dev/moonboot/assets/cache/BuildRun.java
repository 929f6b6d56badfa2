package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.BuildWork.about;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.build.InputImages;
import dev.moonboot.assets.build.Making;
import dev.moonboot.assets.build.Resolution;
import dev.moonboot.assets.extension.ExtensionImage;
import dev.moonboot.assets.extension.ExtensionReport;
import dev.moonboot.assets.extract.TreeExtraction;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.files.Turn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * Resolves, looks through and composes the builds of a configuration here and now, without a
 * service and its cache: in a folder of its own, which is gone afterwards. For one thread.
 *
 * <p>Whatever cannot be done throws {@link CacheException}, with the build in its message.
 */
public final class BuildRun implements AutoCloseable {
  /** What a build is resolved by. */
  public enum By {
    /** Whatever its tags name now. */
    INPUTS,
    /** What the configuration says that it follows: the lock file or its inputs. */
    CONFIGURATION
  }

  /**
   * What the builds stand in.
   *
   * @param channels all of the configuration, as builds can be made of others
   * @param policy that every input has to pass
   */
  public record Setting(
      List<Channel> channels,
      RegistrySettings registry,
      AdmissionPolicy policy,
      BuildSettings build) {}

  private final Setting setting;
  private final Progress progress;
  private final RunFolder folder;
  private final StopHook stop;
  private final AssetStore store;
  private final RunResolution resolution;
  private final RunImages images;

  private BuildRun(Setting setting, By by, StopHook stop, RunFolder folder, Progress progress)
      throws IOException {
    this.setting = setting;
    this.stop = stop;
    this.folder = folder;
    this.progress = progress;
    this.store =
        AssetStore.open(
            folder.path().resolve("cache"),
            folder.path().resolve("state"),
            System::nanoTime,
            UkiCompletion::of);
    var housekeeping =
        new Housekeeping(store, CacheLimits.keeping(0), InstantSource.system(), _ -> {});
    this.resolution =
        new RunResolution(setting, by, store, bytes -> needRoom(housekeeping, bytes), progress);
    this.images = resolution.images();
  }

  /**
   * Begins. From now on a process that is asked to end (Ctrl-C) interrupts this thread, and waits
   * until this is closed.
   *
   * @param within a folder that is there, with room for what is pulled and composed
   */
  public static BuildRun begin(Setting setting, By by, Path within, Progress progress) {
    StopHook stop = StopHook.here(); // before there is anything to be deleted
    try {
      RunFolder folder = RunFolder.in(within);
      try {
        return new BuildRun(setting, by, stop, folder, progress);
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      stop.close();
      throw new CacheException("no folder can be made in " + within + ": " + e, e);
    } catch (RuntimeException e) {
      stop.close();
      throw e;
    }
  }

  private void needRoom(Housekeeping housekeeping, long bytes) {
    try {
      housekeeping.needRoom(bytes);
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof NoRoomException none
          ? new UncheckedIOException(
              new NoRoomException(folder.path().resolveSibling("") + ": " + none.getMessage()))
          : e;
    }
  }

  /**
   * Leaves a build upon that image, whatever the name of its base means now. To be said before
   * anything is resolved.
   */
  public void keep(String channel, Input base) {
    resolution.keep(channel, base);
  }

  /**
   * What a channel is to be made of. Every input has passed the policy.
   *
   * @throws IllegalArgumentException when it is no build
   */
  public Resolution.Fixed resolve(Channel channel) {
    return resolution.resolve(channel);
  }

  /**
   * The release of the kernel of what a recipe is made of; empty where it does not say. Pulls the
   * base.
   */
  public String kernelRelease(Recipe recipe) {
    Input base = recipe.base();
    return about(
        base.name(),
        () ->
            images.aside(
                base,
                scratch ->
                    images
                        .base(
                            new InputImages.Ground(
                                base, recipe.arches().getFirst(), recipe.version(), false),
                            scratch.resolve("base"))
                        .boot()
                        .kernelRelease()));
  }

  /** The version that an extension calls itself; may be empty. Pulls it. */
  public String version(Input extension, Arch arch) {
    return about(
        extension.name(),
        () ->
            images.aside(
                extension, scratch -> look(extension, arch, scratch).manifest().version()));
  }

  private ExtensionImage look(Input extension, Arch arch, Path scratch) throws IOException {
    return images.unpack(
        extension,
        arch,
        scratch.resolve(extension.digest().hex()),
        (layers, out, told) ->
            ExtensionImage.read(
                extension.name(),
                extension.digest(),
                TreeExtraction.unpack(layers, out.resolve("spool"), told)));
  }

  /**
   * What is said of the extensions of a build.
   *
   * @param kernelRelease of the base
   * @param notes what there is to say of the base, for people: one line each
   * @param reports in the order of the recipe
   * @param missing what is not on this machine that composing it takes: a sentence for people each
   */
  public record Checked(
      Arch arch,
      String kernelRelease,
      List<String> notes,
      List<ExtensionReport> reports,
      List<String> missing) {}

  /** Looks through the extensions of a build, for each architecture; composes nothing. */
  public List<Checked> check(Channel channel) {
    Resolution.Fixed fixed = resolve(channel);
    return about(
        channel.name(),
        () ->
            making(channel, fixed).look().entrySet().stream()
                .map(of ->
                    new Checked(
                        of.getKey(),
                        of.getValue().kernelRelease(),
                        of.getValue().notes(),
                        of.getValue().reports(),
                        of.getValue().missing()))
                .toList());
  }

  private Making making(Channel channel, Resolution.Fixed fixed) throws IOException {
    return new Making(
        new Making.Order(
            channel.name(),
            fixed.digest(),
            fixed.recipe(),
            RunResolution.composition(channel).strict(),
            setting.build().threads(),
            progress),
        images,
        Files.createTempDirectory(folder.path(), "made-"),
        new Making.Means(
            resolution.composing().access().composer(), resolution.composing().turn()));
  }

  /** A folder for what is needed no longer than this run. */
  public Path scratch() {
    try {
      return Files.createTempDirectory(folder.path(), "scratch-");
    } catch (IOException e) {
      throw new CacheException("no folder can be made in " + folder.path() + ": " + e, e);
    }
  }

  /**
   * Composes a build.
   *
   * @param out a folder that is there, on the disk of this run, into which its files come with
   *     their checksums; nothing comes into it unless all do
   */
  public BuiltFiles make(Channel channel, Path out) {
    Resolution.Fixed fixed = resolve(channel);
    return about(
        channel.name(),
        () -> {
          var made = making(channel, fixed).make();
          try (Turn _ = PullFolder.turn(out)) {
            return stop.shielded(() -> BuiltFiles.place(channel, fixed, made, images, out));
          }
        });
  }

  @Override
  public void close() {
    resolution.close();
    try (stop;
        folder) {
      store.close();
    } catch (IOException e) {
      throw new CacheException("the folder " + folder.path() + " could not be closed: " + e, e);
    }
  }
}
