package dev.moonboot.assets.extract;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The unpacked tar of one layer. Unpacking, the limits and the digest of the unpacked bytes run in
 * a thread of their own, a few buffers ahead of the reader.
 *
 * <p>What is wrong with the layer arrives as {@link ExtractException} where the reader reads; that
 * the digest is right is known only after {@link #finish}.
 */
final class LayerInput extends BulkInput {
  private static final int BUFFER = 256 << 10;
  private static final int AHEAD = 6;

  private sealed interface Item {
    /** Unpacked bytes. */
    final class Bytes implements Item {
      private final byte[] array = new byte[BUFFER];
      private int length;
    }

    /** All was read and was right. */
    record End() implements Item {}

    /** Something was wrong. */
    record Fault(RuntimeException why) implements Item {}
  }

  private final Layers.Layer layer;
  private final Limits.Used used;
  private final Progress progress;
  private final PackedFile file;
  private final BlockingQueue<Item> filled = new ArrayBlockingQueue<>(AHEAD);
  private final BlockingQueue<Item.Bytes> free = new ArrayBlockingQueue<>(AHEAD);
  private final Thread unpacker;
  private Item current = new Item.Bytes();
  private int at;

  private LayerInput(Layers.Layer layer, Limits.Used used, Progress progress) throws IOException {
    this.layer = layer;
    this.used = used;
    this.progress = progress;
    this.file = new PackedFile(layer);
    for (int i = 1; i < AHEAD; i++) {
      free.add(new Item.Bytes());
    }
    // A platform thread: unpacking is all computing and would keep a carrier from other work.
    this.unpacker = Thread.ofPlatform().daemon().name("unpack-layer").unstarted(this::unpack);
  }

  static LayerInput open(Layers.Layer layer, Limits.Used used, Progress progress) {
    try {
      LayerInput input = new LayerInput(layer, used, progress);
      input.unpacker.start();
      return input;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the unpacker's thread. */
  private void unpack() {
    try {
      filled.put(unpacked());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the reader has closed: nobody waits for more
    }
  }

  private Item unpacked() throws InterruptedException {
    try (file;
        InputStream in = LayerPacking.unpack(layer, file)) {
      MessageDigest sha256 = Digest.sha256();
      for (long total = 0; ; ) {
        Item.Bytes next = free.take();
        next.length = in.readNBytes(next.array, 0, BUFFER);
        if (next.length == 0) {
          return atEnd(Digest.of(sha256));
        }
        total += next.length;
        check(total, next.length);
        sha256.update(next.array, 0, next.length);
        filled.put(next);
      }
    } catch (IOException e) {
      return new Item.Fault(
          new ExtractException("layer " + layer.digest() + ": " + e.getMessage(), e));
    } catch (RuntimeException e) {
      return new Item.Fault(e);
    } catch (LinkageError e) {
      // zstd's native library cannot be loaded: the reader must hear of it, not wait for ever
      return new Item.Fault(new IllegalStateException("cannot unpack: " + e.getMessage(), e));
    }
  }

  private void check(long total, int more) {
    Limits limits = used.limits();
    used.unpacked(more);
    if (total > limits.layerBytes()) {
      throw tooMuch("unpacks to more than " + Limits.bytes(limits.layerBytes()));
    }
    if (total > limits.ratioFrom() && total / limits.ratio() > file.consumed) {
      throw tooMuch("unpacks to more than " + limits.ratio() + " times its size");
    }
  }

  private ExtractException tooMuch(String what) {
    return new ExtractException(
        "layer " + layer.digest() + " " + what + "; it is not read further");
  }

  private Item atEnd(Digest unpacked) {
    Digest expected = layer.diffId();
    if (expected != null && !expected.equals(unpacked)) {
      throw new ExtractException(
          "layer %s unpacks to %s, but the image's configuration says %s"
              .formatted(layer.digest(), unpacked, expected));
    }
    return new Item.End();
  }

  @Override
  public int read(byte[] out, int offset, int length) {
    Item.Bytes bytes = filledBuffer();
    if (bytes == null || length == 0) {
      return length == 0 ? 0 : -1;
    }
    int count = Math.min(length, bytes.length - at);
    System.arraycopy(bytes.array, at, out, offset, count);
    at += count;
    return count;
  }

  @Override
  public long skip(long count) {
    long left = count;
    while (left > 0) {
      Item.Bytes bytes = filledBuffer();
      if (bytes == null) {
        break;
      }
      int step = (int) Math.min(left, bytes.length - at);
      at += step;
      left -= step;
    }
    return count - left;
  }

  /** The buffer that has bytes to read; null at the end. */
  private Item.@Nullable Bytes filledBuffer() {
    while (true) {
      switch (current) {
        case Item.End _ -> {
          return null;
        }
        case Item.Fault(var why) -> throw why;
        case Item.Bytes bytes when at < bytes.length -> {
          return bytes;
        }
        case Item.Bytes empty -> advance(empty);
      }
    }
  }

  private void advance(Item.Bytes empty) {
    try {
      free.put(empty);
      current = filled.take();
      at = 0;
      progress.bytes(file.consumed, file.size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException("interrupted while unpacking"));
    }
  }

  /** Reads to the end, which tells whether the whole layer is what the configuration says. */
  void finish() {
    skip(Long.MAX_VALUE);
  }

  /** Stops unpacking and waits until it has stopped. */
  @Override
  public void close() {
    unpacker.interrupt();
    boolean interrupted = false;
    while (unpacker.isAlive()) {
      try {
        unpacker.join();
      } catch (InterruptedException e) {
        interrupted = true; // the file must be closed before we return; then pass it on
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The layer's file, as far as it has come. A fault of the disk or of the fetch leaves it
   * unchecked, so that it is not taken for content.
   */
  static final class PackedFile extends BulkInput {
    private final FileInputStream in;
    private final Layers.Arrival arrival;
    private volatile long consumed;
    private volatile long size;

    PackedFile(Layers.Layer layer) throws IOException {
      arrival = layer.arrival();
      arrival.await(0); // the file is there from then on
      in = new FileInputStream(layer.file().toFile());
      size = in.getChannel().size();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the unpacker
    public int read(byte[] out, int offset, int length) {
      boolean whole = arrival.await(consumed);
      try {
        int count = in.read(out, offset, length);
        if (count < 0 && !whole) {
          arrival.awaitWhole(); // it begins anew: what was read is not believed anyway
          return -1;
        }
        consumed += Math.max(0, count);
        if (consumed > size) {
          size = in.getChannel().size();
        }
        return count;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Bytes that were there when it was last looked at. */
    long size() {
      return size;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
