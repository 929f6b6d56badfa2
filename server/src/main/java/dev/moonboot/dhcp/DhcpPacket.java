package dev.moonboot.dhcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.moonboot.node.MacAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A DHCP packet over Ethernet (RFC 2131 section 2): its header, and its options in the order they
 * were sent, those sent in parts put together (RFC 3396). Immutable.
 */
public final class DhcpPacket {
  /** A node asks. */
  public static final int REQUEST = 1;

  /** A server answers. */
  public static final int REPLY = 2;

  static final int DISCOVER = 1;
  static final int OFFER = 2;
  static final int ASK = 3;
  static final int ACK = 5;
  static final int INFORM = 8;

  /** What comes before the options: header and magic cookie. */
  static final int HEADER = 240;

  static final int BROADCAST = 0x8000;

  // where the fields of the header begin
  static final int AT_XID = 4;
  static final int AT_FLAGS = 10;
  static final int AT_CLIENT = 12;
  static final int AT_YOURS = 16;
  static final int AT_SERVER = 20;
  static final int AT_RELAY = 24;
  static final int AT_MAC = 28;
  static final int AT_NAME = 44;
  static final int AT_FILE = 108;
  static final int AT_COOKIE = 236;
  static final int COOKIE = 0x63825363;

  private static final int ETHERNET = 1;
  private static final int MAC_LENGTH = 6;

  /** More does not fit one packet of an Ethernet; jumbo frames carry no DHCP. */
  private static final int LONGEST = 2048;

  private final ByteBuffer header;
  private final Map<Integer, byte[]> options;
  private final MacAddress mac;

  private DhcpPacket(ByteBuffer header, Map<Integer, byte[]> options) {
    this.header = header;
    this.options = options;
    byte[] octets = new byte[MAC_LENGTH];
    header.get(AT_MAC, octets);
    this.mac = new MacAddress(HexFormat.ofDelimiter(":").formatHex(octets));
  }

  /**
   * Reads a datagram. Empty for anything but a whole DHCP packet over Ethernet whose options end
   * where it ends: with an option that runs past the end, a message type that is not one byte, or
   * options in other fields (option 52), by which servers and clients have been led round in
   * circles.
   */
  public static Optional<DhcpPacket> parse(ByteBuffer datagram) {
    ByteBuffer in = datagram.slice();
    if (in.remaining() <= HEADER
        || in.remaining() > LONGEST
        || (in.get(0) != REQUEST && in.get(0) != REPLY)
        || in.get(1) != ETHERNET
        || in.get(2) != MAC_LENGTH
        || in.getInt(AT_COOKIE) != COOKIE) {
      return Optional.empty();
    }
    byte[] header = new byte[HEADER];
    in.get(header);
    Map<Integer, byte[]> options = new LinkedHashMap<>();
    return readOptions(in, options) && isUsual(options)
        ? Optional.of(new DhcpPacket(ByteBuffer.wrap(header).asReadOnlyBuffer(), options))
        : Optional.empty();
  }

  private static boolean readOptions(ByteBuffer in, Map<Integer, byte[]> options) {
    while (in.hasRemaining()) {
      int tag = in.get() & 0xff;
      if (tag == Tag.END) {
        return true;
      }
      if (tag != Tag.PAD) {
        int length = in.hasRemaining() ? in.get() & 0xff : Integer.MAX_VALUE;
        if (length > in.remaining()) {
          return false;
        }
        byte[] value = new byte[length];
        in.get(value);
        options.merge(tag, value, DhcpPacket::joined);
      }
    }
    return true; // some ROMs leave out the end
  }

  private static byte[] joined(byte[] first, byte[] next) {
    byte[] both = Arrays.copyOf(first, first.length + next.length);
    System.arraycopy(next, 0, both, first.length, next.length);
    return both;
  }

  private static boolean isUsual(Map<Integer, byte[]> options) {
    byte[] type = options.get(Tag.MESSAGE_TYPE);
    return type != null && type.length == 1 && !options.containsKey(Tag.OVERLOAD);
  }

  /** {@link #REQUEST} or {@link #REPLY}. */
  public int op() {
    return header.get(0);
  }

  /** What kind of message (option 53). */
  int type() {
    return value(Tag.MESSAGE_TYPE)[0];
  }

  /** By which a client knows the answers to its packet. */
  public int transaction() {
    return header.getInt(AT_XID);
  }

  int flags() {
    return header.getShort(AT_FLAGS) & 0xffff;
  }

  /** The hardware address of the client. */
  public MacAddress mac() {
    return mac;
  }

  /** The address that the client has; 0.0.0.0 for none. */
  public Inet4Address client() {
    return address(AT_CLIENT);
  }

  /** The address that the client is offered; 0.0.0.0 for none. */
  public Inet4Address yours() {
    return address(AT_YOURS);
  }

  /** The server to load from; 0.0.0.0 for none. */
  public Inet4Address next() {
    return address(AT_SERVER);
  }

  /** The relay that passed it on; 0.0.0.0 for none. */
  public Inet4Address relay() {
    return address(AT_RELAY);
  }

  /** The boot file in the header, as it stands there; may be empty. */
  public String file() {
    byte[] field = new byte[AT_COOKIE - AT_FILE];
    header.get(AT_FILE, field);
    return text(field);
  }

  /** The tags of its options, in the order in which they came. */
  public List<Integer> tags() {
    return List.copyOf(options.keySet());
  }

  /** Whether it has that option. */
  public boolean has(int tag) {
    return options.containsKey(tag);
  }

  /** The value of an option; of no length when it has none. */
  public byte[] value(int tag) {
    byte[] value = options.get(tag);
    return value == null ? new byte[0] : value.clone();
  }

  /** The value as text, a byte a character, up to the first NUL; empty when there is none. */
  public String text(int tag) {
    return text(value(tag));
  }

  private static String text(byte[] value) {
    int end = 0;
    while (end < value.length && value[end] != 0) {
      end++;
    }
    return new String(value, 0, end, ISO_8859_1);
  }

  /** The address that an option holds; empty unless it holds one. */
  public Optional<Inet4Address> addressIn(int tag) {
    byte[] value = value(tag);
    return value.length == 4 ? Optional.of(address(value)) : Optional.empty();
  }

  private Inet4Address address(int at) {
    byte[] octets = new byte[4];
    header.get(at, octets);
    return address(octets);
  }

  private static Inet4Address address(byte[] octets) {
    try {
      return (Inet4Address) InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address is four bytes", e);
    }
  }

  /** Bytes of the header as they are, for an answer to repeat. */
  byte[] header(int from, int length) {
    byte[] bytes = new byte[length];
    header.get(from, bytes);
    return bytes;
  }
}
