package dev.moonboot.openpgp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningConfigTest {
  @TempDir Path folder;

  private final ConfigProblems problems = new ConfigProblems();

  private SigningConfig read(Map<String, String> values) {
    return SigningConfig.read(ConfigReader.of(values, problems));
  }

  @Test
  void nothing_is_signed_by_default() {
    assertEquals(SigningConfig.NONE, read(Map.of()));
    assertEquals(List.of(), problems.all());
  }

  @Test
  void f_06_the_key_ring_and_its_passphrase_are_for_their_owner_only() throws IOException {
    try (GnuPg gpg = new GnuPg(folder)) {
      gpg.generate("locked@x", "rsa1024", "open sesame");
      Path ring = gpg.export("locked@x", "open sesame");
      Path passphrase = Files.writeString(folder.resolve("passphrase"), "open sesame\n");
      Map<String, String> values =
          Map.of("key-ring", ring.toString(), "passphrase-file", passphrase.toString());
      Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-r--r--"));
      Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-rw----"));
      assertEquals(SigningConfig.NONE, read(values));
      assertEquals(2, problems.all().size(), problems.all().toString());
      ConfigReader again = ConfigReader.of(values, problems);
      assertNotNull(
          SigningConfig.read(again, null, true).signer(), "as matchbox does, if asked to");
      Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
      Files.setPosixFilePermissions(ring, PosixFilePermissions.fromString("rw-------"));
      assertNotNull(read(values).signer());
      assertEquals(2, problems.all().size(), problems.all().toString());
    }
  }

  @Test
  void what_is_missing_is_told() throws IOException {
    Path passphrase = Files.writeString(folder.resolve("passphrase"), "x");
    Files.setPosixFilePermissions(passphrase, PosixFilePermissions.fromString("rw-------"));
    read(Map.of("passphrase-file", passphrase.toString()));
    Path missing = folder.resolve("missing");
    read(Map.of("key-ring", missing.toString()));
    assertEquals(
        List.of(
            "passphrase-file: passphrase-file: opens nothing: set signing.key-ring, too",
            "key-ring: key-ring: sign: there is no key ring " + missing),
        problems.all());
  }
}
