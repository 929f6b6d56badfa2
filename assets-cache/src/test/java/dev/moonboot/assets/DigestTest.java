package dev.moonboot.assets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
  // FIPS 180-2, appendix B.1
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void is_the_sha256_of_the_bytes() {
    Digest digest = Digest.of("abc".getBytes(StandardCharsets.US_ASCII));
    assertEquals(Digest.parse("sha256:" + ABC), digest);
    assertEquals(Digest.parseFileName("sha256-" + ABC), digest);
    assertEquals("sha256:" + ABC, digest.toString());
    assertEquals("sha256-" + ABC, digest.fileName());
    assertEquals("ba7816bf8f01", digest.shortHex());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ABC,
        "sha256:",
        "sha512:" + ABC,
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        "sha256:../../x",
        "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "sha256:a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      })
  void r_08_other_forms_are_never_a_digest(String text) {
    assertThrows(IllegalArgumentException.class, () -> Digest.parse(text));
  }
}
