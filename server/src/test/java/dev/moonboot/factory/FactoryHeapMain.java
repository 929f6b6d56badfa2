package dev.moonboot.factory;

import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.schematic.Schematic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Is posted to by somebody who means no good, in a process of its own with a small heap. */
final class FactoryHeapMain {
  private FactoryHeapMain() {}

  public static void main(String[] args) {
    var config =
        new FactoryConfig(
            "",
            new SourceImage.Repository("ghcr.io", "siderolabs/imager"),
            List.of(),
            List.of(),
            1,
            1000,
            10);
    var ground =
        new Factory.Ground(
            AssetCache::parse,
            _ -> {
              throw new IllegalStateException("nothing is made here");
            },
            _ -> Optional.empty(),
            List::of,
            (_, _) -> {
              throw new IllegalStateException("nothing is listed here");
            });
    try (Factory factory = new Factory(config, Path.of(args[0]).resolve("factory"), ground)) {
      System.out.println("many small values: " + taken(factory, 100, 2_000) + " taken");
      System.out.println("too many: " + taken(factory, 200, 6_000) + " taken");
      System.out.println("plain Talos: " + factory.schematic(Schematic.EMPTY.id()).id());
    }
  }

  /** How many of those are, that are posted all at once. */
  private static int taken(Factory factory, int times, int values) {
    AtomicInteger taken = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < times; i++) {
        String text =
            "overlay: {image: a, name: b%d, options: {o: [%s]}}"
                .formatted(i, "[[a]],".repeat(values));
        threads.execute(() -> taken.addAndGet(isTaken(factory, text) ? 1 : 0));
      }
    }
    return taken.get();
  }

  private static boolean isTaken(Factory factory, String text) {
    try {
      factory.post(text);
      return true;
    } catch (FactoryException e) {
      return false;
    }
  }
}
