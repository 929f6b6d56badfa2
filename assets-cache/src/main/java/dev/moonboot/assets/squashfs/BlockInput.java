package dev.moonboot.assets.squashfs;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/** The bytes of one file, unpacked block by block. */
final class BlockInput extends InputStream {
  private final DataReader data;
  private final StoredContent.Place place;
  private final ImageRegion region;
  private final BlockDecompressor decompressor;
  private final MetadataReader.Cursor sizes;
  private byte[] block = new byte[0];
  private int at;
  private int end;
  private long left;
  private long position;

  BlockInput(DataReader data, StoredContent.Place place, ImageRegion region) throws IOException {
    this.data = data;
    this.place = place;
    this.region = region;
    this.decompressor = data.decompressor();
    this.left = place.size();
    this.position = place.start();
    try {
      this.sizes = data.inodes(region, decompressor).at(place.listBlock(), place.listOffset());
    } catch (IOException | RuntimeException e) {
      decompressor.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    return fill() ? Byte.toUnsignedInt(block[at++]) : -1;
  }

  @Override
  public int read(byte[] out, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, out.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, end - at);
    System.arraycopy(block, at, out, offset, count);
    at += count;
    return count;
  }

  private boolean fill() throws IOException {
    if (at < end) {
      return true;
    }
    if (left == 0) {
      return false;
    }
    int wanted = (int) Math.min(left, data.blockSize());
    if (wanted < data.blockSize() && place.fragment() != StoredContent.NO_FRAGMENT) {
      block = data.fragment(place.fragment(), region, decompressor);
      at = place.fragmentOffset();
      if (wanted > block.length - at) {
        throw new SquashfsException("a shared block of the squashfs image is too short");
      }
    } else {
      unpackNext(wanted);
      at = 0;
    }
    end = at + wanted;
    left -= wanted;
    return true;
  }

  private void unpackNext(int wanted) throws IOException {
    if (block.length == 0) {
      block = new byte[data.blockSize()];
    }
    int size = sizes.i32();
    if (size == 0) { // a hole
      Arrays.fill(block, 0, wanted, (byte) 0);
      return;
    }
    if (data.block(position, size, block, region, decompressor) != wanted) {
      throw new SquashfsException("a block of a file in the squashfs image is too short or long");
    }
    position += DataReader.packedSize(size);
  }

  @Override
  public void close() throws IOException {
    decompressor.close();
    region.close();
  }
}
