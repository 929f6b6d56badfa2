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
    return new Move.Blocks(first, count, 0);
  }

  private static Move again(long first, int count) {
    return new Move.Blocks(first, count, count);
  }

  /** Blocks of which some went out before. */
  private static Move partlyAgain(long first, int count, int again) {
    return new Move.Blocks(first, count, again);
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
    for (long ms = fromMs; ms < fromMs + 10_000_000; ms += 5) {
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
    while (move instanceof Move.Blocks(long first, int count, int again)) {
      assertEquals(acked + 1, first);
      assertEquals(0, again);
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
  void forty_mib_of_512_bytes_with_late_acks_across_the_wrap_are_sent_once_each() {
    long size = 40L << 20;
    var transfer = transfer(size);
    Move move = transfer.start(0);
    long sent = 0;
    for (long block = 1; move instanceof Move.Blocks; block++) {
      assertEquals(blocks(block, 1), move);
      sent++;
      move = ack(transfer, block, block);
      for (long late = 1; late <= 3 && block > 65_500 && block < 65_600; late++) {
        assertEquals(WAIT, ack(transfer, block - late, block));
        assertEquals(WAIT, ack(transfer, block, block)); // and once more
      }
    }
    assertEquals(end(Result.SENT), move);
    assertEquals(size / 512 + 1, sent);
  }

  @Test
  void t_08_an_ack_sooner_than_a_round_trip_sends_nothing_a_second_time() {
    var transfer = transfer(512 * 1000, "windowsize", "8");
    transfer.start(0);
    ack(transfer, 0, 20); // a round trip takes 20 ms
    assertEquals(partlyAgain(4, 8, 5), ack(transfer, 3, 40)); // 4 was lost
    assertEquals(blocks(12, 2), ack(transfer, 5, 42)); // it came late; 6 to 11 are on their way
    assertEquals(blocks(14, 1), ack(transfer, 6, 43));
    assertEquals(partlyAgain(8, 8, 7), ack(transfer, 7, 60)); // 8 was lost indeed
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
    assertEquals(partlyAgain(4, 8, 5), ack(transfer, 3, 20)); // 4 was lost
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
    assertEquals(blocks(2, 1), ack(transfer, 1, 10)); // three times 10 ms is usual
    assertEquals(
        List.of(
            "40: " + again(2, 1),
            "160: " + again(2, 1),
            "640: " + again(2, 1),
            "2560: " + again(2, 1),
            "10240: " + again(2, 1),
            "18240: " + again(2, 1),
            "26240: " + end(Result.SILENT)),
        silence(transfer, 10));
  }

  @Test
  void however_fast_the_network_a_silence_of_twenty_seconds_is_outlasted() {
    var transfer = transfer(100_000, "timeout", "1");
    transfer.start(0);
    assertEquals(blocks(1, 1), ack(transfer, 0, 0));
    assertEquals(
        List.of(
            "20: " + again(1, 1),
            "100: " + again(1, 1),
            "420: " + again(1, 1),
            "1420: " + again(1, 1),
            "2420: " + again(1, 1),
            "3420: " + again(1, 1),
            "20000: " + end(Result.SILENT)),
        silence(transfer, 0));
  }

  @Test
  void a_client_that_is_back_after_a_silence_gets_its_block_at_once() {
    var transfer = transfer(100_000);
    transfer.start(0);
    ack(transfer, 1, 1);
    ack(transfer, 2, 2);
    for (long ms = 3; ms < 6000; ms++) {
      transfer.tick(ms * MS);
    }
    assertEquals(again(3, 1), ack(transfer, 2, 6500));
    for (int i = 0; i < 1000; i++) {
      assertEquals(WAIT, ack(transfer, 2, 6500 + i / 100));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "5, 3000"})
  void a_timeout_asked_for_is_the_longest_pause(int seconds, long thirdMillis) {
    var transfer = transfer(100_000, "timeout", "" + seconds);
    transfer.start(0);
    assertEquals(blocks(1, 1), ack(transfer, 0, 250)); // so long takes a round trip
    List<String> sent = silence(transfer, 250);
    assertEquals("%d: %s".formatted(250 + 750, again(1, 1)), sent.get(0));
    assertEquals("%d: %s".formatted(1000 + thirdMillis, again(1, 1)), sent.get(1));
  }

  @Test
  void a_retry_that_was_needless_teaches_to_wait_longer() {
    var transfer = transfer(512 * 1000);
    transfer.start(0);
    for (long block = 1; block <= 40; block++) {
      ack(transfer, block, block * 2); // round trips of 2 ms
    }
    assertEquals(again(41, 1), transfer.tick((80 + 20) * MS));
    assertEquals(blocks(42, 1), ack(transfer, 41, 80 + 21)); // can only be for the first sending
    assertEquals(WAIT, transfer.tick((80 + 21 + 20) * MS));
    assertEquals(again(42, 1), transfer.tick((80 + 21 + 30) * MS));
  }

  @Test
  void what_answers_a_block_sent_twice_measures_nothing() {
    var transfer = transfer(512 * 1000);
    transfer.start(0);
    for (long block = 1; block <= 40; block++) {
      ack(transfer, block, block * 2); // round trips of 2 ms
    }
    assertEquals(again(41, 1), transfer.tick((80 + 20) * MS));
    assertEquals(blocks(42, 1), ack(transfer, 41, 80 + 60));
    assertEquals(WAIT, transfer.tick((140 + 79) * MS)); // Karn: the longer pause stays for now
    assertEquals(again(42, 1), transfer.tick((140 + 80) * MS));
    ack(transfer, 42, 222);
    assertEquals(blocks(44, 1), ack(transfer, 43, 224));
    assertEquals(again(44, 1), transfer.tick((224 + 20) * MS));
  }

  @Test
  void silence_in_a_window_is_asked_about_with_its_last_block() {
    var transfer = transfer(512 * 100, "windowsize", "8");
    transfer.start(0);
    ack(transfer, 0, 10);
    assertEquals(again(8, 1), transfer.tick(40 * MS));
    assertEquals(partlyAgain(6, 8, 3), ack(transfer, 5, 50)); // 6 was lost
    assertEquals(blocks(14, 8), ack(transfer, 13, 60));
    assertEquals(again(21, 1), transfer.tick(200 * MS));
    assertEquals(again(14, 8), transfer.tick(1000 * MS)); // all were lost
  }

  @Test
  void t_08_a_needless_retry_of_a_window_is_not_answered_by_another() {
    var transfer = transfer(512 * 1000, "windowsize", "8");
    transfer.start(0);
    ack(transfer, 0, 10);
    assertEquals(again(8, 1), transfer.tick(100 * MS)); // the client only paused
    assertEquals(again(1, 8), transfer.tick(400 * MS));
    assertEquals(blocks(9, 8), ack(transfer, 8, 410));
    for (int i = 0; i < 9; i++) { // edk2: one ACK for each block that it has already
      assertEquals(WAIT, ack(transfer, 8, 420 + i));
    }
    assertEquals(blocks(17, 8), ack(transfer, 16, 430));
    assertEquals(again(17, 8), ack(transfer, 16, 450)); // that one says what it says
  }

  @Test
  void wide_windows_go_out_in_parts_once_a_block_of_one_was_lost() {
    var transfer = transfer(512 * 10_000, "windowsize", "16");
    transfer.start(0);
    transfer.receive(new Ack(0), MS / 10);
    transfer.receive(new Ack(16), MS / 5);
    assertEquals(partlyAgain(21, 4, 4), transfer.receive(new Ack(20), MS / 2));
    assertEquals(MS, transfer.due());
    assertEquals(WAIT, transfer.tick(MS - 1));
    assertEquals(partlyAgain(25, 4, 4), transfer.tick(MS));
    assertEquals(partlyAgain(29, 4, 4), transfer.tick(MS * 3 / 2));
    assertEquals(blocks(33, 4), transfer.tick(MS * 2));
    long now = MS * 9 / 4;
    long acked = 36;
    Move move = transfer.receive(new Ack((int) acked), now);
    for (int windows = 1; windows < 64; windows++) {
      assertEquals(blocks(acked + 1, 4), move);
      for (int part = 2; part <= 4; part++) {
        now = transfer.due();
        transfer.tick(now);
      }
      now += MS / 10;
      acked += 16;
      move = transfer.receive(new Ack((int) acked), now);
    }
    assertEquals(blocks(acked + 1, 16), move);
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
