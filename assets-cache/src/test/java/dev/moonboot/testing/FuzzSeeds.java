package dev.moonboot.testing;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the seeds of a fuzz target, and what once made it fail, for a fuzzer to begin with. */
public final class FuzzSeeds {
  private FuzzSeeds() {}

  /** Arguments: the target's class, and a folder. */
  public static void main(String[] args) throws Exception {
    Class<?> fuzz = Class.forName(args[0]);
    Path folder = Files.createDirectories(Path.of(args[1]));
    Method seeds = fuzz.getDeclaredMethod("seeds");
    seeds.setAccessible(true);
    int count = 0;
    for (Object seed : (List<?>) seeds.invoke(null)) {
      Files.write(folder.resolve("seed-" + count++), (byte[]) seed);
    }
    for (var known : Fuzz.found(fuzz).entrySet()) {
      Files.write(folder.resolve(known.getKey()), known.getValue());
    }
  }
}
