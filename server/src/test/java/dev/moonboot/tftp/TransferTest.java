package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.tftp.Agreement.Limits;
import dev.moonboot.tftp.TftpPacket.Ack;
import dev.moonboot.tftp.TftpPacket.Failure;
import dev.moonboot.tftp.TftpPacket.Option;
import dev.moonboot.tftp.TftpPacket.Rrq;
import dev.moonboot.tftp.Transfer.Move;
import dev.moonboot.tftp.Transfer.Result;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The transfer alone: what goes out for which packets and times. Times are in milliseconds. */
class TransferTest {
  private static final long MS = 1_000_000;
  private static final Move WAIT = new Move.Wait();

  private static Transfer transfer(long size, String... options) {
    List<Option> asked = new ArrayList<>();
    for (int i = 0; i < options.length; i += 2) {
      asked.add(new Option(options[i], options[i + 1]));
    }
    var agreed = Agreement.on(new Rrq("f", "octet", asked), size, new Limits(1468, 16));
    return new Transfer(agreed, size, 0);
  }

  private static Move blocks(long first, int count) {
    return new Move.Blocks(first, count, false);
  }

  private static Move again(long first, int count) {
    return new Move.Blocks(first, count, true);
  }

  private static Move end(Result result) {
    return new Move.End(result);
  }

  private static Move ack(Transfer transfer, long block, long ms) {
    return transfer.receive(new Ack((int) (block & 0xffff)), ms * MS);
  }

  /** What goes out by the clock alone, as "ms: move", until the end. */
  private static List<String> silence(Transfer transfer, long fromMs) {
    List<String> out = new ArrayList<>();
    for (long ms = fromMs; ms < fromMs + 10_000_000; ms += 50) {
      Move move = transfer.tick(ms * MS);
      if (!move.equals(WAIT)) {
        out.add(ms + ": " + move);
      }
      if (move instanceof Move.End) {
        return out;
      }
    }
    throw new AssertionError("never ended: " + out);
  }

  @Test
  void without_options_sends_block_after_block() {
    var transfer = transfer(1025);
    assertEquals(blocks(1, 1), transfer.start(0));
    assertEquals(blocks(2, 1), ack(transfer, 1, 1));
    assertEquals(blocks(3, 1), ack(transfer, 2, 2));
    assertEquals(1, transfer.length(3));
    assertEquals(end(Result.SENT), ack(transfer, 3, 3));
    assertEquals(1025, transfer.ackedBytes());
  }

  @Test
  void with_options_agrees_first() {
    var transfer = transfer(100, "tsize", "0");
    assertEquals(new Move.Agree(false), transfer.start(0));
    assertEquals(WAIT, ack(transfer, 1, 1)); // nothing but ACK 0 answers an OACK
    assertEquals(blocks(1, 1), ack(transfer, 0, 2));
    assertEquals(end(Result.SENT), ack(transfer, 1, 3));
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 0", "511, 1, 511", "512, 2, 0", "1024, 3, 0", "1025, 3, 1"})
  void t_12_the_last_block_is_short_or_empty(long size, long blocks, int lastLength) {
    var transfer = transfer(size);
    Move move = transfer.start(0);
    for (long block = 1; block <= blocks; block++) {
      assertEquals(blocks(block, 1), move);
      assertEquals(block == blocks ? lastLength : 512, transfer.length(block));
      move = ack(transfer, block, block);
    }
    assertEquals(end(Result.SENT), move);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void t_12_block_numbers_go_on_from_65535_to_0(int window) {
    long blocks = 140_001;
    var transfer = transfer((blocks - 1) * 512, "windowsize", "" + window);
    transfer.start(0);
    Move move = ack(transfer, 0, 0);
    long acked = 0;
    while (move instanceof Move.Blocks(long first, int count, boolean again)) {
      assertEquals(acked + 1, first);
      assertEquals(false, again);
      acked += count;
      move = ack(transfer, acked, acked);
    }
    assertEquals(end(Result.SENT), move);
    assertEquals(blocks, acked);
  }

  @Test
  void a_late_ack_from_before_the_wrap_changes_nothing() {
    var transfer = transfer(512L * 70_000, "windowsize", "16");
    transfer.start(0);
    ack(transfer, 0, 0);
    long acked = 0;
    for (; acked + 16 <= 65_536; acked += 16) {
      ack(transfer, acked + 16, 1);
    }
    for (long late = 1; late <= 200; late++) {
      assertEquals(WAIT, ack(transfer, acked - late, 2));
    }
    assertEquals(WAIT, ack(transfer, acked + 17, 2)); // nor one for what was not sent
    assertEquals(blocks(acked + 17, 16), ack(transfer, acked + 16, 3));
  }

  @Test
  void t_08_duplicate_acks_in_lockstep_send_nothing() {
    var transfer = transfer(5000);
    transfer.start(0);
    assertEquals(blocks(2, 1), ack(transfer, 1, 1));
    for (int i = 0; i < 1000; i++) {
      assertEquals(WAIT, ack(transfer, 1, 2 + i / 10));
    }
    assertEquals(blocks(3, 1), ack(transfer, 2, 150));
  }

  @Test
  void t_08_duplicate_acks_in_a_window_send_it_again_once() {
    var transfer = transfer(512 * 100, "windowsize", "8");
    transfer.start(0);
    assertEquals(blocks(1, 8), ack(transfer, 0, 10));
    assertEquals(blocks(9, 8), ack(transfer, 8, 20));
    List<Move> moves = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      moves.add(ack(transfer, 8, 30 + i / 10));
    }
    moves.removeIf(WAIT::equals);
    assertEquals(List.of(again(9, 8)), moves);
  }

  @Test
  void t_08_the_echo_of_an_ack_right_behind_it_is_no_loss() {
    var transfer = transfer(512 * 100, "windowsize", "8");
    transfer.start(0);
    ack(transfer, 0, 10); // a round trip takes 10 ms
    assertEquals(blocks(9, 8), ack(transfer, 8, 20));
    assertEquals(WAIT, ack(transfer, 8, 20));
  }

  @Test
  void an_ack_inside_the_window_goes_on_behind_it() {
    var transfer = transfer(512 * 100, "windowsize", "8");
    transfer.start(0);
    assertEquals(blocks(1, 8), ack(transfer, 0, 10));
    assertEquals(again(4, 8), ack(transfer, 3, 20)); // 4 was lost
    for (int i = 0; i < 5; i++) {
      assertEquals(WAIT, ack(transfer, 3, 20)); // edk2: one ACK for each block behind the gap
    }
    assertEquals(blocks(12, 8), ack(transfer, 11, 30));
  }

  @Test
  void t_10_a_source_never_heard_gets_three_packets_in_seven_seconds() {
    var plain = transfer(100_000);
    assertEquals(blocks(1, 1), plain.start(0));
    assertEquals(
        List.of("1000: " + again(1, 1), "3000: " + again(1, 1), "7000: " + end(Result.SILENT)),
        silence(plain, 0));
    var withOptions = transfer(100_000, "blksize", "1468", "timeout", "255");
    assertEquals(new Move.Agree(false), withOptions.start(0));
    Move agree = new Move.Agree(true);
    assertEquals(
        List.of("1000: " + agree, "3000: " + agree, "7000: " + end(Result.SILENT)),
        silence(withOptions, 0));
  }

  @Test
  void t_11_the_first_flight_is_one_packet_however_wide_the_window() {
    var transfer = transfer(100_000, "windowsize", "16");
    assertEquals(new Move.Agree(false), transfer.start(0));
    assertEquals(new Move.Agree(true), transfer.tick(1000 * MS));
    assertEquals(blocks(1, 16), ack(transfer, 0, 1001));
  }

  @Test
  void a_block_is_sent_again_six_times_with_growing_pauses() {
    var transfer = transfer(100_000);
    transfer.start(0);
    assertEquals(blocks(2, 1), ack(transfer, 1, 10));
    assertEquals(
        List.of(
            "210: " + again(2, 1),
            "610: " + again(2, 1),
            "1410: " + again(2, 1),
            "3010: " + again(2, 1),
            "6210: " + again(2, 1),
            "12610: " + again(2, 1),
            "20610: " + end(Result.SILENT)),
        silence(transfer, 10));
  }

  @Test
  void a_timeout_asked_for_is_kept() {
    var transfer = transfer(100_000, "timeout", "5");
    transfer.start(0);
    assertEquals(blocks(1, 1), ack(transfer, 0, 0));
    assertEquals("5000: " + again(1, 1), silence(transfer, 0).getFirst());
  }

  @Test
  void a_last_ack_that_never_comes_is_no_failure() {
    var transfer = transfer(600);
    transfer.start(0);
    ack(transfer, 1, 10);
    assertEquals(true, silence(transfer, 10).getLast().endsWith("" + end(Result.SENT_UNCONFIRMED)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void an_error_right_after_the_options_is_a_look_at_the_size(int code) {
    var transfer = transfer(600, "tsize", "0");
    transfer.start(0);
    assertEquals(end(Result.PROBED), transfer.receive(new Failure(code, "aborted"), MS));
  }

  @Test
  void an_error_later_ends_the_transfer() {
    var transfer = transfer(6000, "tsize", "0");
    transfer.start(0);
    ack(transfer, 0, 1);
    assertEquals(end(Result.ABORTED), transfer.receive(new Failure(3, "disk full"), MS));
  }

  @Test
  void a_transfer_that_crawls_is_ended_after_ten_minutes() {
    var transfer = transfer(100_000_000, "timeout", "255");
    transfer.start(0);
    ack(transfer, 0, 0);
    long block = 0;
    Move move = WAIT;
    long second = 0;
    while (!(move instanceof Move.End)) {
      second += 60;
      ack(transfer, ++block, second * 1000);
      move = transfer.tick((second * 1000 + 1) * MS);
    }
    assertEquals(end(Result.TOO_SLOW), move);
    assertTrue(second >= 600 && second <= 100_000_000 / 32_768 + 60, "ended at another time");
  }
}
