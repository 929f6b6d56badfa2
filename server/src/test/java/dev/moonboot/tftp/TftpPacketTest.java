package dev.moonboot.tftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.tftp.TftpPacket.Ack;
import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Malformed;
import dev.moonboot.tftp.TftpPacket.Oack;
import dev.moonboot.tftp.TftpPacket.Option;
import dev.moonboot.tftp.TftpPacket.Rrq;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TftpPacketTest {
  private static TftpPacket parse(String bytes) {
    return TftpPacket.parse(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
  }

  @Test
  void reads_a_request_with_options_in_the_order_sent() {
    assertEquals(
        new Rrq("a/b", "octet", List.of(new Option("tsize", "0"), new Option("blksize", "1468"))),
        parse("\0\1a/b\0OCTET\0tsize\0" + "0\0BlkSize\0" + "1468\0"));
  }

  @Test
  void ignores_padding_and_incomplete_options() {
    Rrq expected = new Rrq("f", "octet", List.of(new Option("tsize", "0")));
    assertEquals(expected, parse("\0\1f\0octet\0tsize\0" + "0\0\0\0\0\0\0"));
    assertEquals(expected, parse("\0\1f\0octet\0tsize\0" + "0\0blksize\0"));
    assertEquals(expected, parse("\0\1f\0octet\0tsize\0" + "0\0blksize\0" + "14"));
  }

  @Test
  void t_04_of_an_option_given_twice_the_first_counts_and_200_options_are_cut_off() {
    assertEquals(
        new Rrq("f", "octet", List.of(new Option("blksize", "8"))),
        parse("\0\1f\0octet\0blksize\0" + "8\0BLKSIZE\0" + "9\0"));
    var many = new StringBuilder("\0\1f\0octet\0");
    for (int i = 0; i < 200; i++) {
      many.append("option").append(i).append("\0v\0");
    }
    Rrq request = assertInstanceOf(Rrq.class, parse(many.toString()));
    assertEquals(TftpPacket.MOST_OPTIONS, request.options().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0",
        "\0\0",
        "\0\7xx",
        "\0\u00ffxx",
        "\0\4",
        "\0\3\1",
        "\0\5",
        "\1\1f\0octet\0"
      })
  void t_03_what_is_no_packet_is_malformed_and_unanswered(String bytes) {
    assertEquals(false, assertInstanceOf(Malformed.class, parse(bytes)).request());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\0\1", "\0\1file", "\0\1file\0", "\0\1file\0octet", "\0\1\u00ff\0octet\0"})
  void t_03_a_broken_request_is_malformed_and_answered(String bytes) {
    assertEquals(true, assertInstanceOf(Malformed.class, parse(bytes)).request());
  }

  @Test
  void t_03_any_bytes_at_all_become_some_packet() {
    long seed = 20261120;
    var random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      if (bytes.length > 1 && random.nextBoolean()) {
        bytes[0] = 0;
        bytes[1] = (byte) random.nextInt(8);
      }
      TftpPacket.parse(ByteBuffer.wrap(bytes)); // must not throw
    }
  }

  @Test
  void block_numbers_have_sixteen_bits() {
    assertEquals(new Ack(65535), parse("\0\4\u00ff\u00ff"));
    assertEquals(new Ack(0), parse("\0\4\0\0"));
  }

  @Test
  void an_oack_reads_back_as_it_was_written() {
    var oack = new Oack(List.of(new Option("tsize", "0"), new Option("blksize", "1468")));
    assertEquals(oack, TftpPacket.parse(oack.encode()));
  }

  @Test
  void t_01_an_error_is_at_most_64_bytes_of_printable_ascii() {
    ByteBuffer packet = new Failure(1, "no\n\u001b[31m" + "x".repeat(300)).encode();
    assertTrue(packet.remaining() <= 64, () -> packet.remaining() + " bytes");
    var back = assertInstanceOf(Failure.class, TftpPacket.parse(packet));
    assertTrue(back.text().startsWith("no\\u000a\\u001b[31mxxx"), back.text());
  }
}
