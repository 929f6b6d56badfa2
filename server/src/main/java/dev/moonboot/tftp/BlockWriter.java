package dev.moonboot.tftp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Puts blocks of a content on a connected socket: a window in one system call where the kernel cuts
 * it into datagrams, else one by one.
 */
final class BlockWriter {
  /** What one call may carry: an IP packet's length, and the kernel's 64 segments. */
  private static final int MOST_BYTES = 65_000;

  private static final int MOST_SEGMENTS = 64;

  private final Channel channel;
  private final InetSocketAddress peer;
  private boolean segments;

  BlockWriter(Channel channel, InetSocketAddress peer, boolean segments) {
    this.channel = channel;
    this.peer = peer;
    this.segments = segments;
  }

  /** From now on one by one; false when it was so already. */
  boolean withoutSegments() {
    boolean changed = segments;
    segments = false;
    return changed;
  }

  /**
   * Sends what {@code move} says; a failure to send shows up in the channel's pipeline.
   *
   * <p>Nothing while what went before waits here for the kernel: that is as good as lost on the
   * way, and a client that acknowledges what it cannot have got would make all of the file wait.
   *
   * @throws IOException when the content cannot be read
   */
  void write(Transfer transfer, Content content, Transfer.Move.Blocks move) throws IOException {
    if (!channel.isWritable()) {
      return;
    }
    int each = transfer.agreed().blockSize() + TftpPacket.HEADER;
    int together = segments ? Math.clamp(MOST_BYTES / each, 1, MOST_SEGMENTS) : 1;
    for (int done = 0; done < move.count(); done += together) {
      int count = Math.min(together, move.count() - done);
      ByteBuf packets = packets(transfer, content, move.first() + done, count);
      Object message = count == 1 ? packets : new SegmentedDatagramPacket(packets, each, peer);
      var _ = channel.write(message, channel.voidPromise()); // fails into the pipeline
    }
    channel.flush();
  }

  private ByteBuf packets(Transfer transfer, Content content, long first, int count)
      throws IOException {
    int each = transfer.agreed().blockSize() + TftpPacket.HEADER;
    ByteBuf packets = channel.alloc().directBuffer(count * each);
    try {
      for (long block = first; block < first + count; block++) {
        packets.writeShort(TftpPacket.DATA).writeShort((int) (block & 0xffff));
        long offset = (block - 1) * transfer.agreed().blockSize();
        content.copy(offset, transfer.length(block), packets);
      }
      return packets;
    } catch (IOException e) {
      packets.release();
      throw e;
    }
  }
}
