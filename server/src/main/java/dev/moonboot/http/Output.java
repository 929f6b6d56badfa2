package dev.moonboot.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where one answer is written to. Every byte the peer's side takes counts as progress. */
final class Output {
  private final @Nullable SocketChannel channel;
  private final DataWriter copying;
  private final Pulse pulse;
  private long written;
  private volatile long progress = System.nanoTime();

  /**
   * @param channel the connection's channel; null when it cannot be had, then bytes are copied
   */
  Output(@Nullable SocketChannel channel, DataWriter copying, Pulse pulse) {
    this.channel = channel;
    this.copying = copying;
    this.pulse = pulse;
  }

  /** Writes all of {@code buffer}. */
  void write(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      took(channel == null ? copy(buffer) : channel.write(buffer));
    }
  }

  /**
   * Writes a few lines of a stream that may say nothing for long: only while they are being written
   * must the peer take what comes.
   */
  void note(String lines) throws IOException {
    pulse.writing();
    write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8)));
    pulse.answering();
  }

  /**
   * Writes from a file without copying where that goes (sendfile).
   *
   * @return how many bytes; 0 when the socket takes none now, or the file has none there
   */
  long transfer(FileChannel file, long at, long length) throws IOException {
    return channel == null ? 0 : took(file.transferTo(at, length, channel));
  }

  /** How many bytes have been written so far. */
  long written() {
    return written;
  }

  /** How long the peer's side has taken nothing, in nanoseconds. */
  long stalled() {
    return System.nanoTime() - progress;
  }

  /** Ends the connection under whoever is writing, as far as we have it in hand. */
  void cut() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // it went by itself meanwhile
      }
    }
  }

  private int copy(ByteBuffer buffer) {
    byte[] bytes = new byte[Math.min(buffer.remaining(), 64 * 1024)];
    buffer.get(bytes);
    copying.writeNow(BufferData.create(bytes));
    return bytes.length;
  }

  private long took(long bytes) {
    if (bytes > 0) {
      written += bytes;
      progress = System.nanoTime();
      pulse.wrote(bytes);
    }
    return bytes;
  }
}
