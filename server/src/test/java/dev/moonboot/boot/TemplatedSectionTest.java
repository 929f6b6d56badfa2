package dev.moonboot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moonboot.json.Json;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Extensions;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import dev.moonboot.profile.Profile.NetBoot;
import dev.moonboot.release.Releases;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernel, initrd and arguments as templates; issues 36 and 92 of matchbox ask for them. */
class TemplatedSectionTest {
  private static final NetBoot BOOT =
      new NetBoot(
          "/assets/{{.version}}/vmlinuz",
          List.of("--name i /assets/{{.version}}/initrd?h={{.request.query.hostname}}"),
          List.of(
              "hostname={{.request.query.hostname}}",
              "{{if index .request.query \"serial\"}}serial={{.request.query.serial}}{{end}}",
              "talos.config=http://10.0.0.1/generic?mac={{.mac}}&h={{.request.query.hostname}}",
              "console=ttyS0,115200n8",
              "key=\"two words\"",
              "id=${uuid}"));

  private static final Map<String, Json> METADATA =
      Map.of(
          "version", new Json.Str("v1.2"),
          "evil", new Json.Str("a\nboot http://evil"),
          "line", new Json.Str("a\u2028b"),
          "url", new Json.Str("http://10.0.0.1/x"),
          "n", new Json.Num("3"),
          "dash", new Json.Str("--"));

  private static BootPlanner planner(NetBoot boot, Extensions extensions) {
    Group group =
        new Group(
            "g",
            "",
            "",
            "p",
            new TreeMap<>(Map.of("mac", "52:54:00:a1:9c:ae")),
            new Json.Obj(METADATA));
    Profile profile = new Profile("p", "p", "", "", "", "", boot, "", extensions);
    Catalog catalog = new Catalog(List.of(group), List.of(profile), List.of());
    return new BootPlanner(() -> catalog, new Releases(List.of(), null), List.of());
  }

  private static BootPlanner planner(NetBoot boot) {
    return planner(boot, new Extensions(false, true));
  }

  private static NodeLabels node(String query) {
    return NodeLabels.of("mac=52-54-00-a1-9c-ae" + query);
  }

  private static BootAnswer answer(NetBoot boot, String query) {
    return planner(boot).plan(node(query));
  }

  private static BootAnswer argument(String template, String query) {
    return answer(new NetBoot("/k", List.of(), List.of(template)), query);
  }

  private static String kernel(String template, String query) {
    BootAnswer answer = answer(new NetBoot(template, List.of(), List.of()), query);
    return assertInstanceOf(BootAnswer.Plan.class, answer).plan().kernel();
  }

  private static BootAnswer.NoMatch none(BootAnswer answer) {
    return assertInstanceOf(BootAnswer.NoMatch.class, answer);
  }

  @Test
  void values_of_labels_and_metadata_stand_in_the_script() {
    BootAnswer answer = answer(BOOT, "&hostname=n1&serial=");
    assertEquals(
        """
        #!ipxe
        kernel /assets/v1.2/vmlinuz hostname=n1 \
        talos.config=http://10.0.0.1/generic?mac=52%3A54%3A00%3Aa1%3A9c%3Aae&h=n1 \
        console=ttyS0,115200n8 key="two words" id=${uuid}
        initrd --name i /assets/v1.2/initrd?h=n1
        boot
        """,
        IpxeScript.render(assertInstanceOf(BootAnswer.Plan.class, answer).plan()));
  }

  @Test
  void explain_shows_the_rendered_script() {
    Explanation explanation = planner(BOOT).explain(node("&hostname=n1"));
    String script = String.valueOf(explanation.scripts().get("/ipxe"));
    assertEquals(
        "kernel /assets/v1.2/vmlinuz hostname=n1", script.lines().toList().get(1).substring(0, 39));
  }

  @Test
  void without_being_asked_for_templates_are_passed_on_as_matchbox_does() {
    BootAnswer answer = planner(BOOT, Extensions.NONE).plan(node("&hostname=n1"));
    BootPlan plan = assertInstanceOf(BootAnswer.Plan.class, answer).plan();
    assertEquals(BOOT, new NetBoot(plan.kernel(), plan.initrd(), plan.args()));
  }

  @Test
  void what_is_missing_is_said() {
    assertEquals(
        new BootAnswer.NoMatch(
            "profile p, /boot/args/0: cannot be rendered for this node",
            "line 1, column 5: no .nope here; {{if index . \"nope\"}} asks for what may be missing"),
        argument("a={{.nope}}", ""));
    assertEquals(
        new BootAnswer.NoMatch(
            "profile p, /boot/args/0: a value is missing", "line 1, column 5: a value is missing"),
        argument("a={{index . \"nope\"}}", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${net0/ip}",
        "a||shell",
        "a && poweroff",
        ";",
        "#x",
        "a b",
        "a\"b",
        "a'b",
        "a`b",
        "a\\b",
        "a|b",
        "a&b",
        "<b",
        "a{b}",
        "$x",
        "é",
        "a*",
        "(x)",
        "{cmdline}"
      })
  void i_02_a_value_is_never_more_than_a_part_of_an_argument(String hostile) {
    String query = "&hostname=" + percent(hostile);
    for (String template :
        List.of("hostname={{.request.query.hostname}}", "{{.request.query.hostname}}")) {
      BootAnswer.NoMatch none = none(argument(template, query));
      assertEquals(
          "profile p, /boot/args/0: a value has a character that is not allowed in a kernel argument"
              + " (allowed are letters, digits and ._~:/@%+,=?[]-)",
          none.why());
      assertFalse(none.whole().contains(hostile));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${net0/ip}",
        "a||shell",
        "a && poweroff",
        ";",
        "#x",
        "a b",
        "a\"b",
        "a/b",
        "a?b=c&d",
        "é"
      })
  void i_02_in_a_url_a_value_is_percent_encoded(String hostile) {
    String query = "&hostname=" + percent(hostile);
    String encoded = percent(hostile);
    assertEquals(
        "/assets/" + encoded + "/k", kernel("/assets/{{.request.query.hostname}}/k", query));
    BootAnswer answer = argument("c=http://a/b?h={{.request.query.hostname}}", query);
    assertEquals(
        List.of("c=http://a/b?h=" + encoded),
        assertInstanceOf(BootAnswer.Plan.class, answer).plan().args());
  }

  private static String percent(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : text.getBytes(UTF_8)) {
      char c = (char) (octet & 0xFF);
      boolean plain = String.valueOf(c).matches("[A-Za-z0-9._~-]");
      encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return encoded.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%0aboot%20http://evil/x", "a%0d", "a%e2%80%a8b", "a%09b", "a%00"})
  void i_01_a_label_with_a_control_character_is_absent(String value) {
    assertEquals(
        "profile p, /boot/args/0: cannot be rendered for this node",
        none(argument("h={{.request.query.hostname}}", "&hostname=" + value)).why());
  }

  @Test
  void i_01_metadata_with_line_breaks_makes_no_script() {
    none(argument("h={{.evil}}", ""));
    none(argument("h={{.line}}", ""));
    assertEquals("/a%0Aboot%20http%3A%2F%2Fevil", kernel("/{{.evil}}", ""));
    assertEquals("/a%E2%80%A8b", kernel("/{{.line}}", ""));
  }

  @Test
  void i_03_where_a_value_lands_decides_not_what_the_template_says() {
    assertEquals("/a%2Bb", kernel("/{{urlquery \"a b\"}}", ""));
    none(argument("h={{print \"a b\"}}", ""));
    none(argument("h={{printf \"%s\" .request.query}}", "&a=b"));
    none(argument("{{template \"t\" .}}{{define \"t\"}}h={{.evil}}{{end}}", ""));
    assertEquals(
        List.of("c=http://10.0.0.1/x?m=52%3A54%3A00%3Aa1%3A9c%3Aae"),
        assertInstanceOf(BootAnswer.Plan.class, argument("c={{.url}}?m={{.mac}}", ""))
            .plan()
            .args());
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "../x", "a/..", "a/../b", "./a"})
  void i_03_a_value_leads_to_no_other_folder(String value) {
    String why = "a value leads to another folder (. or ..)";
    NetBoot boot = new NetBoot("/assets/{{.request.query.v}}/k", List.of(), List.of());
    assertEquals("profile p, /boot/kernel: " + why, none(answer(boot, "&v=" + value)).why());
    assertEquals(
        "profile p, /boot/args/0: " + why,
        none(argument("nfsroot=/srv/{{.request.query.v}}", "&v=" + value)).why());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{if true}}a b{{end}}",
        "{{if true}}a\"b{{end}}",
        "{{if true}}a\nb{{end}}",
        "{{.dash}}",
        "-{{slice .dash 1}}",
        "{{if true}}a ; b{{end}}",
        "#{{.n}}"
      })
  void i_04_what_templates_put_together_is_one_argument(String template) {
    assertEquals(
        "profile p, rendered for this node: /boot/args/0 is not one URL or argument, or one too"
            + " many of its kind",
        none(argument(template, "")).why());
  }

  @Test
  void i_04_a_protected_argument_stands_once() {
    NetBoot twice =
        new NetBoot(
            "/k",
            List.of(),
            List.of(
                "talos.config=http://a",
                "{{if .n}}x=1{{end}}",
                "talos.{{slice \"xconfig\" 1}}={{.url}}"));
    assertEquals(
        "/boot/args/2 talos.config is there already, in /boot/args/0: only one can count",
        none(answer(twice, "")).detail());
    none(
        answer(
            new NetBoot("/k", List.of(), List.of("talos.config=a", "{{.request.query.k}}")),
            "&k=talos.config=b"));
  }
}
