package dev.moonboot.tftp;

import dev.moonboot.tftp.TftpPacket.Option;
import dev.moonboot.tftp.TftpPacket.Rrq;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What client and server agree on for one transfer (RFC 2347): never an option that was not asked
 * for, never more than was asked for, in the order asked, because EDK2 ends the transfer otherwise.
 *
 * @param blockSize bytes in each block but the last
 * @param windowSize blocks sent for one ACK (RFC 7440)
 * @param timeoutSeconds the client's wish for the time between retries (RFC 2349)
 * @param answer the options to acknowledge; empty for no OACK at all
 */
record Agreement(int blockSize, int windowSize, OptionalInt timeoutSeconds, List<Option> answer) {
  private static final int BLOCK_WITHOUT_OPTION = 512;
  private static final int LEAST_BLOCK = 8;
  private static final int LONGEST_TIMEOUT = 255;
  private static final int WIDEST_WINDOW = 65535;

  /** A window's bytes never exceed this, however large the blocks are. */
  private static final int MOST_IN_FLIGHT = 64 * 1024;

  /** Too large for any option. */
  private static final int HUGE = 999_999_999;

  /**
   * What the server grants at most.
   *
   * @param blockSize in bytes
   * @param windowSize in blocks
   */
  record Limits(int blockSize, int windowSize) {}

  /** Answers {@code request} for a file of {@code size} bytes. */
  static Agreement on(Rrq request, long size, Limits limits) {
    int block = BLOCK_WITHOUT_OPTION;
    int window = 1;
    OptionalInt timeout = OptionalInt.empty();
    List<Option> answer = new ArrayList<>();
    for (Option option : request.options()) {
      int asked = number(option.value());
      switch (option.name()) {
        case "blksize" -> {
          if (asked >= LEAST_BLOCK) {
            block = Math.min(asked, limits.blockSize());
            answer.add(option(option, block));
          }
        }
        case "tsize" -> {
          if (asked >= 0) {
            answer.add(option(option, size));
          }
        }
        case "timeout" -> {
          if (asked >= 1 && asked <= LONGEST_TIMEOUT) {
            timeout = OptionalInt.of(asked);
            answer.add(option(option, asked));
          }
        }
        case "windowsize" -> {
          if (asked >= 1 && asked <= WIDEST_WINDOW) {
            window = Math.min(asked, limits.windowSize());
            answer.add(option(option, window)); // narrowed below when blocks are large
          }
        }
        default -> {} // an option we do not know is left out of the answer
      }
    }
    return new Agreement(block, window, timeout, List.copyOf(answer)).withoutBursts();
  }

  private Agreement withoutBursts() {
    int window = Math.clamp(MOST_IN_FLIGHT / blockSize, 1, windowSize);
    List<Option> narrowed =
        answer.stream().map(o -> o.name().equals("windowsize") ? option(o, window) : o).toList();
    return new Agreement(blockSize, window, timeoutSeconds, narrowed);
  }

  private static Option option(Option asked, long value) {
    return new Option(asked.name(), Long.toString(value));
  }

  /** The decimal number; -1 when it is none, {@link #HUGE} when it is larger than that. */
  private static int number(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    String digits = text.replaceFirst("^0+(?=.)", "");
    return digits.length() > 9 ? HUGE : Integer.parseInt(digits);
  }
}
