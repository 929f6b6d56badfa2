package dev.moonboot.assets.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.TalosVersion;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Constraints as blang/semver reads them: {@code ranges.csv} is what v4 of it says of each to four
 * versions.
 */
class VersionRangeTest {
  @ParameterizedTest
  @CsvFileSource(resources = "/extension/ranges.csv", delimiter = '\t', quoteCharacter = '"')
  void says_what_semver_says(String range, String outcomes) {
    assertEquals(
        outcomes,
        Stream.of("v1.13.9", "v1.4.0", "v2.0.0", "v1.13.0")
            .map(version -> outcome(range, version))
            .collect(Collectors.joining(" ")));
  }

  private static String outcome(String range, String version) {
    try {
      return VersionRange.parse(range).contains(TalosVersion.parse(version).orElseThrow())
          ? "yes"
          : "no";
    } catch (IllegalArgumentException e) {
      return "unreadable";
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.13.0-beta.1", "v1.13.0", "v1.13.0+build"})
  void a_pre_release_counts_as_its_release(String version) {
    assertEquals("yes", outcome(">= 1.13.0", version));
    assertEquals("yes", outcome("1.13.0", version));
    assertEquals("no", outcome("< v1.13.0", version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0 || || 2.0.0", "|| 1.0.0", "1.0.0 ||", " ", "1.x.3", "x"})
  void what_semver_stumbles_over_is_unreadable(String range) {
    assertThrows(IllegalArgumentException.class, () -> VersionRange.parse(range));
  }

  @ParameterizedTest
  @ValueSource(strings = {""})
  void nothing_is_no_constraint(String range) {
    assertEquals("yes", outcome(range, "v1.0.0"));
  }
}
