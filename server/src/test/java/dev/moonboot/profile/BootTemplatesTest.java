package dev.moonboot.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.profile.Profile.NetBoot;
import java.util.List;
import org.junit.jupiter.api.Test;

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
