package dev.moonboot.provision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.template.Value;
import dev.moonboot.template.Value.Flag;
import dev.moonboot.template.Value.Items;
import dev.moonboot.template.Value.Members;
import dev.moonboot.template.Value.Nil;
import dev.moonboot.template.Value.Num;
import dev.moonboot.template.Value.Text;
import dev.moonboot.template.Value.Texts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataTextTest {
  private static String text(Map<String, Value> root) {
    return MetadataText.of(new Members(root));
  }

  @Test
  void lines_are_in_order_of_name_and_value() {
    assertEquals(
        """
        A.B-C=x
        A_B=1
        A_B=2
        Z=true
        """,
        text(
            Map.of(
                "z", new Flag(true),
                "a_b", new Text("2"),
                "a", new Members(Map.of("b", new Num(1))),
                "a.b-c", new Text("x"))));
  }

  @Test
  void numbers_are_printed_as_go_prints_them() {
    assertEquals(
        "BIG=1e+06\nINT=65535\nSMALL=1e-07\n",
        text(Map.of("big", new Num(1e6), "int", new Num(65535), "small", new Num(1e-7))));
  }

  @Test
  void lists_nulls_and_empty_maps_vanish() {
    assertEquals(
        "",
        text(
            Map.of(
                "list", new Items(List.of(new Text("a"))),
                "null", new Nil(),
                "map", new Members(Map.of()),
                "texts", new Texts(Map.of()))));
  }

  @Test
  void names_are_upper_case_by_character_and_values_stay() {
    assertEquals("STRASSE_ßÉ𐐀=ß é\n", text(Map.of("strasse", new Texts(Map.of("ßé𐐨", "ß é")))));
    assertEquals("A=x\ny \"z\" $b\n", text(Map.of("a", new Text("x\ny \"z\" $b"))));
  }
}
