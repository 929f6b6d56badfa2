package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Path;

/** Keys to sign with, as a person makes them. */
final class OpenSslKey {
  private OpenSslKey() {}

  /** Writes a private key (ECDSA P-256, SEC 1) into {@code file}. */
  static void write(Path file) throws IOException, InterruptedException {
    Process openssl =
        new ProcessBuilder(
                Requires.program("openssl").toString(),
                "ecparam",
                "-name",
                "prime256v1",
                "-genkey",
                "-out",
                file.toString())
            .start();
    assertEquals(0, openssl.waitFor());
  }
}
