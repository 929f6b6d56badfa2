package dev.moonboot.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlSyntaxTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "#cloud-config\n",
        "#cloud-config\nhostname: [a]\nfoo: {bar: [1, 2]}\n",
        "- a list\n- is YAML\n",
        "a: &x 1\nb: *x\n",
        "a: 1\na: 2\n",
        "a: !python/object:os.system x\n",
        "a: 1\n---\nanother: [document is not looked at\n"
      })
  void only_syntax_counts(String yaml) {
    assertEquals(Optional.empty(), YamlSyntax.fault(yaml));
  }

  @Test
  void what_is_no_yaml_is_told_by_its_line() {
    assertEquals(Optional.of("not YAML in line 3"), YamlSyntax.fault("#cloud-config\na: [1,\n"));
    assertEquals(
        Optional.of("not YAML in line 2"), YamlSyntax.fault("#cloud-config\n\tsecret: 1\n"));
    assertEquals(
        Optional.of("not YAML: an alias of what is not there in line 1"),
        YamlSyntax.fault("a: *nothing\n"));
  }

  @Test
  void aliases_that_would_grow_without_end_cost_nothing() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [lol]\n");
    for (int i = 1; i < 100; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertTimeout(
        Duration.ofSeconds(5),
        () -> assertEquals(Optional.empty(), YamlSyntax.fault(laughs.toString())));
  }

  @Test
  void what_is_nested_without_end_is_refused_early() {
    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            assertEquals(
                Optional.of("YAML nested deeper than 200 in line 1"),
                YamlSyntax.fault("[".repeat(1 << 20))));
  }
}
