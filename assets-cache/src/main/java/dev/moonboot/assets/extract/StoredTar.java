package dev.moonboot.assets.extract;

import dev.moonboot.assets.Digest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what an archive holds that is a file, and no packed one. */
public final class StoredTar {
  private StoredTar() {}

  /**
   * One member.
   *
   * @param name as it is written
   * @param mode the lower twelve bits
   * @param content of a regular file; null for anything else
   */
  public record Entry(String name, int mode, @Nullable Digest content) {}

  /**
   * All members, in their order.
   *
   * @throws ExtractException when readers would not agree on what it holds
   * @throws IOException when it cannot be read
   */
  public static List<Entry> entries(Path tar) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(tar), HashedFile.BUFFER)) {
      TarReader reader = new TarReader(in, new Limits.Used(Limits.DEFAULT));
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        TarEntry entry = next.get();
        boolean file = entry.kind() == TarEntry.Kind.FILE;
        entries.add(
            new Entry(entry.name(), entry.mode(), file ? HashedFile.digest(reader.body()) : null));
      }
    }
    return entries;
  }
}
