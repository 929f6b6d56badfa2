package dev.moonboot.assets.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class TroublesTest {
  @Test
  void why_a_file_cannot_be_used_is_said_with_its_name() {
    assertEquals("/c/ingest: permission denied", text(new AccessDeniedException("/c/ingest")));
    assertEquals("/c/ingest: no such file", text(new NoSuchFileException("/c/ingest")));
    assertEquals(
        "/c: Read-only file system",
        text(new FileSystemException("/c", null, "Read-only file system")));
    assertEquals("of its own", text(new IOException("of its own")));
    assertEquals("java.io.IOException", text(new IOException()));
  }

  private static String text(IOException e) {
    return Troubles.text(e);
  }
}
