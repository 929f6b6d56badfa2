package dev.moonboot.assets.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where damaged blobs are put, so that somebody can find out what happened to them. */
final class Quarantine {
  private static final Logger LOG = System.getLogger(Quarantine.class.getName());

  /** How many are kept when nothing presses. */
  static final int MOST = 4;

  private Quarantine() {}

  /** Tells one file from another that has its name later; null when there is none. */
  static @Nullable Object identity(Path file) {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  /** Takes a blob out of the way. Where the disk does not let us, it is at least marked. */
  static void take(StoreLayout layout, Digest blob) {
    Path file = layout.blob(blob);
    try {
      Files.move(file, layout.quarantine().resolve(blob.hex()), REPLACE_EXISTING);
      Disk.syncDirectory(layout.blobs());
    } catch (NoSuchFileException e) {
      // missing, which is all that is wrong with it
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cache blob=" + file + " quarantine=failed why=\"" + e + "\"");
      spoilMark(file);
    }
  }

  /** So that the next start hashes it before it is served. */
  private static void spoilMark(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cache blob=" + file + " mark=left why=\"" + e + "\"");
    }
  }

  /** Deletes all but the newest few: they only tell what happened. */
  static void keepNewest(StoreLayout layout, int most) throws IOException {
    List<Path> files = new ArrayList<>();
    try (var stream = Files.newDirectoryStream(layout.quarantine())) {
      stream.forEach(files::add);
    }
    files.sort(Comparator.comparing(Quarantine::movedAt).reversed());
    files.stream().skip(most).forEach(Disk::tryDelete);
  }

  private static FileTime movedAt(Path file) {
    try { // a rename changes nothing but this
      return (FileTime) Files.getAttribute(file, "unix:ctime", NOFOLLOW_LINKS);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }
}
