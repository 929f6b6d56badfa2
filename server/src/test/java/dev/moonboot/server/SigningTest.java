package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key that signs what is composed. */
class SigningTest {
  @TempDir Path folder;
  private Path key;

  @BeforeEach
  void make() throws Exception {
    key = folder.resolve("build.pem");
    OpenSslKey.write(key);
  }

  private void mode(String mode) throws IOException {
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
  }

  @Test
  void a_key_that_only_its_owner_reads_is_taken() throws IOException {
    mode("rw-------");
    assertTrue(Signing.key(key, null).publicPem().startsWith("-----BEGIN PUBLIC KEY-----"));
  }

  @Test
  void a_key_that_others_read_is_refused_with_what_to_do() throws IOException {
    mode("rw-r--r--");
    assertEquals(
        "build.signing-key: %s holds secrets and not only its owner may use it: chmod 600 %s"
            .formatted(key, key),
        assertThrows(StartException.class, () -> Signing.key(key, null)).getMessage());
  }

  @Test
  void systemd_guards_what_it_passes() throws IOException {
    mode("r--r-----");
    Signing.key(key, folder.toString());
  }

  @Test
  void a_key_that_is_missing_is_told_with_its_setting() throws IOException {
    Files.delete(key);
    assertEquals(
        "build.signing-key: " + key + ": there is no such file",
        assertThrows(StartException.class, () -> Signing.key(key, null)).getMessage());
  }
}
