package dev.moonboot.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.files.Disk;
import dev.moonboot.journal.AuditFiles.Chain;
import dev.moonboot.journal.AuditFiles.End;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Appends lines to the newest file of an audit log and begins the next one in time. One that has
 * thrown is closed and never used again: what it has written since then is taken off when the next
 * one opens the log. For use by one thread at a time.
 */
final class AuditWriter implements AutoCloseable {
  /**
   * How much is kept.
   *
   * @param bytes of one file at most, but for the lines of one write
   * @param files at most
   */
  record Limits(long bytes, int files) {
    static final Limits DEFAULT = new Limits(16 << 20, 16);
  }

  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private static final String TORN = "torn-";

  /** What was set aside, and has not been told in the log yet. */
  private static final String UNTOLD = ".untold";

  private final AuditFiles files;
  private final Limits limits;
  private RandomAccessFile file;
  private int number;
  private long length;
  private Chain chain;

  private AuditWriter(AuditFiles files, Limits limits, int number, long length, Chain chain)
      throws IOException {
    this.files = files;
    this.limits = limits;
    this.number = number;
    this.length = length;
    this.chain = chain;
    this.file = open(files.file(number));
  }

  /** Not a channel: it would be closed by an interrupt that a caller happens to get. */
  private static RandomAccessFile open(Path file) throws IOException {
    if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
      throw new IOException(file + " is not a file");
    }
    return new RandomAccessFile(file.toFile(), "rw");
  }

  /**
   * Opens the log behind its last whole line. What follows that line was never acknowledged; it is
   * set aside in a file of its own.
   */
  static AuditWriter open(AuditFiles files, Limits limits) throws IOException {
    makeFolder(files.directory());
    End end = files.end();
    if (end.number() == 0) {
      return next(files, limits, 0, Chain.NEW);
    }
    if (end.torn() > 0) {
      setAside(files, end);
    }
    return new AuditWriter(files, limits, end.number(), end.length(), end.chain());
  }

  /**
   * Opens the log again where {@code before} had got to, whatever was written since; in a new file
   * when the log is not as it was left.
   */
  static AuditWriter reopen(AuditWriter before) throws IOException {
    AuditFiles files = before.files;
    makeFolder(files.directory());
    if (!isAsLeft(before)) {
      List<Integer> numbers = files.numbers();
      int newest = numbers.isEmpty() ? 0 : numbers.getLast();
      return next(files, before.limits, Math.max(newest, before.number), before.chain);
    }
    var writer = new AuditWriter(files, before.limits, before.number, before.length, before.chain);
    try {
      writer.file.setLength(before.length);
      writer.file.getFD().sync();
      return writer;
    } catch (IOException e) {
      writer.close();
      throw e;
    }
  }

  private static boolean isAsLeft(AuditWriter before) throws IOException {
    Path path = before.files.file(before.number);
    if (!Files.isRegularFile(path, NOFOLLOW_LINKS) || Files.size(path) < before.length) {
      return false;
    }
    try (FileChannel file = FileChannel.open(path, Set.of(READ, NOFOLLOW_LINKS));
        var lines = new AuditFiles.Backwards(file, before.length)) {
      Optional<String> last = lines.next();
      return before.length == 0
          || last.map(AuditFiles::digest).filter(before.chain.last()::equals).isPresent();
    }
  }

  private static AuditWriter next(AuditFiles files, Limits limits, int number, Chain chain)
      throws IOException {
    create(files.file(number + 1));
    return new AuditWriter(files, limits, number + 1, 0, chain);
  }

  private static void create(Path file) throws IOException {
    try {
      FileChannel.open(file, Set.of(WRITE, CREATE_NEW), PosixFilePermissions.asFileAttribute(FILE))
          .close();
    } catch (FileAlreadyExistsException e) {
      if (!Files.isRegularFile(file, NOFOLLOW_LINKS) || Files.size(file) > 0) {
        throw e;
      } // an earlier try failed in the next step
    }
    Disk.syncDirectory(file.resolveSibling(""));
  }

  private static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
      Disk.syncDirectory(folder.toAbsolutePath().resolveSibling(""));
    }
  }

  /** First it stands elsewhere, then it goes from here: at no moment is it lost. */
  private static void setAside(AuditFiles files, End end) throws IOException {
    Path path = files.file(end.number());
    ByteBuffer torn = ByteBuffer.allocate((int) Math.min(end.torn(), AuditFiles.LONGEST_LINE));
    try (FileChannel in = FileChannel.open(path, Set.of(READ, WRITE, NOFOLLOW_LINKS))) {
      while (torn.hasRemaining() && in.read(torn, end.length() + torn.position()) > 0) {
        // a read may bring less than there is
      }
      byte[] bytes = Arrays.copyOf(torn.array(), torn.position());
      String name = TORN + end.number() + "-" + end.length() + UNTOLD;
      AtomicFile.replace(files.directory().resolve(name), bytes, FILE);
      in.truncate(end.length());
      in.force(true);
    }
  }

  /** What was set aside and has not been told yet. */
  List<Path> untold() throws IOException {
    try (Stream<Path> all = Files.list(files.directory())) {
      return all.filter(file -> file.toString().endsWith(UNTOLD)).sorted().toList();
    }
  }

  /** The log tells of it now. */
  static void told(Path untold) throws IOException {
    String name = untold.getFileName().toString();
    Files.move(untold, untold.resolveSibling(name.substring(0, name.length() - UNTOLD.length())));
  }

  Chain chain() {
    return chain;
  }

  /** Makes one line of the next number and the digest of the line before. */
  @FunctionalInterface
  interface Line {
    byte[] text(long seq, Digest prev);
  }

  /**
   * Appends all of them, or none that counts; they last once this returns.
   *
   * @return the lines
   */
  List<String> append(List<? extends Line> lines) throws IOException {
    var batch = new ByteArrayOutputStream();
    List<String> texts = new ArrayList<>();
    Chain after = chain;
    for (Line line : lines) {
      byte[] text = line.text(after.seq() + 1, after.last());
      after = new Chain(after.seq() + 1, Digest.of(Arrays.copyOf(text, text.length - 1)));
      batch.writeBytes(text);
      texts.add(new String(text, UTF_8));
    }
    if (length > 0 && length + batch.size() > limits.bytes()) {
      rotate();
    }
    file.seek(length);
    file.write(batch.toByteArray());
    file.getFD().sync();
    length += batch.size();
    chain = after;
    return texts;
  }

  private void rotate() throws IOException {
    create(files.file(number + 1));
    file.close();
    number++;
    length = 0;
    file = open(files.file(number));
    List<Integer> numbers = files.numbers();
    for (int old : numbers.subList(0, Math.max(0, numbers.size() - limits.files()))) {
      Files.deleteIfExists(files.file(old));
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      // what counts was synced
    }
  }
}
