package dev.moonboot.assets.extract;

import java.io.IOException;
import java.io.InputStream;

/** A stream that is read in bulk; a single byte is a bulk of one. */
abstract class BulkInput extends InputStream {
  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public abstract int read(byte[] out, int offset, int length) throws IOException;
}
