package dev.moonboot.assets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.VersionLine.Tagged;
import dev.moonboot.assets.registry.ImageReferences;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionLineTest {
  private static final VersionLine LINE = new VersionLine(1, 13, false);
  private static final VersionLine PRE = new VersionLine(1, 14, true);

  private static Optional<String> newest(VersionLine line, String... tags) {
    return line.newest(List.of(tags)).map(Tagged::tag);
  }

  @ParameterizedTest
  @CsvSource({
    "v1.13.*, v1.13.*",
    "1.13.*, v1.13.*",
    "v1.14.*-pre, v1.14.*-pre",
    "v1.13, v1.13.*",
    "v1.13.x, v1.13.*",
    "v1.14-pre, v1.14.*-pre"
  })
  void is_written_in_one_way_and_read_in_several(String text, String line) {
    assertEquals(Optional.of(line), VersionLine.parseShort(text).map(VersionLine::toString));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1",
        "v1.*",
        "*",
        "v1.13.9",
        "v1.13.*-beta.1",
        "v01.13.*",
        "v1.13.**",
        "v1.99999.*",
        "1.13",
        "1.10"
      })
  void anything_else_is_none(String text) {
    assertEquals(Optional.empty(), VersionLine.parseShort(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.13", "v1.13.x", "v1.13.9"})
  void what_can_be_a_tag_is_none_in_its_place(String tag) {
    assertEquals(Optional.empty(), VersionLine.parse(tag));
    assertEquals(tag, ImageReferences.parse("ghcr.io/siderolabs/imager:" + tag).tag());
  }

  @Test
  void no_image_can_be_tagged_with_one() {
    for (VersionLine line : List.of(LINE, PRE)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> ImageReferences.parse("ghcr.io/siderolabs/imager:" + line));
      assertThrows(
          IllegalArgumentException.class, () -> ImageReferences.parse("oci:/srv/talos:" + line));
    }
  }

  @Test
  void the_newest_is_that_of_the_highest_number() {
    assertEquals(
        Optional.of("v1.13.10"),
        newest(
            LINE, "v1.13.9", "v1.13.10", "v1.13.2", "v1.14.0", "v1.12.30", "latest", "v1.130.1"));
    assertEquals(Optional.empty(), newest(LINE, "v1.14.0", "v1.13", "latest"));
    assertEquals(Optional.empty(), newest(LINE));
  }

  @Test
  void pre_releases_count_only_when_they_are_asked_for() {
    String[] tags = {"v1.14.0-alpha.2", "v1.14.0-beta.10", "v1.14.0-beta.9", "v1.13.9"};
    assertEquals(Optional.empty(), newest(new VersionLine(1, 14, false), tags));
    assertEquals(Optional.of("v1.14.0-beta.10"), newest(PRE, tags));
    assertEquals(Optional.of("v1.14.0"), newest(PRE, "v1.14.0-rc.3", "v1.14.0", "v1.14.0-beta.1"));
  }

  @Test
  void what_is_built_between_releases_or_for_one_architecture_is_no_pre_release() {
    assertEquals(
        Optional.of("v1.14.0-beta.0"),
        newest(
            PRE,
            "v1.14.0-beta.0",
            "v1.14.0-beta.0-12-g8a3c5ef",
            "v1.14.0-beta.1-dirty",
            "v1.14.3-amd64",
            "v1.14.2-3-g1234567",
            "sha256-0000.sig"));
  }

  @Test
  void tags_without_the_v_are_versions_too_and_those_with_it_win() {
    assertEquals(Optional.of("1.13.10"), newest(LINE, "1.13.10", "v1.13.9"));
    assertEquals(Optional.of("v1.13.10"), newest(LINE, "1.13.10", "v1.13.10"));
    assertEquals(Optional.of("v1.13.10"), newest(LINE, "v1.13.10", "1.13.10"));
    assertEquals(Optional.empty(), newest(LINE, "v1.13.09", "v1.13.9+build", "V1.13.9"));
  }

  @Test
  void the_order_of_the_list_does_not_matter() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      List<String> tags = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        tags.add(version(random).toString());
      }
      Optional<String> newest = PRE.newest(tags).map(Tagged::tag);
      Collections.shuffle(tags, random);
      assertEquals(newest, PRE.newest(tags).map(Tagged::tag));
    }
  }

  /** What semver.org, 11, says, worked out in another way: by texts of fixed width. */
  @Test
  void versions_have_the_order_of_semantic_versions() {
    Random random = new Random(2);
    List<TalosVersion> versions = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      versions.add(version(random));
    }
    List<TalosVersion> expected = new ArrayList<>(versions);
    expected.sort(Comparator.comparing(VersionLineTest::wide));
    Collections.sort(versions);
    assertEquals(expected, versions);
  }

  private static TalosVersion version(Random random) {
    String[] names = {"alpha", "beta", "rc"};
    String pre =
        random.nextInt(3) == 0
            ? ""
            : names[random.nextInt(names.length)] + "." + random.nextInt(12);
    return new TalosVersion(1, 13 + random.nextInt(2), random.nextInt(12), pre);
  }

  private static String wide(TalosVersion version) {
    String[] pre =
        version.pre().isEmpty() ? new String[] {"~", "0"} : version.pre().split("\\.", -1);
    return "%04d %04d %04d %s %04d"
        .formatted(
            version.major(), version.minor(), version.patch(), pre[0], Integer.parseInt(pre[1]));
  }
}
