package dev.moonboot.assets.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.CosignFixture;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The one form that an ECDSA signature may have. */
class EcdsaSignatureTest {
  private static final BigInteger N = EcCurves.P256.getOrder();
  private static final byte[] MESSAGE = "message".getBytes(UTF_8);

  private static byte[] der(byte[] r, byte[] s) {
    var out = new ByteArrayOutputStream();
    out.write(0x30);
    out.write(4 + r.length + s.length);
    out.write(2);
    out.write(r.length);
    out.writeBytes(r);
    out.write(2);
    out.write(s.length);
    out.writeBytes(s);
    return out.toByteArray();
  }

  private static byte[] der(BigInteger r, BigInteger s) {
    return der(r.toByteArray(), s.toByteArray());
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  static Stream<byte[]> malformed() {
    BigInteger one = BigInteger.ONE;
    byte[] good = der(one, one);
    return Stream.of(
        new byte[0],
        new byte[] {0x30},
        new byte[1 << 20],
        der(BigInteger.ZERO, BigInteger.ZERO),
        der(BigInteger.ZERO, one),
        der(one, BigInteger.ZERO),
        der(N, one),
        der(one, N),
        der(N.add(one), one),
        der(one.negate(), one),
        der(new byte[] {0, 1}, new byte[] {1}), // padded
        der(new byte[] {1}, new byte[] {0, 0, 1}),
        der(new byte[0], new byte[] {1}),
        Arrays.copyOf(good, good.length + 1), // something behind it
        Arrays.copyOf(good, good.length - 1),
        hex("3081060201010201" + "01"), // a length in two bytes where one would do
        hex("300702010102020001"),
        hex("308006020101020101" + "0000"), // BER's indefinite length
        hex("3006020101020101" + "00"),
        hex("3106020101020101"), // a set
        hex("3006030101020101"),
        hex("3009020101020101020101")); // three numbers
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void s_06_anything_else_than_der_of_two_numbers_below_the_order_is_refused(byte[] der) {
    assertFalse(EcdsaSignature.isWellFormed(der, N));
  }

  @Test
  void s_06_the_smallest_and_the_largest_are_well_formed() {
    BigInteger most = N.subtract(BigInteger.ONE);
    assertTrue(EcdsaSignature.isWellFormed(der(BigInteger.ONE, BigInteger.ONE), N));
    assertTrue(EcdsaSignature.isWellFormed(der(most, most), N));
    BigInteger most384 = EcCurves.P384.getOrder().subtract(BigInteger.ONE);
    assertTrue(EcdsaSignature.isWellFormed(der(most384, most384), EcCurves.P384.getOrder()));
  }

  /** The largest there is, refused within 10 ms; warmed up, since a first run loads classes. */
  @Test
  void s_06_refusing_takes_no_time(@TempDir Path directory) {
    TrustedKey key = key(CosignFixture.p256(), directory);
    List<byte[]> bad = malformed().toList();
    bad.forEach(der -> check(key, der));
    long begun = System.nanoTime();
    bad.forEach(der -> check(key, der));
    Duration each = Duration.ofNanos((System.nanoTime() - begun) / bad.size());
    assertTrue(each.toMillis() < 10, each.toString());
  }

  private static boolean check(TrustedKey key, byte[] signature) {
    return SignatureCheck.isGood(
        SignatureAlgorithm.ECDSA_P256_SHA256, key.key(), MESSAGE, signature);
  }

  private static TrustedKey key(CosignFixture of, Path directory) {
    return TrustedKey.read(
        of.writePublicKey(directory.resolve("cosign.pub")), TrustedKey.DEFAULT_ALGORITHMS);
  }

  @Test
  void s_06_a_good_signature_is_good_and_with_any_bit_changed_it_is_not(@TempDir Path directory) {
    var signer = CosignFixture.p256();
    TrustedKey key = key(signer, directory);
    byte[] good = signer.sign(MESSAGE);
    assertTrue(check(key, good));
    for (int i = 0; i < good.length * 8; i++) {
      byte[] changed = good.clone();
      changed[i / 8] ^= (byte) (1 << i % 8);
      assertFalse(check(key, changed), "bit " + i);
    }
  }

  @Test
  void a_key_is_only_for_algorithms_of_its_kind(@TempDir Path directory) {
    Path file = CosignFixture.p384().writePublicKey(directory.resolve("p384.pub"));
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> TrustedKey.read(file, TrustedKey.DEFAULT_ALGORITHMS));
    assertEquals(
        file
            + " is no key for ecdsa-p256-sha256, which takes P-256; for this key list algorithms:"
            + " [ecdsa-p384-sha384]",
        wrong.getMessage());
    Path small = CosignFixture.rsa(2048).writePublicKey(directory.resolve("rsa.pub"));
    var weak =
        assertThrows(
            IllegalArgumentException.class,
            () -> TrustedKey.read(small, Set.of(SignatureAlgorithm.RSA_PKCS1_SHA256)));
    String why = String.valueOf(weak.getMessage());
    assertTrue(why.contains("RSA of 3072 bits or more"), why);
  }
}
