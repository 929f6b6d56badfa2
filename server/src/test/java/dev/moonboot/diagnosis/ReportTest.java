package dev.moonboot.diagnosis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Report REPORT =
      new Report(
          List.of(Finding.ok("clock", "12:00"), Finding.warn("dhcp", "a\u001b[2Jb", "do this")),
          List.of(
              Finding.ok("group", "all"),
              Finding.fail("release", "none yet", "wait"),
              Finding.fail("kernel", "404", "")));

  @Test
  void a_line_for_each_finding_and_the_first_step_that_fails_is_marked() {
    assertEquals(
        """
        ok    clock: 12:00
        warn  dhcp: a?[2Jb; do this

         1. ok    group: all
         2. fail  release: none yet; wait  <-- here it ends
         3. fail  kernel: 404\
        """,
        String.join("\n", REPORT.lines()));
  }

  /** docs/operations.md promises it. */
  @Test
  void programs_get_the_same_as_json() {
    assertEquals(
        """
        {
          "ok": false,
          "findings": [
            {
              "verdict": "ok",
              "what": "clock",
              "found": "12:00",
              "advice": ""
            },
            {
              "verdict": "warn",
              "what": "dhcp",
              "found": "a\\u001b[2Jb",
              "advice": "do this"
            }
          ],
          "steps": [
            {
              "verdict": "ok",
              "what": "group",
              "found": "all",
              "advice": ""
            },
            {
              "verdict": "fail",
              "what": "release",
              "found": "none yet",
              "advice": "wait"
            },
            {
              "verdict": "fail",
              "what": "kernel",
              "found": "404",
              "advice": ""
            }
          ]
        }
        """,
        REPORT.json().pretty().replace("\\u001B", "\\u001b"));
  }

  @Test
  void a_warning_is_no_failure() {
    assertTrue(new Report(List.of(Finding.warn("a", "b", "")), List.of()).isWell());
    assertFalse(new Report(List.of(), List.of(Finding.fail("a", "b", ""))).isWell());
  }
}
