package dev.moonboot.assets.extension;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.TalosVersion;
import dev.moonboot.testing.Fuzz;
import java.util.List;

/** Any text as a constraint: it is read or refused, and says the same of a pre-release. */
public final class VersionRangeFuzz {
  private VersionRangeFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      try {
        VersionRange range = VersionRange.parse(new String(input, UTF_8));
        if (range.contains(new TalosVersion(1, 13, 9, ""))
            != range.contains(new TalosVersion(1, 13, 9, "beta.1"))) {
          throw new AssertionError("a pre-release is not as its release");
        }
      } catch (IllegalArgumentException e) {
        // what is promised
      }
    });
  }

  static List<byte[]> seeds() {
    return List.of(
        ">= v1.5.0".getBytes(UTF_8),
        ">=1.5.0 <2.0.0 || 1.x || !=1.2.x".getBytes(UTF_8),
        "> 1.13.9-alpha.10+x".getBytes(UTF_8));
  }
}
