package dev.moonboot.assets.store;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keeps a second process (or a second store in this one) away from a directory. */
final class StoreLock implements AutoCloseable {
  private static final Logger LOG = System.getLogger(StoreLock.class.getName());

  private final @Nullable FileChannel channel;

  private StoreLock(@Nullable FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock. Where the lock file cannot even be opened for writing, nobody can write here
   * and what is there can still be served: then there is nothing to lock.
   */
  static StoreLock take(Path file) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, CREATE, WRITE);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cache lock=none file=" + file + " why=\"" + e + "\"");
      return new StoreLock(null);
    }
    try {
      if (channel.tryLock() != null) {
        return new StoreLock(channel);
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
        "the cache "
            + file.getParent()
            + " is in use by another moonboot: stop that one, or give this one its own directory");
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close(); // and with it the lock
    }
  }
}
