package dev.moonboot.e2e;

import java.nio.file.Path;
import java.util.Locale;

/** The scripts in {@code server/src/e2e}; what each does is told at its top. */
enum Script {
  MKFIXTURE,
  BOOTVM,
  E2ENET,
  IMDS,
  PI_REPLAY;

  /** The checkout; failsafe tells it, an IDE runs in the module's folder. */
  static final Path ROOT = Path.of(System.getProperty("moonboot.root", "..")).toAbsolutePath();

  String path() {
    return ROOT.resolve("server/src/e2e")
        .resolve(name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toString();
  }
}
