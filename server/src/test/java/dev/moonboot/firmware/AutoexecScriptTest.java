package dev.moonboot.firmware;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.node.MacAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AutoexecScriptTest {
  private static final String SCRIPT =
      AutoexecScript.of("http://10.0.0.1:8080", new MacAddress("52:54:00:a1:9c:ae"));

  @Test
  void is_a_script_as_ipxe_reads_it() {
    List<String> lines = SCRIPT.lines().toList();
    assertEquals("#!ipxe", lines.getFirst());
    assertFalse(SCRIPT.contains("\r"));
    assertFalse(SCRIPT.contains("\\\n"));
    assertTrue(SCRIPT.endsWith("\n"));
    assertTrue(SCRIPT.getBytes(UTF_8).length < 2048);
    assertTrue(SCRIPT.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)));
  }

  @Test
  void asks_for_the_nodes_script_with_its_labels() {
    assertEquals(
        "chain --autofree --replace ${base}/ipxe?uuid=${uuid}&mac=52-54-00-a1-9c-ae"
            + "&domain=${domain:uristring}&hostname=${hostname:uristring}"
            + "&serial=${serial:uristring}&arch=${arch:uristring}"
            + "&product=${product:uristring}&manufacturer=${manufacturer:uristring}"
            + "&asset=${asset:uristring}&platform=${platform} ||",
        line("chain"));
  }

  @Test
  void tells_free_text_percent_encoded() {
    Matcher variables = Pattern.compile("=\\$\\{([a-z]+)(:\\w+)?}").matcher(line("chain"));
    while (variables.find()) {
      boolean plain = List.of("uuid", "platform").contains(variables.group(1));
      assertEquals(plain ? null : ":uristring", variables.group(2), variables.group());
    }
  }

  /** undionly.kpxe says i386 on 64-bit machines, too. */
  @Test
  void trap_17_a_64_bit_machine_says_so() {
    assertTrue(
        SCRIPT.contains(
            "set arch ${buildarch}\niseq ${arch} i386 && cpuid --ext 29 && set arch x86_64 ||\n"));
  }

  @Test
  void every_label_that_is_gone_to_is_there() {
    Matcher jumps = Pattern.compile("goto (\\w+)").matcher(SCRIPT);
    while (jumps.find()) {
      assertTrue(SCRIPT.contains("\n:" + jumps.group(1) + "\n"), jumps.group());
    }
  }

  /** iPXE takes these as commands, wherever they stand alone. */
  @Test
  void no_operator_stands_where_text_is_meant() {
    SCRIPT
        .lines()
        .filter(line -> line.startsWith("echo"))
        .forEach(line ->
            assertTrue(
                List.of(line.split(" ", -1)).stream()
                    .noneMatch(
                        word -> List.of(";", "&&", "||").contains(word) || word.startsWith("#")),
                line));
  }

  private static String line(String command) {
    return SCRIPT.lines().filter(line -> line.startsWith(command)).findFirst().orElseThrow();
  }
}
