package dev.moonboot.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonItemsTest {
  private static List<String> told(String text) throws IOException {
    List<String> told = new ArrayList<>();
    JsonItems.read(
        new ByteArrayInputStream(text.getBytes(UTF_8)),
        name -> !name.equals("files"),
        (name, value) -> told.add(name + " " + value.compact()));
    return told;
  }

  private static String refused(String text) {
    return String.valueOf(assertThrows(JsonException.class, () -> told(text)).getMessage());
  }

  @Test
  void arrays_are_told_item_by_item_and_all_else_whole() throws IOException {
    assertEquals(
        List.of("a 1", "a [2,3]", "b {\"c\":[4]}", "a 5", "d null"),
        told(
            """
            {"a":[1,[2,3]],"files":[{"x":[1]},2],"b":{"c":[4]},"e":[],"a":5,"d":null}
            """));
  }

  @Test
  void what_is_no_object_is_refused() {
    assertEquals("an object was expected", refused("[]"));
    assertEquals("an object was expected", refused(""));
    assertEquals("text after the object", refused("{} {}"));
    for (String cut :
        List.of("{", "{\"a\"", "{\"a\":", "{\"a\":[1,", "{\"files\":[1,", "{\"a\":x}")) {
      assertTrue(!refused(cut).isEmpty());
    }
  }

  @Test
  void one_piece_is_small_and_there_are_any_number() throws IOException {
    String item = "[" + "1,".repeat(15_000) + "1],";
    assertEquals(4, told("{\"a\":[" + item.repeat(3) + "1]}").size());
    assertEquals(0, told("{\"files\":[[" + item.repeat(3) + "1]]}").size());
    assertTrue(refused("{\"a\":[[" + item.repeat(3) + "1]]}").contains("20000"));
    assertTrue(refused("{\"a\":{\"b\":[" + item.repeat(3) + "1]}}").contains("20000"));
    assertTrue(refused("{\"a\":\"" + "x".repeat(2 << 20) + "\"}").contains("String"));
    assertTrue(refused("{\"files\":" + "[".repeat(100)).contains("64"));
  }
}
