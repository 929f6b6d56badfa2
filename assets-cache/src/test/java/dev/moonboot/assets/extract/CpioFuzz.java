package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.ARM64;

import dev.moonboot.testing.Fuzz;
import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.InitramfsFixture.Extension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Any bytes as cpio archives: the same findings however they arrive. */
public final class CpioFuzz {
  private CpioFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzz.bounded(() -> {
      String atOnce = findings(new ByteArrayInputStream(input));
      String slowly = findings(Fuzz.trickle(input));
      if (!atOnce.equals(slowly)) {
        throw new AssertionError(atOnce + " at once, but slowly " + slowly);
      }
    });
  }

  private static String findings(InputStream in) {
    InitramfsFindings found = new InitramfsFindings();
    String end = "whole";
    try {
      new CpioReader(found).readAll(in);
    } catch (IOException e) {
      end = String.valueOf(e.getMessage());
    }
    return end + found.initArch() + ExtensionsYaml.names(found.extensions());
  }

  static List<byte[]> seeds() {
    byte[] base = InitramfsFixture.base(ARM64, 20, 1);
    byte[] more =
        InitramfsFixture.extensions(List.of(new Extension("a", "v1"), new Extension("b", "v2")));
    return List.of(base, more, ExtractionCase.joined(base, new byte[8], more));
  }
}
