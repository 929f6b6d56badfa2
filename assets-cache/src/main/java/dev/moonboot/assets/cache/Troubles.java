package dev.moonboot.assets.cache;

import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a failure means to whoever follows a channel. */
final class Troubles {
  private static final long HARDLY_ANY = 1 << 20;

  private final Path root;
  private final Path state;

  /**
   * @param root where the cache is
   * @param state where its state is
   */
  Troubles(Path root, Path state) {
    this.root = root;
    this.state = state;
  }

  Failed of(RegistryException e) {
    Trouble trouble =
        switch (e.reason()) {
          case NOT_FOUND -> Trouble.TAG_MISSING;
          case AUTH_FAILED -> Trouble.AUTH_FAILED;
          case AUTH_REALM_REFUSED -> Trouble.AUTH_REALM_REFUSED;
          case DIGEST_MISMATCH -> Trouble.DIGEST_MISMATCH;
          case BUSY -> Trouble.BUSY;
          case UNREACHABLE -> Trouble.UNREACHABLE;
          case REDIRECT_REFUSED, TOO_LARGE, MALFORMED, UNSUPPORTED, NO_PLATFORM ->
              Trouble.BAD_ANSWER;
          case LOCAL_IO -> ofDisk(e);
        };
    return new Failed(trouble, text(e), e.retryAfter().orElse(null));
  }

  /** For what comes after the tag was found: what is missing then is not the tag. */
  Failed ofBlob(RegistryException e) {
    Failed failed = of(e);
    return e.reason() == Reason.NOT_FOUND
        ? new Failed(Trouble.BAD_ANSWER, failed.why(), failed.retryAfter())
        : failed;
  }

  Failed of(IOException e) {
    String where = isOfState(e) ? "state " + state : "cache " + root;
    return new Failed(ofDisk(e), where + ": " + text(e), null);
  }

  private boolean isOfState(IOException e) {
    return e instanceof FileSystemException of
        && of.getFile() != null
        && Path.of(of.getFile()).startsWith(state.toAbsolutePath().normalize());
  }

  private Trouble ofDisk(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoRoomException || saysNoSpace(text(cause))) {
        return Trouble.NO_SPACE;
      }
    }
    // The text is the C library's and may be in another language: look at the disk too.
    return isFull(root) || isFull(state) ? Trouble.NO_SPACE : Trouble.READ_ONLY;
  }

  /** strerror(3) of ENOSPC, EDQUOT and EFBIG. */
  private static boolean saysNoSpace(String text) {
    return text.contains("No space left on device")
        || text.contains("Disk quota exceeded")
        || text.contains("File too large");
  }

  private static boolean isFull(Path directory) {
    try {
      // one that is read-only is not full, whatever it has free
      return Files.isWritable(directory) && Disk.usableSpace(directory) < HARDLY_ANY;
    } catch (IOException e) {
      return false;
    }
  }

  static String text(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
