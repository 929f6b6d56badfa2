package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Following;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.LockFile;
import dev.moonboot.assets.build.LockedBuild;
import dev.moonboot.assets.build.LockedRecipes;
import dev.moonboot.assets.build.RecipeText;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.files.Disk;
import dev.moonboot.files.SealedFile;
import dev.moonboot.json.Json;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FaultInjector;
import dev.moonboot.testing.LayoutFixture;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * As {@link CrashLab}, for a channel that is composed: a base and two extensions, with an installer
 * image, by a lock file.
 *
 * <p>Arguments: {@code all DIR LOG STEP} goes through every STEPth point, and all that concern the
 * state, and prints what it did; {@code one DIR SCENARIO} is one refresh, to be killed.
 */
final class ComposeCrashLab {
  /** What is under way when the fault comes. */
  enum Scenario {
    /** There is nothing yet. */
    FIRST,
    /** The lock file has moved, and the old head serves. */
    UPDATE
  }

  private static final String NAME = "compute";
  private static final TestImages.Content TALOS =
      new TestImages.Content("v1.13.9", "6.18.9-talos", "talos.platform=metal", List.of(), 4096, 1);
  private static final Duration SWEPT = Duration.ofSeconds(10);

  private final LayoutFixture images;
  private final Path dir;
  private final Path lock;
  private final AtomicLong nanos = new AtomicLong();
  private final LockFile older;
  private final LockFile newer;
  private final Digest old;
  private final Digest target;

  /**
   * Makes both releases once, in folders that are copied from then on.
   *
   * @param dir what fails is below it
   * @param images where the images are, by which they are known
   */
  ComposeCrashLab(Path dir, Path images) throws IOException {
    this.dir = Files.createDirectories(dir);
    this.images = new LayoutFixture(images, false);
    this.lock = dir.resolve("moonboot.lock");
    push("v1.13.9", TestImages.imager(TALOS));
    push("installer", TestImages.installer(TALOS));
    push("frr", ExtensionImages.frr());
    push("one", ExtensionImages.named("one", "v1.0.0"));
    older = locked();
    push("one", ExtensionImages.named("one", "v1.0.1"));
    newer = locked();
    Files.createDirectories(template(Scenario.FIRST));
    older.write(lock);
    old = prepare(template(Scenario.UPDATE));
    newer.write(lock);
    Path whole = dir.resolve("whole");
    target = prepare(whole);
    Disk.deleteTree(whole);
  }

  private void push(String tag, TestImage image) {
    images.push("images", tag, image);
  }

  private ImageReference image(String tag) {
    return new ImageReference(images.layout(), tag, null);
  }

  private Path template(Scenario scenario) {
    return dir.resolve("template-" + scenario);
  }

  private Composition composition(Following following) {
    return Composition.of(NAME, new Composition.Base.Image(image("v1.13.9")))
        .extensions(List.of(new Part.Image(image("frr")), new Part.Image(image("one"))))
        .outputs(Set.of(Output.INITRAMFS, Output.INSTALLER))
        .installerBase(image("installer"))
        .following(following)
        .build();
  }

  private Channel channel(Following following) {
    return new Channel(
        NAME,
        new ImageReference(new SourceImage.Composed(composition(following)), null, null),
        List.of(Arch.AMD64));
  }

  private LockFile locked() {
    Channel channel = channel(Following.INPUTS);
    var setting =
        new BuildRun.Setting(
            List.of(channel), RegistrySettings.DEFAULT, AdmissionPolicy.OFF, BuildSettings.DEFAULT);
    try (BuildRun run = BuildRun.begin(setting, BuildRun.By.INPUTS, dir, Progress.NONE)) {
      Recipe recipe = run.resolve(channel).recipe();
      return LockFile.EMPTY.with(
          NAME,
          LockedBuild.of(composition(Following.LOCK), recipe, false, "6.18.9-talos", _ -> ""));
    }
  }

  private AssetCache open(Path root) {
    Channel channel = channel(Following.LOCK);
    var settings =
        new CacheSettings(
                root, CacheFixture.state(root), RegistrySettings.DEFAULT, 1, AdmissionPolicy.OFF)
            .with(new BuildSettings(new LockedRecipes(lock, "", List.of(channel)), 1));
    AssetCache cache =
        AssetCache.open(
            settings,
            ImageAccess.of(RegistrySettings.DEFAULT),
            new CacheLimits(1, CacheLimits.UNLIMITED, 0, nanos::get));
    cache.roots(() -> new Roots(Set.of(NAME), Set.of(), Set.of()));
    return cache;
  }

  private Refresh look(AssetCache cache) {
    return cache.refresh(channel(Following.LOCK), Progress.NONE);
  }

  private Digest prepare(Path root) {
    try (AssetCache cache = open(root)) {
      Refresh outcome = look(cache);
      check(outcome instanceof Updated, "not prepared: " + outcome);
      return cache.head(channel(Following.LOCK)).orElseThrow().digest();
    }
  }

  public static void main(String[] args) throws IOException {
    FaultInjector.arm("off", 0);
    Path dir = Path.of(args[1]);
    ComposeCrashLab lab = new ComposeCrashLab(dir, dir.resolve("images"));
    if (args[0].equals("one")) {
      lab.one(Scenario.valueOf(args[2]));
    } else {
      lab.all(Path.of(args[2]), Integer.parseInt(args[3]));
    }
  }

  private void one(Scenario scenario) throws IOException {
    Path root = dir.resolve("root");
    copy(template(scenario), root);
    FaultInjector.arm("kill", Long.parseLong(System.getenv("CRASH_AT")));
    try (AssetCache cache = open(root)) {
      Refresh outcome = look(cache);
      FaultInjector.arm("off", 0);
      System.out.println("SURVIVED " + outcome);
    }
  }

  private void all(Path log, int step) throws IOException {
    for (Scenario scenario : Scenario.values()) {
      List<String> calls = calls(scenario, log);
      for (String mode : List.of("dead", "torn", "enospc", "eio")) {
        int points = 0;
        long start = System.nanoTime();
        for (int at = 1; at <= calls.size(); at++) {
          String call = calls.get(at - 1);
          boolean chosen = at % step == 0 || call.contains("/state/");
          if (chosen && (!mode.equals("torn") || call.contains(" write "))) {
            points++;
            Path root = dir.resolve(scenario + "-" + mode + "-" + at);
            try {
              point(root, scenario, mode, at);
            } catch (IOException | RuntimeException | AssertionError e) {
              throw new AssertionError(scenario + " " + mode + " at " + call, e);
            }
            Disk.deleteTree(root);
          }
        }
        System.out.printf(
            "DONE %s %s points=%d of calls=%d ms=%d%n",
            scenario, mode, points, calls.size(), (System.nanoTime() - start) / 1_000_000);
      }
    }
  }

  private List<String> calls(Scenario scenario, Path log) throws IOException {
    Path root = dir.resolve("log");
    copy(template(scenario), root);
    Files.deleteIfExists(log);
    FaultInjector.arm("log", 0);
    try (AssetCache cache = open(root)) {
      look(cache);
      FaultInjector.arm("off", 0);
    }
    Disk.deleteTree(root);
    return Files.readAllLines(log);
  }

  private void point(Path root, Scenario scenario, String mode, int at) throws IOException {
    copy(template(scenario), root);
    FaultInjector.arm(mode, at);
    AssetCache cache = openOrNull(root);
    Refresh outcome = cache == null ? null : look(cache);
    FaultInjector.arm("off", 0);
    if (cache != null) {
      try (cache) {
        if (outcome != null && (mode.equals("enospc") || mode.equals("eio"))) {
          checkGoesOn(root, cache, outcome, mode);
        }
      }
    }
    checkAfterRestart(root, scenario);
  }

  private @Nullable AssetCache openOrNull(Path root) {
    try {
      return open(root);
    } catch (CacheException e) {
      return null; // with a message
    }
  }

  /** The process lives on: it says what was wrong, and the next look makes it. */
  private void checkGoesOn(Path root, AssetCache cache, Refresh outcome, String mode)
      throws IOException {
    if (outcome instanceof Failed(var trouble, var why, var _)) {
      Trouble expected = mode.equals("enospc") ? Trouble.NO_SPACE : Trouble.READ_ONLY;
      check(trouble == expected, "wrong trouble: " + trouble + " " + why);
    } else {
      check(outcome instanceof Updated, "no fault of the disk: " + outcome);
    }
    Invariants.check(root, cache, channel(Following.LOCK));
    Refresh again = look(cache);
    check(again instanceof Updated || again instanceof Unchanged, "no recovery: " + again);
    checkHead(cache, target);
  }

  /** Old or new, whole; the next look makes the new one, and nothing half is left. */
  void checkAfterRestart(Path root, Scenario scenario) throws IOException {
    Channel channel = channel(Following.LOCK);
    try (AssetCache cache = open(root)) {
      Optional<Digest> head = cache.head(channel).map(Release::digest);
      Optional<Digest> before = scenario == Scenario.FIRST ? Optional.empty() : Optional.of(old);
      check(head.equals(before) || head.equals(Optional.of(target)), "head is " + head);
      Invariants.check(root, cache, channel);
      Refresh outcome = look(cache);
      check(outcome instanceof Updated || outcome instanceof Unchanged, outcome.toString());
      checkHead(cache, target);
      Invariants.check(root, cache, channel);
      checkRecipe(root);
      checkSwept(root, cache);
    }
    try (AssetCache last = open(root)) {
      checkHead(last, target);
    }
  }

  private void checkHead(AssetCache cache, Digest expected) {
    Optional<Digest> head = cache.head(channel(Following.LOCK)).map(Release::digest);
    check(head.equals(Optional.of(expected)), "head is " + head);
  }

  /** What it is made of is kept, so that it can be made again. */
  private void checkRecipe(Path root) throws IOException {
    Path file = CacheFixture.state(root).resolve("recipes").resolve(target.fileName() + ".json");
    Json.Obj kept = SealedFile.read(file);
    check(RecipeText.digest(RecipeText.read(kept)).equals(target), "another recipe is kept");
  }

  /** Scratch of what was cut short is gone, soon after the start. */
  private static void checkSwept(Path root, AssetCache cache) throws IOException {
    long end = System.nanoTime() + SWEPT.toNanos();
    while (!scratch(root).isEmpty()) {
      check(System.nanoTime() < end, "left: " + scratch(root));
      cache.sweep(false);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static List<Path> scratch(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root, 3)) {
      return all.filter(path ->
              path.getFileName().toString().equals("work")
                  || path.getFileName().toString().startsWith("trash-"))
          .toList();
    } catch (UncheckedIOException e) {
      return List.of(root); // it goes while we look
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.copy(
            path,
            to.resolve(from.relativize(path).toString()),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
    try (Stream<Path> all = Files.walk(from)) { // a folder's time went when it was filled
      for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        Files.setLastModifiedTime(
            to.resolve(from.relativize(path).toString()), Files.getLastModifiedTime(path));
      }
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
