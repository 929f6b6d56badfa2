package dev.moonboot.assets.extension;

import static dev.moonboot.testing.ExtensionImages.manifest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Digest;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestLayers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an extension's image must hold (Talos, pkg/machinery/extensions/load.go). */
class ExtensionImageTest extends ExtensionCase {
  private String refusal(TestImage image) {
    return String.valueOf(assertThrows(ExtensionException.class, () -> read(image)).getMessage());
  }

  private String refusal(TarFixture tar) {
    return String.valueOf(
        assertThrows(
                ExtensionException.class,
                () ->
                    ExtensionImage.read(
                        "x", Digest.of(new byte[0]), unpack(TestLayers.ofTar(temp, tar.bytes()))))
            .getMessage());
  }

  @Test
  void reads_manifest_and_rootfs() {
    ExtensionImage frr = read(ExtensionImages.frr());
    assertEquals(
        new ExtensionManifest("frr", "v1.0.2", "Fixture", "fixture frr\n", ">= v1.5.0", ""),
        frr.manifest());
    assertEquals("frr v1.0.2", frr.label());
    assertEquals(List.of("usr"), List.copyOf(frr.rootfs().root().entries().keySet()));
  }

  @Test
  void layout_is_an_error() {
    assertEquals(
        "error layout: README.md: an extension's image holds nothing but manifest.yaml and rootfs;"
            + " see whether this is the image of an extension, or have its maker leave the rest out",
        refusal(ExtensionImages.alien()));
    assertEquals(
        "error layout: the image has no directory rootfs; see whether this is the image of an"
            + " extension",
        refusal(new TarFixture().file("manifest.yaml", manifest("x", "1"))));
    assertEquals(
        "error layout: the image has no file manifest.yaml, or one of more than 1 MiB; see whether"
            + " this is the image of an extension",
        refusal(new TarFixture().directory("rootfs", 0755)));
    assertEquals(
        "error layout: the image has no directory rootfs; see whether this is the image of an"
            + " extension",
        refusal(new TarFixture().file("manifest.yaml", "x").symlink("rootfs", "/")));
  }

  @Test
  void manifest_of_another_form_is_an_error() {
    assertEquals(
        "error manifest: manifest.yaml is of the form v1beta1, of which Talos knows none; only"
            + " version: v1alpha1 is read; the maker of the image has to mend it",
        refusal(ExtensionImages.badVersion()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "[]",
        "a: [",
        "version: v1alpha1",
        "version: v1alpha1\nmetadata: text",
        "version: v1alpha1\nmetadata: {name: ''}",
        "version: v1alpha1\nmetadata: {name: [a]}",
        "version: v1alpha1\nmetadata: {name: \"a\\nb\"}",
        "version: v1alpha1\nmetadata: {name: a, version: {}}",
        "version: v1alpha1\nmetadata: {name: a, compatibility: 1}",
        "version: v1alpha1\nmetadata: {name: a, extraInfo: {a: b}}",
        "version: v1alpha1\nversion: v1alpha1\nmetadata: {name: a}",
      })
  void manifest_that_talos_could_not_read_is_an_error(String yaml) {
    ExtensionException why =
        assertThrows(ExtensionException.class, () -> ExtensionManifest.read(yaml));
    assertEquals(LintRule.MANIFEST, why.findings().getFirst().rule());
  }

  @Test
  void values_are_taken_as_they_are_written() {
    assertEquals(
        new ExtensionManifest("123", "1.10", "", "", "", "customization: {}\n"),
        ExtensionManifest.read(
            """
            version: v1alpha1
            unknown: [1, 2]
            metadata:
              name: 123
              version: 1.10
              author:
              compatibility:
                talos:
              extraInfo: |
                customization: {}
              other: true
            """));
  }

  @Test
  void a_report_is_for_people_and_for_programs() {
    Digest digest = Digest.of(new byte[0]);
    ExtensionImage hello = read(ExtensionImages.hello());
    assertEquals(
        "the-image (hello 1.0.0, " + digest + "): nothing to say\n",
        ExtensionReport.of(hello, List.of()).text());
    ExtensionException why =
        assertThrows(ExtensionException.class, () -> read(ExtensionImages.alien()));
    ExtensionReport alien = ExtensionReport.of("oci:a", digest, why);
    assertEquals(
        "oci:a ("
            + digest
            + "):\n  error layout: README.md: an extension's image holds nothing but"
            + " manifest.yaml and rootfs; see whether this is the image of an extension, or have its"
            + " maker leave the rest out\n",
        alien.text());
    assertEquals(
        "{\"reference\":\"oci:a\",\"digest\":\""
            + digest
            + "\",\"extension\":\"\",\"findings\":["
            + "{\"severity\":\"error\",\"rule\":\"layout\",\"paths\":[\"README.md\"],\"count\":1,"
            + "\"why\":\"an extension's image holds nothing but manifest.yaml and rootfs\","
            + "\"wayOut\":\"see whether this is the image of an extension, or have its maker leave"
            + " the rest out\"}]}",
        alien.json().compact());
    assertEquals(true, alien.refuses(false));
  }

  @Test
  void warnings_refuse_where_it_is_strict() {
    ExtensionImage frr = read(ExtensionImages.frr());
    ExtensionReport report = ExtensionReport.of(frr, ExtensionLint.check(frr, target("v1.13.9")));
    assertEquals(List.of(false, true), List.of(report.refuses(false), report.refuses(true)));
    assertEquals(0, report.refusals(false).size());
    assertEquals(2, report.refusals(true).size());
  }
}
