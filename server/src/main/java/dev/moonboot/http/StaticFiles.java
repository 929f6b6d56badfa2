package dev.moonboot.http;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The folder whose files stand below {@code /assets/} besides the releases. Anyone may change it
 * while it is served. Symbolic links are followed as long as they lead to a place inside.
 */
final class StaticFiles {
  private final Path root;

  StaticFiles(Path root) {
    this.root = root;
  }

  /** What is found under a path. */
  sealed interface Found {
    /** A file that can be read. */
    record File(Path real, BasicFileAttributes attributes) implements Found {}

    /** A folder. */
    record Folder() implements Found {}

    /** Nothing that is served; {@code why} is for the log. */
    record Nothing(String why) implements Found {}
  }

  /**
   * @param path below {@code /assets/}, percent-decoded; a final slash makes no difference
   */
  Found find(String path) throws IOException {
    String name = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    List<String> segments = List.of(name.split("/", -1));
    Optional<String> refused = name.isEmpty() ? Optional.empty() : refused(segments);
    if (refused.isPresent()) {
      return new Found.Nothing(refused.get());
    }
    try {
      Path real = root.resolve(name).toRealPath();
      if (!real.startsWith(root.toRealPath())) {
        return new Found.Nothing("a link leads out of the static files");
      }
      BasicFileAttributes attributes =
          Files.readAttributes(real, BasicFileAttributes.class, NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        return new Found.Folder();
      }
      return attributes.isRegularFile()
          ? new Found.File(real, attributes)
          : new Found.Nothing("not a regular file");
    } catch (NoSuchFileException e) {
      return new Found.Nothing("no such file");
    } catch (FileSystemException e) {
      return notThere(e);
    } catch (InvalidPathException e) {
      return new Found.Nothing("not a file name");
    }
  }

  /** "Not a directory" and loops of links are the asker's mistake; anything else is a fault. */
  private static Found notThere(FileSystemException e) throws IOException {
    String reason = String.valueOf(e.getReason());
    if (e instanceof FileSystemLoopException
        || reason.contains("Not a directory")
        || reason.contains("Too many levels")
        || reason.contains("File name too long")) {
      return new Found.Nothing("no such file");
    }
    throw e;
  }

  /** Hidden files, half-written files and path syntax are never names here. */
  private static Optional<String> refused(List<String> segments) {
    for (String segment : segments) {
      if (segment.isEmpty() || segment.indexOf('\\') >= 0 || segment.indexOf('\0') >= 0) {
        return Optional.of("not a file name");
      }
      if (segment.startsWith(".") || segment.endsWith(".part")) {
        return Optional.of("hidden and unfinished files are not served");
      }
    }
    return Optional.empty();
  }

  /** What a file is called that was found, links followed: its path below {@code /assets/}. */
  String name(Found.File file) throws IOException {
    return root.toRealPath().relativize(file.real()).toString();
  }

  /** Opens a file that was found. */
  static FileChannel open(Found.File file) throws IOException {
    return FileChannel.open(file.real(), READ, NOFOLLOW_LINKS);
  }

  /** The first bytes, for sniffing. */
  static byte[] head(FileChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(ContentTypes.SNIFFED);
    while (head.hasRemaining() && channel.read(head, head.position()) > 0) {
      // a read may bring less than there is
    }
    return Arrays.copyOf(head.array(), head.position());
  }
}
