package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes for clients of matchbox's API: as {@link CatalogWriter} does, but under the names that
 * matchbox's users have made up, and config files, too. Safe for use by many threads at once:
 * changes take effect one after another, in the order of the audit log.
 *
 * <p>What can be read right after a call returned is what the call wrote: groups and profiles in
 * {@link CatalogWatcher#current} ({@link Catalog#group}, {@link Catalog#profile}), config files by
 * {@link #read}, and as nodes get them by {@link Catalog#config}.
 */
public final class MatchboxWriter {
  private final Path root;
  private final CatalogWriter writer;

  /**
   * @param root the data directory that {@code writer} writes to
   */
  public MatchboxWriter(Path root, CatalogWriter writer) {
    this.root = root;
    this.writer = writer;
  }

  /**
   * Whether something can be called that: one component of a path, printable, not beginning with a
   * dot, and no more than 200 bytes of UTF-8. The methods below throw for any other name.
   */
  public static boolean isName(String name) {
    return WriteNames.MATCHBOX.allows(name);
  }

  /**
   * Writes a group or profile, in place of the one of that name where there is one. Names in it may
   * lead nowhere, metadata may be empty, a profile may have no {@code boot} or an empty one (which
   * is kept). All else is checked as over the admin API: {@link Written.Refused} names the fields.
   * One may have 1 MiB.
   *
   * @param content in matchbox's shape; an {@code id} may be left out
   * @throws dev.moonboot.journal.AuditException when it cannot be written down; nothing changed
   * @throws IllegalArgumentException when it cannot be called that
   */
  public Written put(CatalogKind kind, String name, Json.Obj content, WriteOrder order) {
    return writer.put(WriteNames.MATCHBOX, kind, name, content, order);
  }

  /**
   * Deletes a group or profile; one that is not there is {@link Written.Missing}, and no error.
   *
   * @throws dev.moonboot.journal.AuditException when it cannot be written down; nothing changed
   * @throws IllegalArgumentException when it cannot be called that
   */
  public Written delete(CatalogKind kind, String name, WriteOrder order) {
    return writer.delete(WriteNames.MATCHBOX, kind, name, order);
  }

  /**
   * Writes a config file, byte for byte, in place of the one of that name where there is one.
   * Whatever it holds is accepted, as by matchbox; what is no template that can be parsed is told
   * ({@link ConfigWritten.Put#problem}) and kept, while nodes go on getting the last good version.
   * One may have 4 MiB.
   *
   * @throws dev.moonboot.journal.AuditException when it cannot be written down; nothing changed
   * @throws IllegalArgumentException when it cannot be called that
   */
  public ConfigWritten put(ConfigKind kind, String name, byte[] content, WriteOrder order) {
    return writer.put(kind, name, content, order);
  }

  /**
   * Deletes a config file; one that is not there is {@link ConfigWritten.Missing}, and no error.
   *
   * @throws dev.moonboot.journal.AuditException when it cannot be written down; nothing changed
   * @throws IllegalArgumentException when it cannot be called that
   */
  public ConfigWritten delete(ConfigKind kind, String name, WriteOrder order) {
    return writer.delete(kind, name, order);
  }

  /**
   * The bytes of a config file, as they were last written by whomever; empty when there is none.
   *
   * @throws IOException when it cannot be read, or is larger than 4 MiB
   * @throws IllegalArgumentException when it cannot be called that
   */
  public Optional<byte[]> read(ConfigKind kind, String name) throws IOException {
    if (!isName(name)) {
      throw new IllegalArgumentException("nothing here can be called \"" + name + "\"");
    }
    try {
      Path file = kind.file(root, name);
      if (Files.size(file) > ConfigFile.MAX_SIZE) {
        throw new IOException(file + " is larger than " + ConfigFile.MAX_SIZE + " bytes");
      }
      return Files.isRegularFile(file) ? FileEdit.read(file) : Optional.empty();
    } catch (NoSuchFileException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
