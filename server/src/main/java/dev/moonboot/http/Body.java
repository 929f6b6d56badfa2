package dev.moonboot.http;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** What follows an answer's headers. Closed once, sent or not. */
public sealed interface Body extends AutoCloseable
    permits Body.Absent,
        Body.Text,
        Body.Bytes,
        Body.Mapped,
        Body.Streamed,
        Body.Joined,
        Body.Events,
        Transfer {
  /** Of a body that ends when the connection does. */
  long UNKNOWN = -1;

  /** Exactly so many bytes will be written, or {@link #UNKNOWN}. */
  long length();

  /**
   * Writes all of it.
   *
   * @throws IOException when the peer is gone, or the file has become shorter
   */
  void writeTo(Output out) throws IOException;

  @Override
  default void close() throws IOException {}

  /** Nothing, though a GET would bring {@code length} bytes. */
  record Absent(long length) implements Body {
    public static final Absent EMPTY = new Absent(0);

    @Override
    public void writeTo(Output out) {}
  }

  /** A short text. */
  record Text(String text) implements Body {
    @Override
    public long length() {
      return bytes().length;
    }

    @Override
    public void writeTo(Output out) throws IOException {
      out.write(ByteBuffer.wrap(bytes()));
    }

    private byte[] bytes() {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Bytes in memory. */
  @SuppressWarnings("ArrayRecordComponent") // bodies are never compared
  record Bytes(byte[] bytes) implements Body {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void writeTo(Output out) throws IOException {
      out.write(ByteBuffer.wrap(bytes));
    }
  }

  /**
   * A part of a file that never changes: the kernel copies from our mapping into the socket, and no
   * byte passes through the heap. Should the file be cut short against the rules, writing fails
   * with an IOException and nothing worse, since only the kernel touches the pages.
   */
  record Mapped(MappedFiles.Lease file, ByteRange.Part part) implements Body {
    /** Between 512 KiB and 1 MiB was measured best on loopback. */
    private static final int SLICE = 1 << 20;

    @Override
    public long length() {
      return part.length();
    }

    @Override
    public void writeTo(Output out) throws IOException {
      MemorySegment bytes = file.bytes().asSlice(part.first(), part.length());
      for (long at = 0; at < bytes.byteSize(); at += SLICE) {
        long slice = Math.min(SLICE, bytes.byteSize() - at);
        file.check();
        out.write(bytes.asSlice(at, slice).asByteBuffer());
      }
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /**
   * Server-sent events (HTML Living Standard, 9.2), until the source ends or the peer is gone. A
   * comment goes out where nothing happens for a while, so that a peer that is gone is noticed.
   */
  record Events(EventSource source) implements Body {
    private static final Duration BEAT = Duration.ofSeconds(10);

    @Override
    public long length() {
      return UNKNOWN;
    }

    @Override
    public void writeTo(Output out) throws IOException {
      try {
        boolean more = true;
        while (more) {
          switch (source.next(BEAT)) {
            case EventSource.Event(var name, var data, var id) ->
                out.note(
                    (id.isEmpty() ? "" : "id: " + id + "\n")
                        + ("event: " + name + "\ndata: " + data + "\n\n"));
            case EventSource.Quiet() -> out.note(": still here\n\n");
            case EventSource.End() -> more = false;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      source.close();
    }
  }

  /** One behind the other. */
  record Joined(List<Body> bodies) implements Body {
    public Joined {
      bodies = List.copyOf(bodies);
    }

    @Override
    public long length() {
      return bodies.stream().mapToLong(Body::length).sum();
    }

    @Override
    public void writeTo(Output out) throws IOException {
      for (Body body : bodies) {
        body.writeTo(out);
      }
    }

    @Override
    public void close() throws IOException {
      IOException failed = null;
      for (Body body : bodies) {
        try {
          body.close();
        } catch (IOException e) {
          failed = e;
        }
      }
      if (failed != null) {
        throw failed;
      }
    }
  }

  /** A part of a file that somebody may change: by sendfile, from a channel of its own. */
  record Streamed(FileChannel file, ByteRange.Part part) implements Body {
    private static final int BUFFER = 64 * 1024;

    @Override
    public long length() {
      return part.length();
    }

    @Override
    public void writeTo(Output out) throws IOException {
      long end = part.first() + part.length();
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, part.length()));
      for (long at = part.first(); at < end; ) {
        long sent = out.transfer(file, at, end - at);
        at += sent > 0 ? sent : copy(out, buffer, at, end);
      }
    }

    /** sendfile does not wait for a full socket; a plain write does. */
    private int copy(Output out, ByteBuffer buffer, long at, long end) throws IOException {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      int read = file.read(buffer, at);
      if (read <= 0) {
        throw new EOFException("the file became shorter while it was sent");
      }
      out.write(buffer.flip());
      return read;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
