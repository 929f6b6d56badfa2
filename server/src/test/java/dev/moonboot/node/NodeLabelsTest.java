package dev.moonboot.node;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeLabelsTest {
  static Stream<Arguments> queries() {
    return Stream.of(
        arguments("", Map.of()),
        arguments("uuid=a1b2c3", Map.of("uuid", "a1b2c3")),
        arguments("UUID=A1", Map.of("UUID", "A1")),
        arguments("a=1&a=2", Map.of("a", "1")),
        arguments("a=b+c%20d", Map.of("a", "b c d")),
        arguments("a=%C3%A9&b=%e2%82%ac", Map.of("a", "é", "b", "€")),
        arguments("a=é", Map.of("a", "é")),
        arguments("a=%41", Map.of("a", "A")),
        arguments("a=%ff", Map.of("a", "\uFFFD")),
        arguments("a&b=", Map.of("a", "", "b", "")),
        arguments("=v&x=1", Map.of("", "v", "x", "1")),
        arguments("a=b=c", Map.of("a", "b=c")),
        arguments("a=1;b=2&c=3", Map.of("c", "3")),
        arguments("a=%zz&c=3", Map.of("c", "3")),
        arguments("a=%4&b=%&%=1&c=3", Map.of("c", "3")),
        arguments("a=%+1&a=2", Map.of("a", "2")),
        arguments("a=%１１", Map.of()),
        arguments("&&a=1&&", Map.of("a", "1")),
        arguments("mac=52-DA-00-89-D8-10", Map.of("mac", "52:da:00:89:d8:10")),
        arguments("MAC=52:DA:00:89:d8:10", Map.of("MAC", "52:da:00:89:d8:10")),
        arguments("mac=52%3ADA%3A00%3A89%3AD8%3A10", Map.of("mac", "52:da:00:89:d8:10")),
        arguments("mac=x", Map.of()),
        arguments("mac=x&mac=52:da:00:89:d8:10", Map.of()),
        arguments("mac=&uuid=1", Map.of("uuid", "1")));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void labels_are_read_as_matchbox_reads_them(String query, Map<String, String> labels) {
    assertEquals(labels, NodeLabels.of(query).all());
  }

  @Test
  void no_query_is_no_labels() {
    assertEquals(Map.of(), NodeLabels.of(null).all());
    assertEquals("", NodeLabels.NONE.value("uuid"));
    assertEquals(Optional.empty(), NodeLabels.NONE.mac());
  }

  @Test
  void the_hardware_address_is_found_however_its_key_is_spelt() {
    assertEquals(Optional.of("52:da:00:89:d8:10"), NodeLabels.of("a=1&Mac=52da0089d810").mac());
  }

  @Test
  void i_01_values_that_would_break_a_line_are_absent() {
    for (String bad : List.of("%0a", "%0d", "%00", "%09", "%7f", "%c2%85", "%e2%80%a8")) {
      assertEquals(
          Map.of("arch", "arm64"),
          NodeLabels.of("hostname=a" + bad + "boot&arch=arm64&k" + bad + "=v").all(),
          bad);
    }
    assertEquals(Map.of(), NodeLabels.of("mac=52:da:00:89:d8:10%0aboot%20http://evil/x").all());
  }

  static Stream<Arguments> controls() {
    return Stream.of(
        arguments("a=b%0Ac", Map.of("a", "b\nc")),
        arguments("a%09=b%0D", Map.of("a\t", "b\r")),
        arguments("a=%00&b=1", Map.of("a", "\0", "b", "1")),
        arguments("a=%7F%C2%85%E2%80%A8", Map.of("a", "\u007f\u0085\u2028")),
        arguments("mac=52:54:00:00:00:01%0A", Map.of()));
  }

  @ParameterizedTest
  @MethodSource("controls")
  void control_characters_are_kept_as_matchbox_keeps_them_where_that_is_asked_for(
      String query, Map<String, String> labels) {
    assertEquals(labels, NodeLabels.of(query, NodeLabels.Controls.KEPT).all());
  }

  @Test
  void i_06_labels_without_end_are_bounded_and_the_first_value_wins() {
    String many = IntStream.range(0, 5000).mapToObj(i -> "k" + i + "=v").collect(joining("&"));
    NodeLabels labels = NodeLabels.of("uuid=1&" + many + "&uuid=2");
    assertEquals("1", labels.value("uuid"));
    assertEquals(NodeLabels.MAX_LABELS, labels.all().size());
  }

  @Test
  void i_06_two_hundred_unknown_keys_hide_no_known_one() {
    String many = IntStream.range(0, 200).mapToObj(i -> "k" + i + "=v").collect(joining("&"));
    assertEquals("1", NodeLabels.of(many + "&uuid=1").value("uuid"));
  }

  @Test
  void i_06_a_value_of_8_kib_is_absent() {
    NodeLabels labels = NodeLabels.of("serial=" + "x".repeat(8192) + "&uuid=1");
    assertEquals(Map.of("uuid", "1"), labels.all());
    assertEquals(List.of("serial is longer than 4096 characters"), labels.ignored());
  }

  @Test
  void what_was_left_out_can_be_told() {
    assertEquals(
        List.of(
            "a has a bad percent escape",
            "b stands with a semicolon",
            "mac is not a hardware" + " address"),
        NodeLabels.of("a=%zz&b=1;2&mac=x").ignored());
  }
}
