package dev.moonboot.assets.compose;

import dev.moonboot.assets.extract.CpioReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What the kernel looks at before it mounts a squashfs image ({@code fs/squashfs/super.c}), for
 * images that are too large to be read whole each time.
 */
final class SquashfsHead {
  private static final int LENGTH = 96;
  private static final int MAGIC = 0x73717368; // hsqs
  private static final int XZ = 4;
  private static final int ZSTD = 6;
  private static final long SECTOR = 512;

  private SquashfsHead() {}

  /** How much of a file a loop device shows: whole sectors of it. */
  static long mountable(long size) {
    return size / SECTOR * SECTOR;
  }

  /** Why the image in an entry would not be mounted; empty when it seems to be one. */
  static Optional<String> problem(CpioReader.Entry entry, InputStream body) throws IOException {
    byte[] head = body.readNBytes(LENGTH);
    if (!entry.isFile() || head.length < LENGTH) {
      return Optional.of("no file, or too short a one");
    }
    return problem(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN), entry.size());
  }

  private static Optional<String> problem(ByteBuffer head, long size) {
    int compression = Short.toUnsignedInt(head.getShort(20));
    int major = Short.toUnsignedInt(head.getShort(28));
    int minor = Short.toUnsignedInt(head.getShort(30));
    long used = head.getLong(40);
    if (head.getInt(0) != MAGIC) {
      return Optional.of("it is no squashfs image");
    } else if (major != 4 || minor != 0) {
      return Optional.of("it is of squashfs %d.%d, not 4.0".formatted(major, minor));
    } else if (compression != XZ && compression != ZSTD) {
      return Optional.of(
          "it is packed with method %d, not with xz (4) or zstd (6)".formatted(compression));
    } else if (used < LENGTH || used > mountable(size)) {
      return Optional.of("it has %d bytes of %d".formatted(mountable(size), used));
    }
    return Optional.empty();
  }
}
