package dev.moonboot.installer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures in a file. */
class KeptSignaturesTest {
  private static final Digest KEY = Digest.of("key".getBytes(UTF_8));
  private static final Digest HASH = Digest.of("a file".getBytes(UTF_8));

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("signatures.json");
  }

  @Test
  void what_was_written_is_read_again() throws IOException {
    new KeptSignatures(file(), KEY).write(Map.of(HASH, new byte[] {1, 2, 3}));
    Map<Digest, byte[]> read = new KeptSignatures(file(), KEY).read();
    assertEquals(1, read.size());
    assertArrayEquals(new byte[] {1, 2, 3}, read.get(HASH));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void those_of_another_key_are_not_taken() {
    new KeptSignatures(file(), HASH).write(Map.of(HASH, new byte[] {1}));
    assertTrue(new KeptSignatures(file(), KEY).read().isEmpty());
  }

  @Test
  void a_file_that_was_changed_counts_for_nothing() throws IOException {
    new KeptSignatures(file(), KEY).write(Map.of(HASH, new byte[] {1}));
    Files.writeString(file(), Files.readString(file()).replace("AQ==", "Ag=="));
    assertTrue(new KeptSignatures(file(), KEY).read().isEmpty());
  }

  @Test
  void there_need_not_be_one() {
    assertTrue(new KeptSignatures(file(), KEY).read().isEmpty());
  }

  @Test
  void a_folder_that_is_not_there_is_no_fault() {
    new KeptSignatures(folder.resolve("gone/file"), KEY).write(Map.of(HASH, new byte[] {1}));
    assertTrue(!Files.exists(folder.resolve("gone")));
  }
}
