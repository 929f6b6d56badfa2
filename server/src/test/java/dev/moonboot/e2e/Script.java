package dev.moonboot.e2e;

import java.nio.file.Path;
import java.util.Locale;

/** The scripts in {@code server/src/e2e}; what each does is told at its top. */
enum Script {
  MKFIXTURE,
  BOOTVM,
  E2ENET,
  IMDS,
  PI_REPLAY,
  SYSTEMD_MACHINE,
  FILES_OF("payload/files-of");

  /** The checkout; failsafe tells it, an IDE runs in the module's folder. */
  static final Path ROOT = Path.of(System.getProperty("moonboot.root", "..")).toAbsolutePath();

  private final String path;

  Script() {
    this.path = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Script(String path) {
    this.path = path;
  }

  String path() {
    return ROOT.resolve("server/src/e2e").resolve(path).toString();
  }
}
