package dev.moonboot.assets.compose;

import dev.moonboot.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs {@code depmod} as Talos's imager does. */
final class Depmod {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private Depmod() {}

  /** Puts modules into a folder. */
  @FunctionalInterface
  interface Modules {
    void write(Path folder) throws IOException;
  }

  /**
   * Indexes modules.
   *
   * @param scratch an empty folder, absolute
   * @return where the index stands, with the modules
   * @throws ComposeException when it will not do; says what depmod says
   */
  static Path run(Program depmod, Path scratch, String release, Modules modules)
      throws IOException {
    Path root = scratch.resolve("root");
    Path folder = root.resolve("lib/modules").resolve(release);
    modules.write(folder);
    Path settings = scratch.resolve("depmod.conf");
    Files.writeString(settings, "search extras built-in\n", StandardOpenOption.CREATE_NEW);
    List<String> arguments =
        List.of("--all", "--basedir", root.toString(), "--config", settings.toString(), release);
    Program.Ended ended = depmod.run(scratch, LONGEST, Map.of(), arguments);
    if (ended.status() != 0 || !Files.exists(folder.resolve(KernelModules.NAME))) {
      throw new ComposeException(
          "depmod cannot index the kernel modules of base and extensions: " + ended.words());
    }
    return folder;
  }
}
