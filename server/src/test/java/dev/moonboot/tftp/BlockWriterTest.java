package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.tftp.Agreement.Limits;
import dev.moonboot.tftp.TftpPacket.Option;
import dev.moonboot.tftp.TftpPacket.Rrq;
import dev.moonboot.tftp.Transfer.Move;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockWriterTest {
  private static final int SIZE = 10_000_000;
  private static final int WINDOW = 32;

  /** A network that takes nothing for now. */
  private static final class Stalled extends ChannelOutboundHandlerAdapter {
    private boolean stalled = true;

    @Override
    public void flush(ChannelHandlerContext context) {
      if (!stalled) {
        context.flush();
      }
    }
  }

  /** Who acknowledges what never left, as fast as it likes, makes nothing pile up here. */
  @Test
  void what_the_network_does_not_take_is_lost_and_not_kept() throws IOException {
    var stalled = new Stalled();
    var channel = new EmbeddedChannel(stalled);
    var asked = List.of(new Option("blksize", "1468"), new Option("windowsize", "" + WINDOW));
    var agreed = Agreement.on(new Rrq("f", "octet", asked), SIZE, new Limits(1468, WINDOW));
    var transfer = new Transfer(agreed, SIZE, 0);
    var content = new Content.Text(ByteBuffer.wrap(Served.bytes(SIZE, 1)));
    var writer = new BlockWriter(channel, new InetSocketAddress(0), false);
    for (int i = 0; i < 100; i++) {
      writer.write(transfer, content, new Move.Blocks(1 + (long) i * WINDOW, WINDOW, 0));
    }
    long waiting = channel.unsafe().outboundBuffer().totalPendingWriteBytes();
    assertTrue(waiting < 4 * WINDOW * 1468, waiting + " bytes wait");
    stalled.stalled = false;
    channel.flush();
    channel.releaseOutbound();
    writer.write(transfer, content, new Move.Blocks(1, 1, 1));
    assertEquals(1, channel.outboundMessages().size());
    assertTrue(channel.finishAndReleaseAll());
  }
}
