package dev.moonboot.assets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.UkiLines.Profile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UkiLinesTest {
  private static final String PLAIN = "talos.platform=metal console=tty0";
  private static final String WIPING = PLAIN + " talos.experimental.wipe=system";

  private static UkiLines lines(String base, String stub, Profile... profiles) {
    return new UkiLines(List.of(base), List.of(profiles), stub);
  }

  private static Profile profile(String id, String... cmdlines) {
    return new Profile(id, List.of(cmdlines));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "talos.experimental.wipe=system",
        "talos.experimental.wipe=system:EPHEMERAL,STATE console=tty0",
        "console=tty0 talos.experimental.wipe=system",
        "a=b\ttalos.experimental.wipe=system\nc",
        "talos.experimental.wipe",
        "talos.experimental.wipe=",
        "\"talos.experimental.wipe=system\" quiet",
        "talos.experimental.wipe=\"system\"",
        "'talos.experimental.wipe=system'",
        "quiet -- talos.experimental.wipe=system",
        "a=\"b c\" talos.experimental.wipe=system",
        "a=\"b talos.experimental.wipe=system\""
      })
  void an_argument_that_wipes_is_seen_wherever_it_stands(String cmdline) {
    assertTrue(lines(cmdline, "systemd-stub 257").wipes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "talos.platform=metal",
        "talos.experimental.wiped=system",
        "xtalos.experimental.wipe=system",
        "talos.config=http://10.0.0.1/?a=talos.experimental.wipe=system",
        "x=talos.experimental.wipe"
      })
  void what_only_looks_like_it_is_none(String cmdline) {
    assertFalse(lines(cmdline, "systemd-stub 257").wipes());
  }

  @ParameterizedTest
  @CsvSource({
    "systemd-stub 252, true",
    "systemd-stub 256.7, true",
    "systemd-stub 257, false",
    "systemd-stub 257.4-1.fc42, false",
    "systemd-stub 1000, false",
    "systemd-stub, true",
    "systemd-stub 99999999999, true",
    "stubbyboot 300, true",
    "'', true"
  })
  void a_later_profile_that_wipes_counts_where_the_stub_may_take_it(String stub, boolean wipes) {
    assertEquals(wipes, lines(PLAIN, stub, profile("main"), profile("reset", WIPING)).wipes());
  }

  @Test
  void the_first_profile_is_what_is_booted_and_counts_always() {
    String stub = "systemd-stub 257";
    assertTrue(lines(PLAIN, stub, profile("main", WIPING), profile("other", PLAIN)).wipes());
    assertTrue(lines(WIPING, stub, profile("main", PLAIN)).wipes());
    assertTrue(new UkiLines(List.of(PLAIN, WIPING), List.of(), stub).wipes());
    assertFalse(new UkiLines(List.of(), List.of(), "").wipes());
  }
}
