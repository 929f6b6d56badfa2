package dev.moonboot.assets.cache;

import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.files.Disk;
import dev.moonboot.program.MissingProgramException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

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
    if (isStopped()) {
      return stopped();
    }
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
    return e.reason() == Reason.NOT_FOUND && failed.trouble() == Trouble.TAG_MISSING
        ? new Failed(Trouble.BAD_ANSWER, failed.why(), failed.retryAfter())
        : failed;
  }

  /** Whether this thread is to end, so that whatever fails on it fails for that. */
  static boolean isStopped() {
    return Thread.currentThread().isInterrupted();
  }

  /** What was under way is broken off. */
  static Failed stopped() {
    return new Failed(Trouble.STOPPED, "broken off, for moonboot stops", null);
  }

  Failed of(IOException e) {
    if (isStopped()) {
      return stopped();
    }
    Optional<String> missing = missingProgram(e);
    if (missing.isPresent()) {
      return new Failed(Trouble.PROGRAM_MISSING, missing.get(), null);
    }
    String where = isOfState(e) ? "state " + state : "cache " + root;
    return new Failed(ofDisk(e), where + ": " + text(e), null);
  }

  private static Optional<String> missingProgram(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof MissingProgramException missing) {
        return Optional.of(text(missing));
      }
    }
    return Optional.empty();
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
    return switch (e) {
      // the name of the file is all that these say
      case AccessDeniedException _ -> message + ": permission denied";
      case NoSuchFileException of when of.getReason() == null -> message + ": no such file";
      default -> message == null ? e.toString() : message;
    };
  }
}
