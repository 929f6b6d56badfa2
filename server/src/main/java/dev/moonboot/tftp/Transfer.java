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
     * @param again whether they were sent before
     */
    record Blocks(long first, int count, boolean again) implements Move {}

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
  private static final long LIFE = Duration.ofMinutes(10).toNanos();
  private static final long SLOWEST_BYTES_PER_SECOND = 32 * 1024;

  private final Agreement agreed;
  private final long size;
  private final long blocks;
  private final long lifeEnd;
  private final RetryTimer timer;

  private boolean agreeing;
  private boolean heard;
  private long lastHeard;

  /** Every block up to this one is acknowledged. */
  private long acked;

  /** The last block of the window that is out. */
  private long out;

  private int retries;
  private long sentAt;

  /** Whether what is out was sent before, so that an ACK says nothing about the round trip. */
  private boolean repeated;

  private long deadline;
  private long repeatedFor = -1;

  /** A file of {@code size} bytes, asked for at {@code now} (nanoseconds, as all times here). */
  Transfer(Agreement agreed, long size, long now) {
    this.agreed = agreed;
    this.size = size;
    this.blocks = size / agreed.blockSize() + 1; // the last one is short, and may be empty
    this.lifeEnd =
        now + Math.max(LIFE, Duration.ofSeconds(size / SLOWEST_BYTES_PER_SECOND).toNanos());
    this.timer = new RetryTimer(agreed.timeoutSeconds());
    this.agreeing = !agreed.answer().isEmpty();
  }

  /** The first packet; only one, however wide the window. */
  Move start(long now) {
    if (!agreeing) {
      out = 1;
    }
    return send(now, false);
  }

  /** What a packet from the client leads to. */
  Move receive(TftpPacket packet, long now) {
    return switch (packet) {
      case Ack(int block) -> acknowledged(block, now);
      case Failure failure -> new Move.End(heardAsProbe() ? Result.PROBED : Result.ABORTED);
      case Rrq _, Wrq _, Data _, Oack _, Malformed _ -> WAIT;
    };
  }

  /** Nothing but the options went out: any error now is how clients end a look at the size. */
  private boolean heardAsProbe() {
    return out == 0;
  }

  private Move acknowledged(int block, long now) {
    // modulo 65536, so that one from before a wrap is far outside the window
    long ahead = (block - acked) & 0xffff;
    if (agreeing ? block != 0 : ahead > out - acked) {
      return WAIT;
    }
    boolean first = !heard;
    heard = true;
    lastHeard = now;
    if (!repeated && (agreeing || acked + ahead == out)) {
      timer.measured(now - sentAt);
    }
    if (agreeing) {
      agreeing = false;
      return advance(now);
    }
    if (ahead == 0) {
      return first ? WAIT : repeat(now);
    }
    acked += ahead;
    return acked == blocks ? new Move.End(Result.SENT) : advance(now);
  }

  private Move advance(long now) {
    boolean again = out > acked;
    out = Math.min(acked + agreed.windowSize(), blocks);
    retries = 0;
    return send(now, again);
  }

  /** The window's first block was lost, if this is not the echo of an older ACK. */
  private Move repeat(long now) {
    if (agreed.windowSize() == 1 || repeatedFor == acked || now - sentAt < timer.soonestAnswer()) {
      return WAIT;
    }
    repeatedFor = acked;
    return send(now, true);
  }

  /** What the time alone leads to; to be called every now and then. */
  Move tick(long now) {
    if (now - lifeEnd >= 0) {
      return new Move.End(Result.TOO_SLOW);
    }
    if (now - deadline < 0) {
      return WAIT;
    }
    retries++;
    if (retries > (heard ? MOST_RETRIES : PACKETS_UNHEARD - 1)) {
      return new Move.End(awaitsLastAck() ? Result.SENT_UNCONFIRMED : Result.SILENT);
    }
    return send(now, true);
  }

  /** What is out now once more: the client asked again, or the way it was sent failed. */
  Move again(long now) {
    return send(now, true);
  }

  private Move send(long now, boolean again) {
    sentAt = now;
    repeated = again;
    deadline = now + (heard ? timer.after(retries) : RetryTimer.unheard(retries));
    return agreeing
        ? new Move.Agree(again)
        : new Move.Blocks(acked + 1, (int) (out - acked), again);
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
    return heard && out == blocks;
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
