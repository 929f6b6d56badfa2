package dev.moonboot.profile;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.profile.Profile.NetBoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootTemplatesTest {
  private static final Extensions TEMPLATES = new Extensions(false, true);

  private static Profile profile(Extensions extensions, String... args) {
    NetBoot boot = new NetBoot("/{{.k}}", List.of("/i"), List.of(args));
    return new Profile("p", "p", "", "", "", "", boot, "", extensions);
  }

  @Test
  void c_21_a_template_that_cannot_be_parsed_makes_the_file_unusable() {
    assertEquals(
        "item 2 of \"args\" is no template: line 1, column 3: an action is never closed: }} is"
            + " missing",
        assertThrows(UnusableFileException.class, () -> profile(TEMPLATES, "a", "b={{.x"))
            .getMessage());
    assertEquals(
        "item 1 of \"args\" is no template: line 1, column 3: no function has the name \"arg\"",
        assertThrows(UnusableFileException.class, () -> profile(TEMPLATES, "{{arg .x}}"))
            .getMessage());
  }

  @Test
  void c_21_the_last_good_templates_stay_in_force(@TempDir Path root) throws IOException {
    Path file = Files.createDirectories(root.resolve("profiles")).resolve("p.json");
    String text =
        """
        {"id": "p", "moonboot": {"templates": true}, "boot": {"args": ["a={{.x}}"]}}\
        """;
    Files.writeString(file, text);
    CatalogReader reader = new CatalogReader(root);
    Profile good = reader.read().profile("p").orElseThrow();
    assertEquals("a={{.x}}", requireNonNull(good.templates()).args().getFirst().text());
    Files.writeString(file, text.replace("}}\"", "}\" "));
    Catalog now = reader.read();
    assertEquals(good, now.profile("p").orElseThrow());
    assertEquals(
        List.of("item 1 of \"args\" is no template: line 1, column 7: a name with \"}\""),
        now.problems().stream()
            .filter(problem -> problem.file().contains("p.json"))
            .map(FileProblem::why)
            .toList());
  }

  @Test
  void nothing_is_parsed_that_does_not_ask_for_it() {
    assertNull(profile(Extensions.NONE, "b={{.x").templates());
  }

  @Test
  void what_means_the_same_is_equal() {
    assertEquals(profile(TEMPLATES, "b={{.x}}"), profile(TEMPLATES, "b={{.x}}"));
  }

  @Test
  void i_04_what_is_no_template_is_checked_when_it_is_written() {
    List<FieldProblem> problems =
        BootChecks.of(profile(TEMPLATES, "a={{ .x }}", "b c", "init=/a", "init=/b"));
    assertEquals(
        List.of("/boot/args/1", "/boot/args/3"),
        problems.stream().map(FieldProblem::pointer).toList());
  }
}
