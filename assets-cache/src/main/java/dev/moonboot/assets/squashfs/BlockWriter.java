package dev.moonboot.assets.squashfs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Packs blocks of data on several threads and writes them in the order in which they were given, so
 * that the image is the same however many threads there are. Holds two blocks a thread and two
 * more, packed and not. For one caller.
 */
final class BlockWriter implements AutoCloseable {
  private static final int UNPACKED = 1 << 24;

  /** Told where a block came to stand. */
  interface Listener {
    /**
     * The block is written.
     *
     * @param size the packed bytes, with the bit of a block that is not packed
     */
    void written(long position, int size);
  }

  /** Room for one block. */
  static final class Block {
    final byte[] bytes = new byte[SquashfsWriter.BLOCK_SIZE];
    private final ByteBuffer packed;

    private Block(Arena memory) {
      packed = memory.allocate(SquashfsWriter.BLOCK_SIZE + BlockCompressor.SLACK).asByteBuffer();
    }
  }

  private record Underway(Block block, int length, Listener listener, Future<Boolean> packing) {}

  private final ImageFile file;
  private final Arena memory = Arena.ofShared();
  private final List<BlockCompressor> compressors = new ArrayList<>();
  private final BlockingQueue<BlockCompressor> idle;
  private final ExecutorService threads;
  private final Queue<Underway> underway = new ArrayDeque<>();
  private final Queue<Block> free = new ArrayDeque<>();

  BlockWriter(ImageFile file, SquashfsSettings settings) throws IOException {
    this.file = file;
    for (int i = 0; i < settings.threads(); i++) {
      compressors.add(BlockCompressor.of(settings, memory));
    }
    idle = new ArrayBlockingQueue<>(settings.threads(), false, compressors);
    for (int i = 0; i < 2 * settings.threads() + 2; i++) {
      free.add(new Block(memory));
    }
    threads =
        Executors.newFixedThreadPool(
            settings.threads(), Thread.ofPlatform().daemon().name("squashfs-", 0).factory());
  }

  /** A block to fill; the caller gives it to {@link #write}. */
  Block take() throws IOException {
    if (free.isEmpty()) {
      finishOldest();
    }
    return free.remove();
  }

  /** Packs and writes the first {@code length} bytes of a block, after all before it. */
  void write(Block block, int length, Listener listener) {
    underway.add(new Underway(block, length, listener, threads.submit(() -> pack(block, length))));
  }

  private boolean pack(Block block, int length) throws IOException, InterruptedException {
    BlockCompressor compressor = idle.take(); // there are as many as threads
    try {
      return compressor.pack(block.bytes, length, block.packed);
    } finally {
      idle.add(compressor);
    }
  }

  /** Waits until all blocks are written. */
  void finish() throws IOException {
    while (!underway.isEmpty()) {
      finishOldest();
    }
  }

  private void finishOldest() throws IOException {
    Underway oldest = underway.remove();
    Block block = oldest.block();
    boolean packed = packed(oldest.packing());
    int size = packed ? block.packed.remaining() : oldest.length() | UNPACKED;
    long position = file.position();
    file.append(packed ? block.packed : ByteBuffer.wrap(block.bytes, 0, oldest.length()));
    oldest.listener().written(position, size);
    free.add(block);
  }

  private static boolean packed(Future<Boolean> packing) throws IOException {
    try {
      return packing.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      throw new IOException("a block could not be packed: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
    compressors.forEach(BlockCompressor::close);
    memory.close();
  }
}
