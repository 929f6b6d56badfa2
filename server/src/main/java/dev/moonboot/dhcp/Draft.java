package dev.moonboot.dhcp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.Inet4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A packet that is being written; its options go out in the order in which they were added. */
final class Draft {
  /** What BOOTP had; some ROMs drop less. */
  static final int SHORTEST = 300;

  private record Option(int tag, ByteBuffer value) {}

  private final byte[] header = new byte[DhcpPacket.HEADER];
  private final List<Option> options = new ArrayList<>();

  /**
   * An empty one over Ethernet.
   *
   * @param op {@link DhcpPacket#REQUEST} or {@link DhcpPacket#REPLY}
   */
  Draft(int op) {
    header[0] = (byte) op;
    header[1] = 1;
    header[2] = 6;
    ByteBuffer.wrap(header).putInt(DhcpPacket.AT_COOKIE, DhcpPacket.COOKIE);
  }

  Draft copy(DhcpPacket from, int at, int length) {
    return bytes(at, from.header(at, length));
  }

  Draft flags(int flags) {
    ByteBuffer.wrap(header).putShort(DhcpPacket.AT_FLAGS, (short) flags);
    return this;
  }

  Draft address(int at, Inet4Address address) {
    return bytes(at, address.getAddress());
  }

  /** A text in a field of the header; nothing when it has no room for it and a NUL. */
  Draft text(int at, int room, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return bytes.length < room ? bytes(at, bytes) : this;
  }

  Draft bytes(int at, byte[] bytes) {
    System.arraycopy(bytes, 0, header, at, bytes.length);
    return this;
  }

  /**
   * One more option.
   *
   * @throws IllegalArgumentException when {@code value} is longer than 255 bytes
   */
  Draft option(int tag, byte[] value) {
    if (value.length > 255) {
      throw new IllegalArgumentException("option " + tag + " of " + value.length + " bytes");
    }
    options.add(new Option(tag, ByteBuffer.wrap(value.clone())));
    return this;
  }

  /** Leaves an option out again. */
  Draft without(int tag) {
    options.removeIf(option -> option.tag() == tag);
    return this;
  }

  /** How many bytes it has as it is. */
  int length() {
    int length = DhcpPacket.HEADER + 1;
    for (Option option : options) {
      length += 2 + option.value().capacity();
    }
    return Math.max(SHORTEST, length);
  }

  /** The datagram, with zeros up to the shortest one. */
  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(length()).put(header);
    for (Option option : options) {
      out.put((byte) option.tag()).put((byte) option.value().capacity()).put(option.value());
      option.value().rewind();
    }
    out.put((byte) Tag.END);
    return out.rewind().asReadOnlyBuffer();
  }
}
