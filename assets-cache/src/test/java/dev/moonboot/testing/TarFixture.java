package dev.moonboot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Builds tar archives byte by byte, wrong ones included. Independent of the reader under test: it
 * knows only POSIX.1-1988 ustar headers; long names and PAX records are entries of their own.
 */
public final class TarFixture {
  private static final int BLOCK = 512;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A regular file of mode 0644. */
  public TarFixture file(String name, byte[] content) {
    return entry(name, '0', "", content);
  }

  /** A regular file with text in it. */
  public TarFixture file(String name, String content) {
    return file(name, content.getBytes(UTF_8));
  }

  /** A regular file of any mode. */
  public TarFixture file(String name, int mode, byte[] content) {
    return entry(name, '0', mode, content);
  }

  /** A directory of any mode. */
  public TarFixture directory(String name, int mode) {
    return entry(name + "/", '5', mode, new byte[0]);
  }

  private TarFixture entry(String name, char type, int mode, byte[] content) {
    if (name.getBytes(UTF_8).length > 100) {
      pax("path", name);
    }
    String octal = String.format(Locale.ROOT, "%07o", mode);
    return header(name, type, "", content.length, header -> put(header, 100, 8, octal))
        .raw(content)
        .pad();
  }

  /** A directory. */
  public TarFixture directory(String name) {
    return entry(name + "/", '5', "", new byte[0]);
  }

  public TarFixture directories(String... names) {
    for (String name : names) {
      directory(name);
    }
    return this;
  }

  public TarFixture symlink(String name, String target) {
    return entry(name, '2', target, new byte[0]);
  }

  public TarFixture hardLink(String name, String target) {
    return entry(name, '1', target, new byte[0]);
  }

  /** Any entry; a name too long for the header is given by a PAX record. */
  public TarFixture entry(String name, char type, String link, byte[] content) {
    if (name.getBytes(UTF_8).length > 100) {
      pax("path", name);
    }
    return header(name, type, link, content.length, header -> {}).raw(content).pad();
  }

  /** A PAX extended header for the next entry. */
  public TarFixture pax(String key, String value) {
    return paxRecords('x', paxRecord(key, value));
  }

  /** A PAX header of type {@code x} or {@code g} with records as they are given. */
  public TarFixture paxRecords(char type, String records) {
    return entry("PaxHeaders/0", type, "", records.getBytes(UTF_8));
  }

  /** {@code <length> <key>=<value>\n}, where the length counts itself. */
  public static String paxRecord(String key, String value) {
    int rest = (" " + key + "=" + value + "\n").getBytes(UTF_8).length;
    int length = rest + Integer.toString(rest).length();
    length = rest + Integer.toString(length).length();
    return length + " " + key + "=" + value + "\n";
  }

  /** A GNU long name ({@code L}) or long link name ({@code K}) for the next entry. */
  public TarFixture gnuLong(char type, String name) {
    return entry("././@LongLink", type, "", (name + "\0").getBytes(UTF_8));
  }

  /** A header alone; {@code change} may spoil it before its checksum is computed. */
  public TarFixture header(
      String name, char type, String link, long size, Consumer<ByteBuffer> change) {
    ByteBuffer header = ByteBuffer.allocate(BLOCK);
    put(header, 0, 100, name);
    put(header, 100, 8, "0000644");
    put(header, 108, 8, "0000000");
    put(header, 116, 8, "0000000");
    put(header, 124, 12, String.format(Locale.ROOT, "%011o", size));
    put(header, 136, 12, "00000000000");
    header.put(156, (byte) type);
    put(header, 157, 100, link);
    put(header, 257, 8, "ustar\00000");
    change.accept(header);
    put(header, 148, 8, "        ");
    int sum = 0;
    for (byte b : header.array()) {
      sum += Byte.toUnsignedInt(b);
    }
    put(header, 148, 8, String.format(Locale.ROOT, "%06o\0 ", sum));
    return raw(header.array());
  }

  private static void put(ByteBuffer header, int at, int room, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    header.put(at, bytes, 0, Math.min(room, bytes.length));
  }

  /** Bytes as they are. */
  public TarFixture raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** Zeros up to the next block. */
  public TarFixture pad() {
    return raw(new byte[-out.size() & (BLOCK - 1)]);
  }

  /** What was built so far, without end blocks. */
  public byte[] unfinished() {
    return out.toByteArray();
  }

  /** The archive with its two end blocks. */
  public byte[] bytes() {
    byte[] body = out.toByteArray();
    return Arrays.copyOf(body, body.length + 2 * BLOCK);
  }
}
