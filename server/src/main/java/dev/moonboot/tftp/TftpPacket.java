package dev.moonboot.tftp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.journal.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One TFTP datagram (RFC 1350 section 5, RFC 2347). Any bytes can be parsed: what is not a packet
 * becomes {@link Malformed}, and no length in the datagram is believed before it is checked.
 */
sealed interface TftpPacket {
  int RRQ = 1;
  int WRQ = 2;
  int DATA = 3;
  int ACK = 4;
  int ERROR = 5;
  int OACK = 6;

  /** Bytes before the payload of a DATA packet. */
  int HEADER = 4;

  /** Options after this many are not looked at: no client sends more than a handful. */
  int MOST_OPTIONS = 16;

  /** An option as it stands in a packet; the name in lower case. */
  record Option(String name, String value) {}

  /**
   * A request to read.
   *
   * @param file as sent, not yet judged
   * @param mode in lower case
   * @param options in the order sent, each name once (the first wins)
   */
  record Rrq(String file, String mode, List<Option> options) implements TftpPacket {}

  /** A request to write, which is never granted. */
  record Wrq() implements TftpPacket {}

  /**
   * A block of the file.
   *
   * @param block as on the wire, 0 to 65535
   * @param payload a view into the datagram
   */
  record Data(int block, ByteBuffer payload) implements TftpPacket {}

  /**
   * Everything up to a block has come.
   *
   * @param block as on the wire, 0 to 65535
   */
  record Ack(int block) implements TftpPacket {}

  /** The options agreed to. */
  record Oack(List<Option> options) implements TftpPacket {
    ByteBuffer encode() {
      var out = new StringBuilder();
      options.forEach(o -> out.append(o.name()).append('\0').append(o.value()).append('\0'));
      byte[] pairs = out.toString().getBytes(US_ASCII);
      return ByteBuffer.allocate(2 + pairs.length).putShort((short) OACK).put(pairs).flip();
    }
  }

  /**
   * The other side ends the transfer, or is told that it ended.
   *
   * @param code one of {@link ErrorCode}
   */
  record Failure(int code, String text) implements TftpPacket {
    /** Error texts are for a line on a console, and short so that they amplify nothing. */
    private static final int MOST_TEXT = 59; // with opcode, code and NUL: 64 bytes

    ByteBuffer encode() {
      byte[] ascii = Printable.line(text, MOST_TEXT).getBytes(US_ASCII);
      return ByteBuffer.allocate(HEADER + ascii.length + 1)
          .putShort((short) ERROR)
          .putShort((short) code)
          .put(ascii)
          .put((byte) 0)
          .flip();
    }
  }

  /**
   * No packet at all.
   *
   * @param request whether it began as a request, so that its sender waits for an answer
   */
  record Malformed(String why, boolean request) implements TftpPacket {}

  /** Error codes (RFC 1350 section 5, RFC 2347). */
  final class ErrorCode {
    static final int UNDEFINED = 0;
    static final int NOT_FOUND = 1;
    static final int ACCESS = 2;
    static final int ILLEGAL = 4;
    static final int UNKNOWN_TID = 5;
    static final int OPTIONS = 8;

    private ErrorCode() {}
  }

  /** Reads the bytes from position to limit; the buffer's position afterwards is not defined. */
  static TftpPacket parse(ByteBuffer in) {
    if (in.remaining() < 2) {
      return new Malformed("shorter than an opcode", false);
    }
    int opcode = number(in);
    return switch (opcode) {
      case RRQ -> request(in);
      case WRQ -> new Wrq();
      case OACK -> new Oack(options(in));
      case DATA, ACK, ERROR -> numbered(opcode, in);
      default -> new Malformed("opcode " + opcode, false);
    };
  }

  private static TftpPacket numbered(int opcode, ByteBuffer in) {
    if (in.remaining() < 2) {
      return new Malformed("cut off after its opcode", false);
    }
    return switch (opcode) {
      case ACK -> new Ack(number(in));
      case DATA -> new Data(number(in), in.slice());
      default -> new Failure(number(in), string(in).orElse(""));
    };
  }

  private static TftpPacket request(ByteBuffer in) {
    Optional<String> file = string(in);
    Optional<String> mode = string(in);
    if (file.isEmpty() || mode.isEmpty()) {
      return new Malformed("a request without file name and mode in UTF-8", true);
    }
    return new Rrq(file.get(), mode.get().toLowerCase(Locale.ROOT), options(in));
  }

  /** Complete pairs only: ROMs pad requests with zeros. */
  private static List<Option> options(ByteBuffer in) {
    Map<String, Option> found = new LinkedHashMap<>();
    for (int i = 0; i < MOST_OPTIONS; i++) {
      Optional<String> name = string(in).filter(n -> !n.isEmpty());
      Optional<String> value = string(in);
      if (name.isEmpty() || value.isEmpty()) {
        break;
      }
      String lower = name.get().toLowerCase(Locale.ROOT);
      found.putIfAbsent(lower, new Option(lower, value.get()));
    }
    return List.copyOf(found.values());
  }

  private static int number(ByteBuffer in) {
    return Short.toUnsignedInt(in.getShort());
  }

  /** The text up to the next NUL, which is taken too; empty without a NUL or when not UTF-8. */
  private static Optional<String> string(ByteBuffer in) {
    int end = in.position();
    while (end < in.limit() && in.get(end) != 0) {
      end++;
    }
    if (end == in.limit()) {
      return Optional.empty();
    }
    ByteBuffer text = in.slice(in.position(), end - in.position());
    in.position(end + 1);
    try {
      return Optional.of(UTF_8.newDecoder().decode(text).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
