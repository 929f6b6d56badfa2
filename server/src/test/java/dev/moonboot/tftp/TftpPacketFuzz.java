package dev.moonboot.tftp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.testing.Fuzz;
import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Oack;
import dev.moonboot.tftp.TftpPacket.Option;
import dev.moonboot.tftp.TftpPacket.Rrq;
import java.nio.ByteBuffer;
import java.util.List;

/** Any bytes as a TFTP packet: parsed without a fault, and never more agreed to than was asked. */
public final class TftpPacketFuzz {
  private static final Agreement.Limits LIMITS = new Agreement.Limits(1468, 16);
  private static final int MOST_IN_FLIGHT = 64 * 1024;
  private static final int LARGEST_ERROR = 64;

  private TftpPacketFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      switch (TftpPacket.parse(ByteBuffer.wrap(input))) {
        case Rrq request -> check(request, input.length);
        case TftpPacket.Data(var _, var payload) ->
            require(payload.remaining() == input.length - TftpPacket.HEADER, "payload");
        case Failure(var _, var text) -> refused(text);
        case TftpPacket.Malformed(var why, var _) -> refused(why);
        case Oack(var options) -> require(options.size() <= TftpPacket.MOST_OPTIONS, "options");
        case TftpPacket.Wrq _, TftpPacket.Ack _ -> {}
      }
    });
  }

  private static void check(Rrq request, int length) {
    require(request.options().size() <= TftpPacket.MOST_OPTIONS, "options");
    require(request.file().length() + request.mode().length() <= length, "longer than the packet");
    refused("no such file: " + request.file());
    Agreement agreed = Agreement.on(request, 1L << 40, LIMITS);
    require(agreed.blockSize() >= 8 && agreed.blockSize() <= LIMITS.blockSize(), agreed);
    require(agreed.windowSize() >= 1 && agreed.windowSize() <= LIMITS.windowSize(), agreed);
    require(agreed.blockSize() * agreed.windowSize() <= MOST_IN_FLIGHT, agreed);
    for (Option answered : agreed.answer()) {
      require(request.options().stream().anyMatch(o -> o.name().equals(answered.name())), agreed);
    }
    Oack oack = new Oack(agreed.answer());
    require(oack.equals(TftpPacket.parse(oack.encode())), oack);
  }

  /** Whatever stands in an error, it is one short packet of printable characters. */
  private static void refused(String why) {
    ByteBuffer error = new Failure(1, why).encode();
    require(error.remaining() <= LARGEST_ERROR, why);
    String text = US_ASCII.decode(error.slice(TftpPacket.HEADER, error.limit() - 5)).toString();
    require(text.chars().allMatch(c -> c >= ' ' && c < 0x7f), text);
  }

  private static void require(boolean holds, Object what) {
    if (!holds) {
      throw new AssertionError(what.toString());
    }
  }

  static List<byte[]> seeds() {
    return List.of(
        packet("\0\1talos/custom/vmlinuz-arm64\0octet\0"),
        packet(
            "\0\1ipxe.efi\0OCTET\0tsize\0000\0blksize\0001468\0windowsize\00064\0timeout\0003\0"),
        packet("\0\2x\0netascii\0"),
        packet("\0\3\0\1some bytes"),
        packet("\0\4\1\2"),
        packet("\0\5\0\1not found\0"),
        packet("\0\6blksize\000512\0"));
  }

  private static byte[] packet(String text) {
    return text.getBytes(US_ASCII);
  }
}
