package dev.moonboot.admin;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokensTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  @Test
  void a_line_has_a_name_a_role_and_a_token_or_its_digest() throws TokenFileException {
    Digest hash = Digest.of(SECRET.getBytes(StandardCharsets.UTF_8));
    String text = "# who\n\nops\toperate  " + SECRET + "\r\nroot admin " + Digest.of(new byte[1]);
    assertEquals(
        List.of(
            new Token("ops", Role.OPERATE, hash),
            new Token("root", Role.ADMIN, Digest.of(new byte[1]))),
        TokenFile.parse(text));
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        arguments("ops operate", "line 1: expects three words"),
        arguments("#\nOps operate " + SECRET, "line 2: a name begins with"),
        arguments("ops root " + SECRET, "the role of ops must be read, operate or admin"),
        arguments("ops read " + SECRET.substring(1), "the token of ops must have at least 32"),
        arguments("ops read sha256:abc", "no sha256: and 64 hex digits"),
        arguments("ops read " + SECRET + "\nops read " + SECRET + "x", "ops is there twice"),
        arguments("a read " + SECRET + "\nb admin " + SECRET, "same token as another"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_04_a_line_that_will_not_do_is_named_without_its_token(String text, String why) {
    TokenFileException e = assertThrows(TokenFileException.class, () -> TokenFile.parse(text));
    String message = requireNonNull(e.getMessage());
    assertTrue(message.contains(why), message);
    assertFalse(message.contains(SECRET.substring(1)), message);
  }

  @Test
  void a_04_a_file_that_others_may_read_is_refused(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tokens"), "ops read " + SECRET + "\n");
    for (String mode : List.of("rw-r--r--", "rw-r-----", "rw-----w-")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      TokenFileException e =
          assertThrows(TokenFileException.class, () -> TokenFile.read(file, null));
      assertTrue(String.valueOf(e.getMessage()).endsWith("chmod 600 " + file), e.toString());
    }
  }

  /** Whether the first or the last byte is the wrong one must not show in the time it takes. */
  @Test
  void a_02_the_time_tells_nothing_of_how_near_a_wrong_token_came() {
    byte[] right = Tokens.hash(SECRET);
    List<Token> tokens = List.of(new Token("ops", Role.READ, new Digest(hex(right))));
    byte[] first = right.clone();
    first[0] ^= 1;
    byte[] last = right.clone();
    last[31] ^= 1;
    long[][] times = new long[2][500];
    Random random = new Random(7);
    for (int round = -50; round < 500; round++) {
      int which = random.nextInt(2);
      for (int i = 0; i < 2; i++, which = 1 - which) {
        long took = time(tokens, which == 0 ? first : last);
        if (round >= 0) {
          times[which][round] = took;
        }
      }
    }
    double ratio = (double) median(times[0]) / median(times[1]);
    assertTrue(ratio > 0.8 && ratio < 1.25, "first byte wrong ÷ last byte wrong: " + ratio);
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  private static long time(List<Token> tokens, byte[] wrong) {
    long start = System.nanoTime();
    for (int i = 0; i < 1000; i++) {
      assertNull(Tokens.match(tokens, wrong));
    }
    return System.nanoTime() - start;
  }

  private static long median(long[] times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  @Test
  void a_new_token_is_told_once_and_its_line_does_not_tell_it() throws TokenFileException {
    NewToken made = NewToken.of("ops", Role.OPERATE);
    assertEquals(64, made.secret().length());
    assertFalse(made.line().contains(made.secret()));
    Token read = TokenFile.parse(made.line()).getFirst();
    assertEquals("ops OPERATE", read.name() + " " + read.role());
    assertEquals(read, Tokens.match(List.of(read), Tokens.hash(made.secret())));
    assertThrows(IllegalArgumentException.class, () -> NewToken.of("a b", Role.READ));
  }
}
