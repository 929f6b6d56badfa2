package dev.moonboot.assets.iso;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Reads an ISO image again as UEFI firmware does: by its boot catalog from a CD drive (El Torito
 * 1.0, 2.0; UEFI specification, 13.3.2.1), by its partition table from a disk (5.3), and from there
 * the files of the EFI system partition.
 */
final class IsoCheck {
  private static final int SECTOR = 2048;
  private static final int BLOCK = 512;
  private static final int PRIMARY_VOLUME = 16 * SECTOR;
  private static final int BOOT_RECORD = 17 * SECTOR;
  private static final int GPT_HEADER = 92;
  private static final int MOST_ENTRIES = 1 << 16;
  private static final byte UEFI = (byte) 0xef;
  private static final byte BOOTABLE = (byte) 0x88;
  private static final byte[] SYSTEM_PARTITION =
      HexFormat.of().parseHex("28732ac11ff8d211ba4b00a0c93ec93b");

  private final Path iso;

  private IsoCheck(Path iso) {
    this.iso = iso;
  }

  /**
   * Looks whether firmware would find an EFI system partition, from CD drives and from disks, and
   * in it what was to be there.
   *
   * @param files by their paths in the partition
   * @param scratch a folder with room for the largest of them; what is left in it is not needed
   * @throws IOException when it would not: says what is wrong
   */
  static void require(Path iso, Map<String, Path> files, Path scratch) throws IOException {
    IsoCheck check = new IsoCheck(iso);
    long start = check.partition();
    Path back = scratch.resolve("read-back");
    for (var file : files.entrySet()) {
      FatImage.read(iso, start, file.getKey(), back, scratch);
      check.require(Files.mismatch(file.getValue(), back) < 0, file.getKey() + " in it is another");
    }
  }

  /** Where the EFI system partition begins, in bytes. */
  private long partition() throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(iso.toFile(), "r")) {
      long fromDrive = fromCatalog(in);
      long fromDisk = fromTable(in);
      require(
          fromDrive == fromDisk,
          "CD drives look for the boot loader at byte %d, disks at %d"
              .formatted(fromDrive, fromDisk));
      return fromDrive;
    }
  }

  private long fromCatalog(RandomAccessFile in) throws IOException {
    ByteBuffer volume = read(in, PRIMARY_VOLUME, SECTOR);
    require(volume.get(0) == 1 && text(volume, 1, "CD001"), "it has no volume");
    long whole = SECTOR * Integer.toUnsignedLong(volume.getInt(80));
    require(whole <= in.length(), "its volume is longer than the file");
    ByteBuffer record = read(in, BOOT_RECORD, SECTOR);
    require(
        record.get(0) == 0 && text(record, 7, "EL TORITO SPECIFICATION"), "it has no boot record");
    ByteBuffer catalog = read(in, SECTOR * Integer.toUnsignedLong(record.getInt(71)), SECTOR);
    int sum = 0;
    for (int at = 0; at < 32; at += 2) {
      sum += catalog.getShort(at);
    }
    require(
        catalog.get(0) == 1 && (short) sum == 0 && (short) 0xaa55 == catalog.getShort(30),
        "its boot catalog is damaged");
    require(
        catalog.get(1) == UEFI && catalog.get(32) == BOOTABLE,
        "its boot catalog has nothing for UEFI");
    return SECTOR * Integer.toUnsignedLong(catalog.getInt(40));
  }

  private long fromTable(RandomAccessFile in) throws IOException {
    ByteBuffer header = read(in, BLOCK, GPT_HEADER);
    require(text(header, 0, "EFI PART"), "it has no partition table");
    int sum = header.getInt(16);
    header.putInt(16, 0);
    int count = header.getInt(80);
    int size = header.getInt(84);
    require(
        sum == crc(header) && size >= 128 && count > 0 && (long) count * size <= MOST_ENTRIES,
        "its partition table is damaged");
    ByteBuffer entries = read(in, BLOCK * header.getLong(72), count * size);
    require(header.getInt(88) == crc(entries), "its partition table is damaged");
    for (int at = 0; at < entries.capacity(); at += size) {
      if (Arrays.equals(bytes(entries, at, SYSTEM_PARTITION.length), SYSTEM_PARTITION)) {
        long last = entries.getLong(at + 40);
        require((last + 1) * BLOCK <= in.length(), "its system partition is cut");
        return BLOCK * entries.getLong(at + 32);
      }
    }
    throw wrong("its partition table has no EFI system partition");
  }

  private ByteBuffer read(RandomAccessFile in, long at, int length) throws IOException {
    require(at >= 0 && at + length <= in.length(), "what it should have at byte " + at + " is cut");
    byte[] bytes = new byte[length];
    in.seek(at);
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  private static boolean text(ByteBuffer in, int at, String wanted) {
    return wanted.equals(new String(bytes(in, at, wanted.length()), US_ASCII));
  }

  private static byte[] bytes(ByteBuffer in, int at, int length) {
    byte[] bytes = new byte[length];
    in.get(at, bytes);
    return bytes;
  }

  private void require(boolean held, String problem) throws IOException {
    if (!held) {
      throw wrong(problem);
    }
  }

  private IOException wrong(String problem) {
    return new IOException(
        "the ISO image %s would not boot as it was written: %s".formatted(iso, problem));
  }
}
