package dev.moonboot.tftp;

import dev.moonboot.tftp.TftpPacket.Ack;
import dev.moonboot.tftp.TftpPacket.Data;
import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Malformed;
import dev.moonboot.tftp.TftpPacket.Oack;
import dev.moonboot.tftp.TftpPacket.Rrq;
import dev.moonboot.tftp.TftpPacket.Wrq;
import java.time.Duration;

/**
 * One file on its way to one client, without network or clock: packets and times go in, {@link
 * Move}s come out. Blocks count from 1 without wrapping; the wire carries them modulo 65536 (after
 * 65535 comes 0).
 *
 * <p>An ACK moves the window to just behind the block it names, so an ACK from inside the window
 * sends its rest again (RFC 7440 section 4). What is acknowledged already is not sent again for
 * being acknowledged once more (the Sorcerer's Apprentice, RFC 1123 section 4.2.3.1), but for one
 * repeat a block in windows, where it says that the first block behind was lost.
 *
 * <p>When no answer comes in time, a window's last block alone is sent first: whichever packet was
 * lost, it makes the client say what it has, and costs little where none was. Only then the whole
 * window goes out again.
 */
final class Transfer {
  /** What to do now. */
  sealed interface Move {
    /** Nothing. */
    record Wait() implements Move {}

    /**
     * Send the agreed options.
     *
     * @param again whether they were sent before
     */
    record Agree(boolean again) implements Move {}

    /**
     * Send blocks.
     *
     * @param first counted from 1
     * @param again how many of them were sent before
     */
    record Blocks(long first, int count, int again) implements Move {}

    /** The transfer is over, nothing is to be sent. */
    record End(Result result) implements Move {}
  }

  /** How a transfer ended. */
  enum Result {
    /** All blocks were acknowledged. */
    SENT,
    /** All blocks were sent, but nobody acknowledged the last: several clients never do. */
    SENT_UNCONFIRMED,
    /** The client wanted the size only and said so by an error. */
    PROBED,
    /** The client reported an error. */
    ABORTED,
    /** The client was not heard any more. */
    SILENT,
    /** It took longer than any transfer of its size may. */
    TOO_SLOW
  }

  private static final Move WAIT = new Move.Wait();

  /** Packets a source gets that was never heard: a forged address is not flooded through us. */
  private static final int PACKETS_UNHEARD = 3;

  private static final int MOST_RETRIES = 6;

  /** However short round trips are: a switch that starts again takes that long. */
  private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

  private static final long LIFE = Duration.ofMinutes(10).toNanos();
  private static final long SLOWEST_BYTES_PER_SECOND = 32 * 1024;

  private final Agreement agreed;
  private final long size;
  private final long blocks;
  private final long lifeEnd;
  private final RetryTimer timer;
  private final Spurts spurts;

  private boolean agreeing;
  private boolean heard;
  private long lastHeard;

  /** Every block up to this one is acknowledged. */
  private long acked;

  /** The last block that is out, and the last that ever was. */
  private long out;

  private long everOut;

  /** The last block of the window; further than {@code out} while the window goes out in parts. */
  private long windowEnd;

  /** How often the clock alone sent something since the last ACK that said something new. */
  private int retries;

  private long ackedAt;
  private long sentAt;

  /** When a window went out from its first block on. */
  private long flightAt;

  private long deadline;

  /** When {@code out} was sent first, and whether it was sent again since. */
  private long outFirstAt;

  private boolean outRepeated;

  /** Whether the first block behind {@code acked} was already sent again for a repeated ACK. */
  private boolean lossTold;

  /** Whether blocks up to {@code acked} went out twice, and their second ACKs are on the way. */
  private boolean echoes;

  /**
   * A transfer of {@code size} bytes that begins at {@code now}; times are nanoseconds of one
   * steady clock.
   */
  Transfer(Agreement agreed, long size, long now) {
    this.agreed = agreed;
    this.size = size;
    this.blocks = size / agreed.blockSize() + 1;
    this.lifeEnd =
        now + Math.max(LIFE, Duration.ofSeconds(size / SLOWEST_BYTES_PER_SECOND).toNanos());
    this.timer = new RetryTimer(agreed.timeoutSeconds());
    this.spurts = new Spurts(agreed.windowSize());
    this.agreeing = !agreed.answer().isEmpty();
  }

  /** The first packet; only one, however wide the window. */
  Move start(long now) {
    ackedAt = now;
    windowEnd = agreeing ? 0 : 1;
    return agreeing ? agree(now, false) : window(now);
  }

  /** What a packet from the client leads to. */
  Move receive(TftpPacket packet, long now) {
    return switch (packet) {
      case Ack(int block) -> acknowledged(block, now);
      case Failure _ -> new Move.End(heardAsProbe() ? Result.PROBED : Result.ABORTED);
      case Rrq _, Wrq _, Data _, Oack _, Malformed _ -> WAIT;
    };
  }

  /** Nothing but the options went out: any error now is how clients end a look at the size. */
  private boolean heardAsProbe() {
    return everOut == 0;
  }

  private Move acknowledged(int block, long now) {
    // modulo 65536, so that one from before a wrap is far outside the window
    long ahead = (block - acked) & 0xffff;
    if (agreeing ? block != 0 : ahead > everOut - acked) {
      return WAIT;
    }
    boolean first = !heard;
    heard = true;
    lastHeard = now;
    if (ahead == 0 && !agreeing) {
      return first ? WAIT : repeat(now);
    }
    measure(agreeing || acked + ahead == windowEnd, now);
    echoes = retries > 0;
    agreeing = false;
    acked += ahead;
    ackedAt = now;
    return acked == blocks ? new Move.End(Result.SENT) : advance(now);
  }

  /** Learns from an answer how long answers take. */
  private void measure(boolean ofAll, long now) {
    if (ofAll && !outRepeated) {
      timer.measured(now - outFirstAt);
    } else if (ofAll && now - sentAt < timer.soonestAnswer()) {
      timer.measured(now - outFirstAt); // it was on its way: the retry was needless
    } else {
      timer.answered();
    }
  }

  private Move advance(long now) {
    boolean whole = acked == windowEnd;
    if (whole) {
      spurts.arrived();
    } else {
      spurts.lost(timer.shortest());
    }
    windowEnd = Math.min(acked + agreed.windowSize(), blocks);
    retries = 0;
    lossTold = false;
    // sooner than a round trip it says nothing of what went out last: that may well arrive
    boolean early = now - flightAt < timer.soonestAnswer();
    if (whole || !early) {
      out = acked;
    } else if (everOut < windowEnd) {
      out = everOut;
    } else {
      return WAIT;
    }
    return window(now);
  }

  /** The client says once more what it has. */
  private Move repeat(long now) {
    // it misses the first block, unless this is the echo of an older ACK
    boolean loss =
        agreed.windowSize() > 1 && !lossTold && !echoes && now - flightAt >= timer.soonestAnswer();
    // or is back after a silence in which our retries had become rare
    boolean back = retries > 0 && now - sentAt >= timer.usual();
    if (!loss && !back) {
      return WAIT;
    }
    lossTold = true;
    spurts.lost(timer.shortest());
    return again(now);
  }

  /** What the time alone leads to; to be called at {@link #due} or soon after. */
  Move tick(long now) {
    if (now - lifeEnd >= 0) {
      return new Move.End(Result.TOO_SLOW);
    }
    if (now - deadline < 0) {
      return WAIT;
    }
    if (out < windowEnd) {
      return blocks(now);
    }
    retries++;
    if (retries > (heard ? MOST_RETRIES : PACKETS_UNHEARD - 1)) {
      return new Move.End(awaitsLastAck() ? Result.SENT_UNCONFIRMED : Result.SILENT);
    }
    if (retries == 1 && out > acked + 1) {
      return lastBlock(now);
    }
    timer.expired();
    return again(now);
  }

  /** When {@link #tick} is to be called next. */
  long due() {
    return deadline - lifeEnd < 0 ? deadline : lifeEnd;
  }

  /** What is out now once more: the client asked again, or the way it was sent failed. */
  Move again(long now) {
    if (agreeing) {
      return agree(now, true);
    }
    out = acked;
    return window(now);
  }

  private Move agree(long now, boolean again) {
    outRepeated = again;
    outFirstAt = again ? outFirstAt : now;
    sent(now);
    return new Move.Agree(again);
  }

  private Move lastBlock(long now) {
    outRepeated = true;
    sent(now);
    return new Move.Blocks(out, 1, 1);
  }

  /** The window from behind {@code out} on. */
  private Move window(long now) {
    flightAt = out == acked ? now : flightAt;
    outRepeated = windowEnd <= everOut;
    outFirstAt = outRepeated ? outFirstAt : now;
    return blocks(now);
  }

  /** The next part of the window, or all that is left of it. */
  private Move blocks(long now) {
    long first = out + 1;
    out = spurts.end(out, windowEnd);
    int again = (int) Math.clamp(everOut - first + 1, 0, out - first + 1);
    everOut = Math.max(everOut, out);
    sent(now);
    if (out < windowEnd) {
      deadline = now + Spurts.PAUSE;
    }
    return new Move.Blocks(first, (int) (out - first + 1), again);
  }

  private void sent(long now) {
    sentAt = now;
    deadline = now + (heard ? timer.patience() : RetryTimer.unheard(retries));
    if (retries == MOST_RETRIES && deadline - (ackedAt + PATIENCE) < 0) {
      deadline = ackedAt + PATIENCE;
    }
  }

  Agreement agreed() {
    return agreed;
  }

  /** Whether the client has acknowledged anything, so that its address is no forgery. */
  boolean heard() {
    return heard;
  }

  /** When the client was last heard; only once {@link #heard()}. */
  long lastHeard() {
    return lastHeard;
  }

  /** Whether all there is was sent, and only the last ACK is missing. */
  boolean awaitsLastAck() {
    return heard && everOut == blocks;
  }

  long size() {
    return size;
  }

  /** Bytes of the file that the client has acknowledged. */
  long ackedBytes() {
    return Math.min(size, acked * agreed.blockSize());
  }

  /** How many bytes a block carries; 0 is possible for the last. */
  int length(long block) {
    return (int) Math.min(agreed.blockSize(), size - (block - 1) * agreed.blockSize());
  }
}
