package dev.moonboot.matchbox;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Where we answer otherwise than matchbox on purpose; docs/matchbox-compat.md says why. */
public final class WantedDifferences {
  private static final Map<String, Integer> REFUSED =
      Map.of(
          "home-post", 405,
          "ipxe-post", 405,
          "ipxe-post-body-not-labels", 405,
          "ipxe-delete-method", 405,
          "assets-post-served", 405,
          "options-method", 405,
          "assets-dir-listing", 404,
          "assets-hidden-file", 404);

  /** Without these differences when the switches of section {@code matchbox} are on. */
  public static final Map<String, Integer> SWITCHED =
      Map.of(
          "ignition-2.x-blank-200", 404,
          "ignition-garbage-blank-200", 404,
          "ignition-empty-blank-200", 404,
          "ignition-systemd-unit-line-over-2048-blank-200", 404,
          "ignition-systemd-unit-bad-extension-blank-200", 404,
          "ignition-duplicate-entries-blank-200", 404,
          "asc-of-404-is-signed", 404);

  /** Without these differences when the butane program is there. */
  public static final Map<String, Integer> BUTANE =
      Map.of(
          "butane-flatcar-user", 404,
          "butane-fcos-user", 404,
          "butane-inline-file-gzip", 404,
          "butane-inline-file-small", 404,
          "butane-unknown-key-warn-only", 404,
          "butane-docs-style-template", 404,
          "signed-ignition.sig", 404,
          "signed-ignition.asc", 404);

  private WantedDifferences() {}

  /** All of them: the name of the vector, and our status. */
  public static Map<String, Integer> all() {
    Map<String, Integer> all = new TreeMap<>(REFUSED);
    all.putAll(SWITCHED);
    all.putAll(BUTANE);
    return Collections.unmodifiableMap(all);
  }
}
