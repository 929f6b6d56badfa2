package dev.moonboot.assets.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps a second process (or a second store in this one) away from both directories. */
final class StoreLock implements AutoCloseable {
  private static final Logger LOG = System.getLogger(StoreLock.class.getName());

  private final List<FileChannel> held;

  private StoreLock(List<FileChannel> held) {
    this.held = List.copyOf(held);
  }

  /**
   * Takes the locks. Where a lock file cannot even be opened for writing, nobody can write there
   * and what is there can still be served: then there is nothing to lock.
   */
  static StoreLock take(StoreLayout layout) throws IOException {
    List<FileChannel> held = new ArrayList<>();
    try {
      take("cache", layout.lock()).ifPresent(held::add);
      try {
        layout.makeState();
      } catch (IOException e) {
        LOG.log(
            Level.ERROR,
            "state=unusable directory="
                + layout.state()
                + " why=\""
                + e
                + "\": no channel can move");
      }
      take("state", layout.stateLock()).ifPresent(held::add);
      return new StoreLock(held);
    } catch (IOException e) {
      new StoreLock(held).close();
      throw e;
    }
  }

  private static Optional<FileChannel> take(String what, Path file) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, CREATE, WRITE);
    } catch (IOException e) {
      LOG.log(Level.WARNING, what + " lock=none file=" + file + " why=\"" + e + "\"");
      return Optional.empty();
    }
    try {
      if (channel.tryLock() != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException e) {
      // another store of this very process
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new StoreException(
        StoreException.Reason.LOCKED,
        "the %s %s is in use by another moonboot: stop that one, or give this one its own directory"
            .formatted(what, file.getParent()));
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : held) {
      channel.close(); // and with it the lock
    }
  }
}
