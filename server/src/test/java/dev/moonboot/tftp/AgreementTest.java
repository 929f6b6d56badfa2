package dev.moonboot.tftp;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.tftp.Agreement.Limits;
import dev.moonboot.tftp.TftpPacket.Option;
import dev.moonboot.tftp.TftpPacket.Rrq;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgreementTest {
  private static final Limits LIMITS = new Limits(1468, 16);

  private static Agreement on(Limits limits, String... options) {
    List<Option> asked = new ArrayList<>();
    for (int i = 0; i < options.length; i += 2) {
      asked.add(new Option(options[i], options[i + 1]));
    }
    return Agreement.on(new Rrq("f", "octet", asked), 12_345, limits);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0, -, 512",
        "7, -, 512",
        "8, 8, 8",
        "512, 512, 512",
        "1468, 1468, 1468",
        "1469, 1468, 1468",
        "65464, 1468, 1468",
        "65465, 1468, 1468",
        "99999999999, 1468, 1468",
        "00512, 512, 512",
        "-1, -, 512",
        "abc, -, 512",
        "'', -, 512",
        "' 9', -, 512"
      })
  void t_04_a_block_size_is_clamped_or_left_out(String asked, String answered, int used) {
    Agreement agreed = on(LIMITS, "blksize", asked);
    assertEquals(
        answered == null ? List.of() : List.of(new Option("blksize", answered)), agreed.answer());
    assertEquals(used, agreed.blockSize());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0, -, 1",
        "1, 1, 1",
        "4, 4, 4",
        "64, 16, 16",
        "65535, 16, 16",
        "65536, -, 1",
        "x, -, 1"
      })
  void t_06_a_window_is_clamped_or_left_out(String asked, String answered, int used) {
    Agreement agreed = on(LIMITS, "windowsize", asked);
    assertEquals(
        answered == null ? List.of() : List.of(new Option("windowsize", answered)),
        agreed.answer());
    assertEquals(used, agreed.windowSize());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"0, -", "1, 1", "5, 5", "255, 255", "256, -", "-5, -"})
  void t_06_a_timeout_is_echoed_exactly_or_left_out(String asked, Integer seconds) {
    Agreement agreed = on(LIMITS, "timeout", asked);
    assertEquals(
        seconds == null ? OptionalInt.empty() : OptionalInt.of(seconds), agreed.timeoutSeconds());
    assertEquals(
        seconds == null ? List.of() : List.of(new Option("timeout", asked)), agreed.answer());
  }

  @Test
  void t_05_the_size_is_told_when_asked() {
    assertEquals(List.of(new Option("tsize", "12345")), on(LIMITS, "tsize", "0").answer());
  }

  @Test
  void unknown_options_are_left_out_and_the_order_is_kept() {
    assertEquals(
        List.of(
            new Option("windowsize", "4"),
            new Option("tsize", "12345"),
            new Option("blksize", "8")),
        on(
                LIMITS,
                "windowsize",
                "4",
                "multicast",
                "",
                "tsize",
                "0",
                "rollover",
                "0",
                "blksize",
                "8")
            .answer());
  }

  @Test
  void large_blocks_narrow_the_window_to_64_kib() {
    Agreement agreed = on(new Limits(65464, 16), "windowsize", "16", "blksize", "20000");
    assertEquals(3, agreed.windowSize());
    assertEquals(
        List.of(new Option("windowsize", "3"), new Option("blksize", "20000")), agreed.answer());
  }

  /** EDK2 calls an OACK malformed that has an option it did not ask for, or a larger value. */
  @Test
  void an_answer_never_has_more_than_was_asked() {
    var random = new Random(7440);
    List<String> names = List.of("blksize", "tsize", "timeout", "windowsize", "multicast", "other");
    for (int i = 0; i < 20_000; i++) {
      List<Option> asked = new ArrayList<>();
      for (String name : names) {
        if (random.nextBoolean()) {
          asked.add(
              random.nextInt(asked.size() + 1), new Option(name, "" + random.nextInt(70_000)));
        }
      }
      Map<String, Long> values =
          asked.stream().collect(toMap(Option::name, o -> Long.valueOf(o.value())));
      List<Option> answer = Agreement.on(new Rrq("f", "octet", asked), 5, LIMITS).answer();
      List<String> order = answer.stream().map(Option::name).toList();
      assertEquals(
          asked.stream().map(Option::name).filter(order::contains).toList(),
          order,
          asked::toString);
      assertTrue(
          answer.stream()
              .filter(o -> !o.name().equals("tsize"))
              .allMatch(o -> Long.parseLong(o.value()) <= requireNonNull(values.get(o.name()))),
          asked::toString);
    }
  }
}
