package dev.moonboot.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;

/**
 * How many connections the files that this process may have open are good for. A listener that
 * cannot accept for want of files ends; one that waits until a connection has gone does not.
 */
final class FileBudget {
  private static final System.Logger LOG = System.getLogger(FileBudget.class.getName());

  /** For everything else: TFTP, pulls, the catalog, the log. */
  private static final int RESERVE = 64;

  /** Of the socket, and of the file that may be sent to it. */
  private static final int EACH = 2;

  private static final int LEAST = 8;

  private FileBudget() {}

  /**
   * As many connections as are wanted, or fewer where there are not files enough for them.
   *
   * @param name of the listener, for the log
   */
  static int connections(String name, int wanted) {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
      return wanted;
    }
    long limit = unix.getMaxFileDescriptorCount();
    int possible = connections(limit, unix.getOpenFileDescriptorCount(), wanted);
    if (possible < wanted) {
      LOG.log(
          Level.WARNING,
          "files limit={0,number,#} listener={1} connections={2,number,#} wanted={3,number,#};"
              + " callers beyond that wait: raise LimitNOFILE",
          limit,
          name,
          possible,
          wanted);
    }
    return possible;
  }

  static int connections(long limit, long open, int wanted) {
    long possible = (limit - open - RESERVE) / EACH;
    return (int) Math.min(wanted, Math.max(LEAST, possible));
  }
}
