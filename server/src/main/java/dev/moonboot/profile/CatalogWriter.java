package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Disk;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  /** How many groups and profiles there may be together. */
  public static final int MAX_FILES = 50_000;

  /** How large one may be, in bytes. */
  public static final int MAX_SIZE = 64 << 10;

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
      deleteUnfinished(root.resolve(kind.folder()));
    }
  }

  /** What a process that died in the middle of a write left; nobody reads it. */
  private static void deleteUnfinished(Path folder) {
    try (var parts = Files.newDirectoryStream(folder, ".*.json.*" + AtomicFile.PART)) {
      parts.forEach(Disk::tryDelete);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.log(Level.DEBUG, "nothing to tidy in " + folder, e);
    }
  }

  /** Whether a group or profile can be called that: {@code [a-z0-9][a-z0-9._-]{0,62}}. */
  public static boolean isId(String id) {
    return WriteChecks.isId(id);
  }

  /** What is in force under that name now. */
  public Optional<Stored> stored(CatalogKind kind, String id) {
    requireId(id);
    try {
      Optional<Digest> version = read(kind.file(root, id)).map(Digest::of);
      Catalog now = watcher.refresh();
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
  public synchronized Written put(CatalogKind kind, String id, Json.Obj content, WriteOrder order) {
    requireId(id);
    List<FieldProblem> problems = new ArrayList<>(WriteChecks.of(kind, id, content));
    byte[] bytes = problems.isEmpty() ? bytes(kind, id, content, problems) : new byte[0];
    if (!problems.isEmpty()) {
      return refused(kind, id, order, problems);
    }
    Path file = kind.file(root, id);
    try {
      byte[] before = read(file).orElse(null);
      Digest version = before == null ? null : Digest.of(before);
      if (!order.expected().test(Optional.ofNullable(version))) {
        return new Written.Stale(version);
      }
      if (before == null && files() >= MAX_FILES) {
        return refused(kind, id, order, List.of(new FieldProblem("", tooMany())));
      }
      if (!Arrays.equals(before, bytes)) {
        record(kind, id, "put", order, version, Digest.of(bytes));
        makeFolder(file);
        change(file, before, () -> replace(file, before, bytes));
      }
      Catalog now = watcher.refresh();
      return new Written.Put(
          new Stored(Digest.of(bytes), kind.content(now, id).orElse(content)),
          before == null,
          References.of(now, kind, id));
    } catch (IOException e) {
      return failed(kind, id, "put", order, e);
    }
  }

  /**
   * Deletes a group or profile.
   *
   * @throws dev.moonboot.journal.AuditException when it cannot be written down; nothing changed
   * @throws IllegalArgumentException when it cannot be called that
   */
  public synchronized Written delete(CatalogKind kind, String id, WriteOrder order) {
    requireId(id);
    Path file = kind.file(root, id);
    try {
      byte[] before = read(file).orElse(null);
      Digest version = before == null ? null : Digest.of(before);
      if (!order.expected().test(Optional.ofNullable(version))) {
        return new Written.Stale(version);
      }
      if (before == null) {
        return new Written.Missing();
      }
      record(kind, id, "delete", order, version, null);
      change(
          file,
          before,
          () -> {
            Files.delete(file);
            Disk.syncDirectory(folderOf(file));
          });
      return new Written.Deleted(References.of(watcher.refresh(), kind, id));
    } catch (IOException e) {
      return failed(kind, id, "delete", order, e);
    }
  }

  private static void requireId(String id) {
    if (!isId(id)) {
      throw new IllegalArgumentException("no group or profile can be called \"" + id + "\"");
    }
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  /** The file to be written; what is wrong with it, as with any file, joins the problems. */
  private static byte[] bytes(
      CatalogKind kind, String id, Json.Obj content, List<FieldProblem> problems) {
    try {
      Json.Obj named = withId(content, id);
      Json.Obj shape =
          switch (kind) {
            case GROUP ->
                MatchboxShape.of(
                    DataFile.group(id, named.compact()), MatchboxShape.givenSelector(named));
            case PROFILE -> {
              Profile profile = DataFile.profile(id, named.compact());
              profile.boot().map(BootChecks::of).ifPresent(problems::addAll);
              yield MatchboxShape.of(profile);
            }
          };
      byte[] bytes = GoJson.text(shape).getBytes(UTF_8);
      if (bytes.length > MAX_SIZE) {
        problems.add(
            new FieldProblem("", "is " + bytes.length + " bytes long; " + MAX_SIZE + " may be"));
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
    return now.groups().size() + now.profiles().size();
  }

  private static String tooMany() {
    return "there are %d groups and profiles already; delete one first".formatted(MAX_FILES);
  }

  /** Empty when there is no such file. */
  private static Optional<byte[]> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static void makeFolder(Path file) throws IOException {
    Path folder = folderOf(file);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Disk.syncDirectory(folderOf(folder));
    }
  }

  private interface Change {
    void make() throws IOException;
  }

  /**
   * Makes a change; when its last step fails, which is to make it last, what was there before is
   * put back, so that what is in force is what the audit log says.
   */
  private static void change(Path file, byte @Nullable [] before, Change change)
      throws IOException {
    if (Files.isSymbolicLink(file)) {
      throw new IOException("it is a symbolic link: change what it leads to");
    }
    try {
      change.make();
    } catch (IOException e) {
      try {
        putBack(file, before);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private static void putBack(Path file, byte @Nullable [] before) throws IOException {
    if (!Arrays.equals(before, read(file).orElse(null))) {
      if (before == null) {
        Files.delete(file);
        Disk.syncDirectory(folderOf(file));
      } else {
        replace(file, before, before);
      }
    }
  }

  /** Others may read it who could read it before. */
  private static void replace(Path file, byte @Nullable [] before, byte[] bytes)
      throws IOException {
    if (before != null && Files.exists(file, NOFOLLOW_LINKS)) {
      AtomicFile.replace(file, bytes, Files.getPosixFilePermissions(file));
    } else {
      AtomicFile.replace(file, bytes);
    }
  }

  private void record(
      CatalogKind kind,
      String id,
      String verb,
      WriteOrder order,
      @Nullable Digest from,
      @Nullable Digest to) {
    Map<String, String> details = new LinkedHashMap<>();
    if (from != null) {
      details.put("from", from.toString());
    }
    if (to != null) {
      details.put("to", to.toString());
    }
    details.putAll(order.details());
    audit.record(event(kind, id, verb, order, "ok", "", details));
  }

  private Written refused(
      CatalogKind kind, String id, WriteOrder order, List<FieldProblem> problems) {
    FieldProblem first = problems.getFirst();
    String reason = (first.pointer() + " " + first.why()).strip();
    audit.record(event(kind, id, "put", order, "refused", reason, order.details()));
    return new Written.Refused(problems);
  }

  private Written failed(
      CatalogKind kind, String id, String verb, WriteOrder order, IOException cause) {
    watcher.refresh(); // whatever is there now
    String why = "cannot change %s: %s".formatted(kind.file(root, id), cause.getMessage());
    LOG.log(Level.WARNING, "catalog_write_failed reason=\"{0}\"", why);
    audit.record(event(kind, id, verb, order, "failed", why, order.details()));
    return new Written.Failed(why);
  }

  private static AuditEvent event(
      CatalogKind kind,
      String id,
      String verb,
      WriteOrder order,
      String outcome,
      String reason,
      Map<String, String> details) {
    return new AuditEvent(
        kind.word() + "." + verb, outcome, reason, order.actor(), Map.of(kind.word(), id), details);
  }
}
