package dev.moonboot.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataFileTest {
  private static final Json.Obj NOTHING = new Json.Obj(Map.of());

  @Test
  void a_group_has_what_its_file_says() {
    Group group =
        DataFile.group(
            "pi",
            """
            {"id": "1", "name": "Pi", "profile": "arm", "selector": {"MAC": "52-54-00-A1-9C-AE",
             "rack": "a", "empty": null}, "metadata": {"n": 1}, "unknown": [{}]}
            """);
    var selector = new TreeMap<>(Map.of("MAC", "52:54:00:a1:9c:ae", "rack", "a", "empty", ""));
    var metadata = new Json.Obj(Map.of("n", Json.Num.of(1)));
    assertEquals(new Group("pi", "1", "Pi", "arm", selector, metadata), group);
    assertEquals("MAC=52:54:00:a1:9c:ae,empty=,rack=a", group.selectorText());
  }

  @Test
  void a_profile_has_what_its_file_says() {
    assertEquals(
        new Profile(
            "p",
            "x",
            "P",
            "i.ign",
            "c.yaml",
            "g.tmpl",
            new Profile.NetBoot("/k", List.of("/i", ""), List.of("a", "", "b c"))),
        DataFile.profile(
            "p",
            """
            {"id": "x", "name": "P", "ignition_id": "i.ign", "cloud_id": "c.yaml",
             "generic_id": "g.tmpl", "genericId": "no", "cmdline": "old",
             "boot": {"kernel": "/k", "initrd": ["/i", null], "args": ["a", "", "b c"]}}
            """));
  }

  @Test
  void absent_members_are_empty() {
    assertEquals(new Group("g", "", "", "", new TreeMap<>(), NOTHING), DataFile.group("g", "{}"));
    assertEquals(
        new Profile("p", "x", "", "", "", "", null),
        DataFile.profile("p", "{\"id\": \"x\", \"boot\": null, \"name\": null}"));
    assertEquals(
        new Profile.NetBoot("", List.of(), List.of()),
        DataFile.profile("p", "{\"id\": \"x\", \"boot\": {}}").netBoot());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'profile':'a','profile':'b'}|b",
        "{'Profile':'a'}|a",
        "{'PROFILE':'a','profile':'b'}|b",
        "{'profile':'b','PROFILE':'a'}|a",
        "{'profile':'a','Profile':'b','profile':'c'}|c",
        "{'profile':'a','profile':null}|''",
        "{'pro\\u0066ile':'\\ud800x'}|\uFFFDx",
        "{'profile':'\\ud83d\\ude00'}|\uD83D\uDE00",
      })
  void of_repeated_names_in_any_case_the_last_counts(String text, String profile) {
    assertEquals(profile, DataFile.group("g", text.replace('\'', '"')).profile());
  }

  @Test
  void i_07_every_spelling_of_a_hardware_address_in_a_selector_becomes_one() {
    for (String mac : List.of("52-54-00-A1-9C-AE", "5254.00a1.9cae", "525400A19CAE")) {
      assertEquals(
          "52:54:00:a1:9c:ae",
          DataFile.group("g", "{\"selector\":{\"mac\":\"" + mac + "\"}}").selector().get("mac"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "{'id':'x',}",
        "# c\n{}",
        "{} x",
        "\uFEFF{}",
        "{'profile':3}",
        "{'selector':{'count':3}}",
        "{'selector':['a']}",
        "{'selector':{'mac':'x'}}",
        "{'selector':{'mac':'52:54:00:a1:9c'}}",
        "{'selector':{'Mac':''}}",
        "{'metadata':[1]}",
        "{'metadata':'x'}",
        "{'name':{}}",
      })
  void anything_else_is_no_group(String text) {
    assertThrows(UnusableFileException.class, () -> DataFile.group("g", text.replace('\'', '"')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'id':''}",
        "{'id':1}",
        "{'id':'x','boot':[]}",
        "{'id':'x','boot':'x'}",
        "{'id':'x','boot':{'args':'a b'}}",
        "{'id':'x','boot':{'args':[1]}}",
        "{'id':'x','boot':{'initrd':{}}}",
        "{'id':'x','boot':{'kernel':['k']}}",
        "{'id':'x','boot':{'kernel':'/k'},}",
      })
  void anything_else_is_no_profile(String text) {
    assertThrows(UnusableFileException.class, () -> DataFile.profile("p", text.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource({
    "p, p",
    "team/p, team/p",
    "a/../team//./p, team/p",
    "/p, p",
    "../cloud/c, ../cloud/c",
    "../../../c, ../c",
    "../profiles/p, p",
    "'..', '..'",
  })
  void a_name_never_leaves_the_data_directory(String name, String clean) {
    assertEquals(clean, DataNames.profile(name).orElseThrow());
  }
}
