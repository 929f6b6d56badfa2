package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Disk;
import dev.moonboot.journal.Audit;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes and deletes groups and profiles of a matchbox data directory, one whole file at a time.
 *
 * <p>What is written has passed the checks that files have to pass and stricter ones, lasts, and is
 * in force when the call returns; matchbox reads it as its own. Whatever fails, the file and the
 * catalog in force are as they were. Each change is in the audit log before it is made, and the
 * order there is the order in which they took effect.
 */
public final class CatalogWriter {
  private static final System.Logger LOG = System.getLogger(CatalogWriter.class.getName());

  private final Path root;
  private final CatalogWatcher watcher;
  private final Audit audit;

  /**
   * @param root the data directory that {@code watcher} watches; nobody else writes to it but
   *     people with editors
   */
  public CatalogWriter(Path root, CatalogWatcher watcher, Audit audit) {
    this.root = root;
    this.watcher = watcher;
    this.audit = audit;
    for (CatalogKind kind : CatalogKind.values()) {
      deleteUnfinished(root.resolve(kind.folder()), ".*.json.*");
    }
    for (ConfigKind kind : ConfigKind.values()) {
      deleteUnfinished(root.resolve(kind.folder()), ".*.[0-9]*-[0-9]*");
    }
  }

  /** What a process that died in the middle of a write left; nobody reads it. */
  private static void deleteUnfinished(Path folder, String names) {
    try (var parts = Files.newDirectoryStream(folder, names + AtomicFile.PART)) {
      parts.forEach(Disk::tryDelete);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(Level.DEBUG, "nothing to tidy in " + folder, e);
    }
  }

  /** Whether a group or profile can be called that: {@code [a-z0-9][a-z0-9._-]{0,62}}. */
  public static boolean isId(String id) {
    return WriteNames.STRICT.allows(id);
  }

  /** What is in force under that name now. */
  public Optional<Stored> stored(CatalogKind kind, String id) {
    require(WriteNames.STRICT, id);
    try {
      Path file = kind.file(root, id);
      Optional<Digest> version = FileEdit.read(file).map(Digest::of);
      Catalog now = watcher.refresh(file);
      return version.flatMap(v -> kind.content(now, id).map(content -> new Stored(v, content)));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read " + kind.file(root, id), e);
      return Optional.empty();
    }
  }

  /**
   * Writes a group or profile, in place of the one of that name where there is one.
   *
   * @param content in matchbox's shape; an {@code id} may be left out
   * @throws dev.moonboot.journal.AuditException when it cannot be written down; nothing changed
   * @throws IllegalArgumentException when it cannot be called that
   */
  public Written put(CatalogKind kind, String id, Json.Obj content, WriteOrder order) {
    return put(WriteNames.STRICT, kind, id, content, order);
  }

  synchronized Written put(
      WriteNames names, CatalogKind kind, String id, Json.Obj content, WriteOrder order) {
    require(names, id);
    WriteRecords records = new WriteRecords(audit, kind.word(), id, order);
    List<FieldProblem> problems = new ArrayList<>(WriteChecks.of(kind, id, content));
    byte[] bytes =
        problems.isEmpty() ? bytes(names.maxSize(), kind, id, content, problems) : new byte[0];
    if (!problems.isEmpty()) {
      return refused(records, problems);
    }
    try {
      Path file = kind.file(root, id);
      byte[] before = FileEdit.read(file).orElse(null);
      Digest version = before == null ? null : Digest.of(before);
      if (!order.expected().test(Optional.ofNullable(version))) {
        return new Written.Stale(version);
      }
      if (before == null && files() >= CatalogReader.mostFiles()) {
        records.notMade("put", "refused", tooMany());
        return new Written.Full(tooMany());
      }
      if (!Arrays.equals(before, bytes)) {
        records.making("put", version, Digest.of(bytes));
        FileEdit.put(file, before, bytes);
      }
      Catalog now = watcher.refresh(file);
      return new Written.Put(
          new Stored(Digest.of(bytes), kind.content(now, id).orElse(content)),
          before == null,
          References.of(now, kind, id));
    } catch (IOException | InvalidPathException e) {
      return new Written.Failed(failed(records, "put", path(kind, id), e));
    }
  }

  /**
   * Deletes a group or profile.
   *
   * @throws dev.moonboot.journal.AuditException when it cannot be written down; nothing changed
   * @throws IllegalArgumentException when it cannot be called that
   */
  public Written delete(CatalogKind kind, String id, WriteOrder order) {
    return delete(WriteNames.STRICT, kind, id, order);
  }

  synchronized Written delete(WriteNames names, CatalogKind kind, String id, WriteOrder order) {
    require(names, id);
    WriteRecords records = new WriteRecords(audit, kind.word(), id, order);
    try {
      Path file = kind.file(root, id);
      byte[] before = FileEdit.read(file).orElse(null);
      Digest version = before == null ? null : Digest.of(before);
      if (!order.expected().test(Optional.ofNullable(version))) {
        return new Written.Stale(version);
      }
      if (before == null) {
        return new Written.Missing();
      }
      records.making("delete", version, null);
      FileEdit.delete(file, before);
      return new Written.Deleted(References.of(watcher.refresh(file), kind, id));
    } catch (IOException | InvalidPathException e) {
      return new Written.Failed(failed(records, "delete", path(kind, id), e));
    }
  }

  /**
   * Writes a config file as it is given: {@link MatchboxWriter#put(ConfigKind, String, byte[],
   * WriteOrder)}.
   */
  synchronized ConfigWritten put(ConfigKind kind, String name, byte[] content, WriteOrder order) {
    require(WriteNames.MATCHBOX, name);
    WriteRecords records = new WriteRecords(audit, kind.folder(), name, order);
    if (content.length > ConfigFile.MAX_SIZE) {
      String why = "is %d bytes long; %d may be".formatted(content.length, ConfigFile.MAX_SIZE);
      records.notMade("put", "refused", why);
      return new ConfigWritten.Refused(why);
    }
    try {
      Path file = kind.file(root, name);
      byte[] before = FileEdit.read(file).orElse(null);
      Digest version = before == null ? null : Digest.of(before);
      if (!order.expected().test(Optional.ofNullable(version))) {
        return new ConfigWritten.Stale(version);
      }
      if (!Arrays.equals(before, content)) {
        records.making("put", version, Digest.of(content));
        FileEdit.put(file, before, content);
      }
      watcher.refresh(file);
      return new ConfigWritten.Put(
          Digest.of(content), before == null, problem(kind, name, content));
    } catch (IOException | InvalidPathException e) {
      return new ConfigWritten.Failed(failed(records, "put", kind.folder() + "/" + name, e));
    }
  }

  /** Deletes a config file: {@link MatchboxWriter#delete(ConfigKind, String, WriteOrder)}. */
  synchronized ConfigWritten delete(ConfigKind kind, String name, WriteOrder order) {
    require(WriteNames.MATCHBOX, name);
    WriteRecords records = new WriteRecords(audit, kind.folder(), name, order);
    try {
      Path file = kind.file(root, name);
      byte[] before = FileEdit.read(file).orElse(null);
      Digest version = before == null ? null : Digest.of(before);
      if (!order.expected().test(Optional.ofNullable(version))) {
        return new ConfigWritten.Stale(version);
      }
      if (before == null) {
        return new ConfigWritten.Missing();
      }
      records.making("delete", version, null);
      FileEdit.delete(file, before);
      watcher.refresh(file);
      return new ConfigWritten.Deleted();
    } catch (IOException | InvalidPathException e) {
      return new ConfigWritten.Failed(failed(records, "delete", kind.folder() + "/" + name, e));
    }
  }

  private static @Nullable String problem(ConfigKind kind, String name, byte[] content) {
    try {
      ConfigFile.parse(kind, name, new String(content, UTF_8));
      return null;
    } catch (UnusableFileException e) {
      return e.getMessage();
    }
  }

  private static void require(WriteNames names, String id) {
    if (!names.allows(id)) {
      throw new IllegalArgumentException("nothing here can be called \"" + id + "\"");
    }
  }

  /** The file to be written; what is wrong with it, as with any file, joins the problems. */
  private static byte[] bytes(
      int maxSize, CatalogKind kind, String id, Json.Obj content, List<FieldProblem> problems) {
    try {
      Json.Obj named = withId(content, id);
      Json.Obj shape =
          switch (kind) {
            case GROUP ->
                MatchboxShape.of(
                    DataFile.group(id, named.compact()), MatchboxShape.givenSelector(named));
            case PROFILE -> {
              Profile profile = DataFile.profile(id, named.compact());
              problems.addAll(BootChecks.of(profile));
              yield MatchboxShape.of(profile);
            }
          };
      byte[] bytes = GoJson.text(shape).getBytes(UTF_8);
      if (bytes.length > maxSize) {
        problems.add(
            new FieldProblem("", "is " + bytes.length + " bytes long; " + maxSize + " may be"));
      }
      return bytes;
    } catch (UnusableFileException e) {
      problems.add(new FieldProblem("", String.valueOf(e.getMessage())));
      return new byte[0];
    }
  }

  private static Json.Obj withId(Json.Obj content, String id) {
    Map<String, Json> members = new LinkedHashMap<>(content.members());
    members.put("id", new Json.Str(id));
    return new Json.Obj(members);
  }

  private int files() {
    Catalog now = watcher.current();
    return now.groupCount() + now.profileCount();
  }

  private static String tooMany() {
    return "there are %d groups and profiles already; delete one first"
        .formatted(CatalogReader.mostFiles());
  }

  private static Written refused(WriteRecords records, List<FieldProblem> problems) {
    FieldProblem first = problems.getFirst();
    records.notMade("put", "refused", (first.pointer() + " " + first.why()).strip());
    return new Written.Refused(problems);
  }

  private static String path(CatalogKind kind, String id) {
    return kind.folder() + "/" + id + DataFolder.EXTENSION;
  }

  private String failed(WriteRecords records, String verb, String file, Exception cause) {
    try {
      watcher.refresh(root.resolve(file)); // whatever is there now
    } catch (InvalidPathException e) {
      LOG.log(Level.DEBUG, "no file can be called " + file, e);
    }
    String why = "cannot change %s: %s".formatted(root + "/" + file, cause.getMessage());
    LOG.log(Level.WARNING, "catalog_write_failed reason=\"{0}\"", why);
    records.notMade(verb, "failed", why);
    return why;
  }
}
