package dev.moonboot.profile;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.template.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorListsTest {
  private static final String ASKED = "'moonboot':{'selector_lists':true}";

  private static Group group(String file, String text) {
    return DataFile.group(file, text.replace('\'', '"'));
  }

  private static Group lists(String file, String selector) {
    return group(file, "{'profile':'p','selector':" + selector + "," + ASKED + "}");
  }

  private static Catalog catalog(Group... groups) {
    return new Catalog(List.of(groups), List.of(), List.of());
  }

  private static String selected(Catalog catalog, String query) {
    return switch (catalog.select(NodeLabels.of(query))) {
      case Selection.Match(var group, var _) -> group.file();
      case Selection.NoProfile(var group) -> group.file() + " " + group.selectorText();
      case Selection.None() -> "none";
    };
  }

  @Test
  void any_of_the_values_matches_and_counts_as_one_selector() {
    Catalog catalog =
        catalog(
            lists("racks", "{'mac':['52-54-00-A1-9C-AE','52:54:00:a1:9c:af'],'region':'eu'}"),
            group("one", "{'selector':{'region':'eu'}}"),
            group("three", "{'selector':{'region':'eu','mac':'525400a19cae','x':'y'}}"));
    assertEquals(
        "racks mac=52:54:00:a1:9c:ae,region=eu",
        selected(catalog, "region=eu&mac=52-54-00-a1-9c-ae"));
    assertEquals(
        "racks mac=52:54:00:a1:9c:af,region=eu",
        selected(catalog, "region=eu&mac=52-54-00-a1-9c-af"));
    assertEquals("one region=eu", selected(catalog, "region=eu&mac=52-54-00-a1-9c-00"));
    assertEquals("none", selected(catalog, "mac=52-54-00-a1-9c-ae"));
    assertEquals(
        "three mac=52:54:00:a1:9c:ae,region=eu,x=y",
        selected(catalog, "x=y&region=eu&mac=52-54-00-a1-9c-ae"));
  }

  @Test
  void ties_go_by_the_value_that_matched() {
    Catalog catalog =
        catalog(lists("lists", "{'a':['1','9']}"), group("plain", "{'selector':{'b':'5'}}"));
    assertEquals("plain b=5", selected(catalog, "a=9&b=5"));
    Catalog other =
        catalog(lists("lists", "{'b':['1','9']}"), group("plain", "{'selector':{'b':'9'}}"));
    assertEquals("lists b=9", selected(other, "b=9")); // the same selector: the smaller file name
    assertEquals("lists b=1", selected(other, "b=1"));
  }

  @Test
  void templates_get_the_value_that_matched() {
    Catalog catalog = catalog(lists("g", "{'Rack':['r1','r2'],'region':'eu'}"));
    NodeLabels labels = NodeLabels.of("Rack=r2&region=eu");
    var match = assertInstanceOf(Selection.NoProfile.class, catalog.select(labels));
    var data = TemplateData.of(match.group(), labels).members();
    assertEquals(new Value.Text("r2"), data.get("rack"));
    assertEquals(new Value.Text("eu"), data.get("region"));
  }

  @Test
  void an_empty_value_of_a_list_stands_for_an_absent_label() {
    Catalog catalog = catalog(lists("g", "{'zone':['','a']}"));
    assertEquals("g zone=", selected(catalog, ""));
    assertEquals("g zone=a", selected(catalog, "zone=a"));
    assertEquals("none", selected(catalog, "zone=b"));
  }

  /** Each combination is a group of its own: so the index must say what these groups say. */
  @Test
  void i_08_a_group_with_lists_is_selected_as_the_groups_of_its_combinations_would_be() {
    Random random = new Random(3);
    List<String> keys = List.of("a", "b", "c");
    for (int round = 0; round < 200; round++) {
      List<Group> listed = new ArrayList<>();
      List<Group> single = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        String selector =
            keys.stream()
                .filter(_ -> random.nextBoolean())
                .map(key -> "'" + key + "':" + value(random))
                .collect(joining(",", "{", "}"));
        Group group = lists("g" + i, selector);
        listed.add(group);
        group.eachSelector(exact ->
            single.add(
                new Group(
                    group.file() + " " + single.size(),
                    "",
                    "",
                    "p",
                    new TreeMap<>(exact),
                    group.metadata())));
      }
      Catalog withLists = catalog(listed.toArray(Group[]::new));
      Catalog without = catalog(single.toArray(Group[]::new));
      for (int i = 0; i < 20; i++) {
        String query =
            keys.stream().map(key -> key + "=" + random.nextInt(4)).collect(joining("&"));
        String expected = selected(without, query).replaceFirst(" \\d+", "");
        assertEquals(expected, selected(withLists, query), query);
        NodeLabels labels = NodeLabels.of(query);
        assertEquals(
            without.matching(labels, 99).stream().map(Group::selectorText).toList(),
            withLists.matching(labels, 99).stream().map(Group::selectorText).toList());
      }
    }
  }

  private static String value(Random random) {
    return random.nextBoolean()
        ? "'" + random.nextInt(4) + "'"
        : random.nextBoolean() ? "['1','2']" : "['0','3','2']";
  }

  @Test
  void a_near_miss_tells_all_values() {
    Catalog catalog = catalog(lists("g", "{'rack':['r1','r2'],'region':'eu'}"));
    assertEquals(
        List.of(new NearMiss.Mismatch("rack", "r1|r2", "r3")),
        catalog.nearest(NodeLabels.of("rack=r3&region=eu"), 5).getFirst().mismatches());
  }

  @Test
  void what_is_taken_away_is_gone_with_all_its_combinations() {
    Group group = lists("g", "{'a':['1','2'],'b':['1','2']}");
    GroupIndex index = GroupIndex.EMPTY.with(group);
    assertTrue(index.best(NodeLabels.of("a=2&b=1")).isPresent());
    GroupIndex without = index.without(group);
    for (String query : List.of("a=1&b=1", "a=2&b=1", "a=1&b=2", "a=2&b=2")) {
      assertTrue(without.best(NodeLabels.of(query)).isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'selector':{'mac':['52:54:00:a1:9c:ae']}}",
        "{'selector':{'a':['1']},'moonboot':{}}",
        "{'selector':{'a':['1']},'moonboot':{'selector_lists':false}}",
        "{'selector':{'a':['1']},'moonboot':null}",
      })
  void a_file_that_does_not_ask_for_lists_is_unusable_as_it_is_to_matchbox(String text) {
    var unusable = assertThrows(UnusableFileException.class, () -> group("g", text));
    assertTrue(String.valueOf(unusable.getMessage()).contains(" must be a string"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "{'selector':{'a':[]}} ~ selector 'a' is a list without values",
        "{'selector':{'a':[1]}} ~ selector 'a' must be a string",
        "{'selector':{'mac':['x']}} ~ selector 'mac': 'x' is not a hardware address",
        "{'selector':{'a':{}}} ~ selector 'a' must be a string",
      })
  void a_list_has_values_of_a_selector(String text, String why) {
    String asked = text.substring(0, text.length() - 1) + "," + ASKED + "}";
    var unusable = assertThrows(UnusableFileException.class, () -> group("g", asked));
    assertEquals(why.replace('\'', '"'), unusable.getMessage());
  }

  @Test
  void combinations_have_a_limit() {
    String hundred = "['" + numbers(100) + "']";
    Group most = lists("g", "{'a':" + hundred + ",'b':" + hundred + "}");
    assertEquals("g a=99,b=0", selected(catalog(most), "a=99&b=0"));
    String more = "['" + numbers(101) + "']";
    var unusable =
        assertThrows(
            UnusableFileException.class,
            () -> lists("g", "{'a':" + hundred + ",'b':" + more + "}"));
    assertEquals(
        "the lists in its selector have more than 10000 combinations: make several groups of it",
        unusable.getMessage());
  }

  private static String numbers(int count) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(Integer.toString(i));
    }
    return String.join("','", numbers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "{'moonboot':{'selector_list':true}} ~ 'moonboot' has the unknown member 'selector_list';"
            + " here it can have 'selector_lists'; did you mean selector_lists?",
        "{'moonboot':{'templates':true}} ~ 'moonboot' has the unknown member 'templates'; here it"
            + " can have 'selector_lists'",
        "{'moonboot':true} ~ 'moonboot' must be an object",
        "{'moonboot':{'selector_lists':'yes'}} ~ 'moonboot': 'selector_lists' must be true or false",
      })
  void what_is_asked_for_and_unknown_is_told(String text, String why) {
    var unusable = assertThrows(UnusableFileException.class, () -> group("g", text));
    assertEquals(why.replace('\'', '"'), unusable.getMessage());
  }

  @Test
  void a_profile_asks_for_templates() {
    String text = "{\"id\":\"p\",\"moonboot\":{\"templates\":true}}";
    Profile profile = DataFile.profile("p", text);
    assertEquals(new Extensions(false, true), profile.extensions());
    assertEquals(text, MatchboxShape.of(profile).compact());
    assertEquals(Extensions.NONE, DataFile.profile("p", "{\"id\":\"p\"}").extensions());
  }

  @Test
  void what_was_asked_for_is_kept_on_a_rewrite() {
    String text =
        "{\"id\":\"g\",\"profile\":\"p\",\"selector\":{\"a\":[\"2\",\"1\"],\"b\":\"3\"},"
            + "\"moonboot\":{\"selector_lists\":true}}";
    Group group = DataFile.group("g", text);
    assertEquals(text, MatchboxShape.of(group).compact());
    assertEquals(
        text,
        MatchboxShape.of(group, MatchboxShape.givenSelector((Json.Obj) JsonText.parse(text)))
            .compact());
    assertEquals(Map.of("a", List.of("2", "1")), group.lists());
    assertEquals("a=2|1,b=3", group.selectorText());
  }
}
