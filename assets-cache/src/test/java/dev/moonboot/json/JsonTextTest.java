package dev.moonboot.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  @Test
  void what_is_read_is_written_again() {
    String text = "{\"a\":[1,-2.50,1e9,\"x\\n\",true,null],\"b\":{}}";
    assertEquals(text, JsonText.parse(text).compact());
  }

  @Test
  void pretty_text_is_indented_and_ends_with_a_line_feed() {
    assertEquals(
        """
        {
          "a": [
            1
          ],
          "b": "c"
        }
        """,
        JsonText.parse("{\"a\":[1],\"b\":\"c\"}").pretty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "{", "{\"a\":1,}", "[1,]", "1 2", "{\"a\":1}x", "NaN", "01", "\uFEFF{}"})
  void what_is_not_one_value_is_refused(String text) {
    assertThrows(JsonException.class, () -> JsonText.parse(text));
  }

  @Test
  void a_member_named_twice_is_refused_or_the_last_one_counts() {
    String text = "{\"a\":1,\"a\":2}";
    assertThrows(JsonException.class, () -> JsonText.parse(text));
    assertEquals("{\"a\":2}", JsonText.parseLastWins(text).compact());
  }

  @Test
  void depth_is_bounded() {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    assertThrows(JsonException.class, () -> JsonText.parse(deep));
  }
}
