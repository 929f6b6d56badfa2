package dev.moonboot.http;

import io.helidon.common.buffers.DataReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Feeds Helidon one request head at a time, and the end of the stream when the connection has had
 * its last request. So a head has one deadline from its first byte to its last, {@code Connection:
 * close} is kept, and bodies come only where they are taken, and then with a deadline, too.
 */
final class RequestHeads implements Supplier<byte @Nullable []> {
  /** Request line 4 KiB, headers 16 KiB: what is longer Helidon refuses unread. */
  static final int MAX_BYTES = (4 + 16) * 1024;

  /** As much of an unwanted body is read as lets the client see our answer before a reset. */
  private static final int DRAIN_BYTES = 64 * 1024;

  /** The framing of chunks included. */
  private static final int MAX_BODY = 1024 * 1024;

  /** RFC 8446, 5.1: how a client begins that takes this for a TLS port. */
  private static final byte TLS_HANDSHAKE = 0x16;

  /** What Helidon refuses at once, for it would wait for the end of a line. */
  private static final byte[] NO_REQUEST = "TLS\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final DataReader in;
  private final Pulse pulse;
  private final int requests;
  private final Bodies bodies;
  private byte[] ahead = {};
  private int served;
  private boolean last;
  private boolean drain;
  private boolean taken;
  private int bodyBytes;

  /**
   * @param bodies those that Helidon is let have
   */
  RequestHeads(DataReader in, Pulse pulse, int requests, Bodies bodies) {
    this.in = in;
    this.pulse = pulse;
    this.requests = requests;
    this.bodies = bodies;
  }

  /** The connection ends with the request that is being answered. */
  void end() {
    last = true;
  }

  /** The next head, or null when there is none. */
  @Override
  public byte @Nullable [] get() {
    if (last && drain && taken) {
      return body();
    }
    if (last) {
      drain();
      return null;
    }
    pulse.waiting();
    int end = read();
    if (end < 0) {
      return null;
    }
    RequestHead head = new RequestHead(Arrays.copyOf(ahead, end));
    ahead = Arrays.copyOfRange(ahead, end, ahead.length);
    served++;
    last = head.isLast() || served >= requests;
    drain = head.announcesBody();
    taken = head.isAmong(bodies);
    pulse.answering();
    return head.toHelidon(last);
  }

  /** Reads until a whole head is at hand; returns its length, or −1 at the end of the stream. */
  private int read() {
    int from = 0;
    while (true) {
      if (ahead.length > 0 && from == 0) {
        pulse.headBegun();
      }
      if (ahead.length > 0 && ahead[0] == TLS_HANDSHAKE) {
        ahead = NO_REQUEST.clone(); // such a client goes on in plain text, once it is told
      }
      int end = endOfHead(from);
      if (end >= 0) {
        return end;
      }
      if (ahead.length > MAX_BYTES) {
        return ahead.length;
      }
      from = ahead.length;
      byte[] more = more();
      if (more == null) {
        return -1;
      }
      int had = ahead.length;
      ahead = Arrays.copyOf(ahead, had + more.length);
      System.arraycopy(more, 0, ahead, had, more.length);
    }
  }

  /** After the first empty line (CR optional, so that Helidon gets to refuse its absence). */
  private int endOfHead(int from) {
    for (int i = Math.max(0, from - 3); i < ahead.length; i++) {
      if (ahead[i] == '\n') {
        int next = i + 1 < ahead.length && ahead[i + 1] == '\r' ? i + 2 : i + 1;
        if (next < ahead.length && ahead[next] == '\n') {
          return next + 1;
        }
      }
    }
    return -1;
  }

  private byte @Nullable [] more() {
    try {
      in.ensureAvailable();
      return in.readBuffer().readBytes();
    } catch (DataReader.InsufficientDataAvailableException e) {
      return null; // the peer has closed
    }
  }

  /** What follows the last head; null at the end, or when it is more than any route would take. */
  private byte @Nullable [] body() {
    byte[] part = ahead;
    if (part.length > 0) {
      ahead = new byte[0];
    } else if (bodyBytes < MAX_BODY) {
      pulse.bodyAwaited();
      part = more();
      pulse.answering();
    } else {
      part = null;
    }
    bodyBytes += part == null ? 0 : part.length;
    return part;
  }

  private void drain() {
    if (!drain) {
      return;
    }
    pulse.headBegun(); // the deadline of a head is enough for what is already on its way
    byte[] more = ahead;
    for (int seen = more.length; seen < DRAIN_BYTES; seen += more.length) {
      more = more();
      if (more == null) {
        return;
      }
    }
  }
}
