package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.tftp.Agreement.Limits;
import dev.moonboot.tftp.TftpPacket.Ack;
import dev.moonboot.tftp.TftpPacket.Option;
import dev.moonboot.tftp.TftpPacket.Rrq;
import dev.moonboot.tftp.Transfer.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How fast a transfer is where datagrams are lost, by a clock that only counts: no machine is too
 * busy for it. Times are in nanoseconds.
 */
class LossSpeedTest {
  private static final long MS = 1_000_000;
  private static final double LOSS = 0.02;

  /** What clients do about a block that is not the next one. */
  enum Client {
    /** An ACK for every one (edk2). */
    EDK2,
    /** One ACK until the next block in order comes (U-Boot). */
    UBOOT
  }

  /** What became of a transfer. */
  record Outcome(long nanos, long packets, long blocks) {}

  /** A transfer, the network, and a client; {@code delay} each way. */
  private static final class World {
    private record Event(long at, long order, Runnable what) {}

    private final PriorityQueue<Event> events =
        new PriorityQueue<>((a, b) ->
            a.at() == b.at() ? Long.compare(a.order(), b.order()) : Long.compare(a.at(), b.at()));
    private final Client client;
    private final long delay;
    private final long jitter;
    private final Random random;
    private final Transfer transfer;
    private final int window;
    private final long blocks;
    private long now;
    private long order;
    private long packets;
    private boolean over;
    private long due;

    private long expected = 1;
    private long acked;
    private boolean told;
    private long heardAt;
    private long wireFreeAt;

    World(Client client, int window, long delay, long jitter, long size, long seed) {
      this.client = client;
      this.window = window;
      this.delay = delay;
      this.jitter = jitter;
      this.random = new Random(seed);
      List<Option> asked = new ArrayList<>(List.of(new Option("blksize", "1468")));
      if (window > 1) {
        asked.add(new Option("windowsize", "" + window));
      }
      var agreed = Agreement.on(new Rrq("f", "octet", asked), size, new Limits(1468, 32));
      this.transfer = new Transfer(agreed, size, 0);
      this.blocks = size / 1468 + 1;
    }

    Outcome run() {
      perform(transfer.start(0));
      while (!over) {
        Event next = events.poll();
        if (next == null || next.at() > due) {
          if (next != null) {
            events.add(next);
          }
          now = Math.max(now, due);
          perform(transfer.tick(now));
        } else {
          now = next.at();
          next.what().run();
        }
      }
      return new Outcome(now, packets, blocks);
    }

    private void perform(Move move) {
      switch (move) {
        case Move.Wait() -> {}
        case Move.Agree(boolean _) -> toClient(0);
        case Move.Blocks(long first, int count, int _) -> {
          for (long block = first; block < first + count; block++) {
            toClient(block);
          }
        }
        case Move.End(Transfer.Result result) -> {
          assertTrue(result == Transfer.Result.SENT, result::toString);
          over = true;
        }
      }
      due = transfer.due();
    }

    private void toClient(long block) {
      packets++;
      if (random.nextDouble() >= LOSS) {
        // a packet of 1,500 bytes takes 12 microseconds at 1 Gbit/s
        wireFreeAt = Math.max(now, wireFreeAt) + 12_000;
        long at = wireFreeAt + delay + (long) (random.nextDouble() * jitter);
        events.add(new Event(at, order++, () -> comes(block)));
      }
    }

    private void ack() {
      acked = expected - 1;
      long block = acked;
      if (random.nextDouble() >= LOSS) {
        events.add(
            new Event(
                now + delay,
                order++,
                () -> perform(transfer.receive(new Ack((int) (block & 0xffff)), now))));
      }
    }

    private void comes(long block) {
      heardAt = now;
      long at = now;
      events.add(new Event(at + 4000 * MS, order++, () -> patienceEnds(at)));
      if (block == 0 && expected == 1) {
        ack();
      } else if (block == expected) {
        told = false;
        expected++;
        if (block == blocks || expected - 1 - acked >= window) {
          ack();
        }
      } else if (block > 0 && (client == Client.EDK2 || !told || window == 1)) {
        told = true;
        ack();
      }
    }

    private void patienceEnds(long since) {
      if (heardAt == since) {
        ack();
      }
    }
  }

  /** The mean of ten seeds. */
  private static Outcome mean(
      Client client, int window, long delayMillis, long jitterMillis, long blocks) {
    long nanos = 0;
    long packets = 0;
    long sent = 0;
    for (long seed = 1; seed <= 10; seed++) {
      Outcome one =
          new World(client, window, delayMillis * MS, jitterMillis * MS, blocks * 1468, seed).run();
      nanos += one.nanos() / 10;
      packets += one.packets() / 10;
      sent = one.blocks();
    }
    return new Outcome(nanos, packets, sent);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.88, 1.1", "4, 0.72, 1.2", "16, 0.70, 1.3", "32, 0.56, 1.5"})
  void two_in_a_hundred_lost_cost_little_time(int window, double share, double times) {
    for (Client client : Client.values()) {
      for (long delay : List.of(10, 20)) {
        Outcome outcome = mean(client, window, delay, 0, 4000);
        double roundTrips = outcome.nanos() / (2.0 * delay * MS);
        double reached = outcome.blocks() / (roundTrips * window);
        String told =
            "%s window %d delay %d ms: %.2f of the speed without loss, %.2f times the packets"
                .formatted(
                    client, window, delay, reached, (double) outcome.packets() / outcome.blocks());
        assertTrue(reached >= share, told);
        assertTrue(outcome.packets() <= times * outcome.blocks(), told);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1.2", "4, 5", "16, 16", "32, 30"})
  void t_08_packets_that_overtake_each_other_raise_no_storm(int window, double times) {
    for (Client client : Client.values()) {
      Outcome outcome = mean(client, window, 2, 20, 300);
      String told =
          "%s window %d: %.2f times the packets, %.2f blocks a round trip"
              .formatted(
                  client,
                  window,
                  (double) outcome.packets() / outcome.blocks(),
                  outcome.blocks() / (outcome.nanos() / (14.0 * MS)));
      assertTrue(outcome.packets() <= times * outcome.blocks(), told);
    }
  }
}
