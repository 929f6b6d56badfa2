package dev.moonboot.assets.verify;

import static dev.moonboot.assets.verify.TrustLab.REPOSITORY;
import static dev.moonboot.assets.verify.TrustLab.policy;
import static dev.moonboot.assets.verify.TrustLab.proof;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys and signatures that the program openssl made: what is checked here is not only our own. */
class OpenSslSignatureTest {
  @TempDir Path directory;

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(
            SignatureAlgorithm.ECDSA_P256_SHA256,
            "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve"),
        Arguments.of(
            SignatureAlgorithm.ECDSA_P384_SHA384,
            "-algorithm EC -pkeyopt ec_paramgen_curve:P-384 -pkeyopt ec_param_enc:named_curve"),
        Arguments.of(SignatureAlgorithm.ED25519, "-algorithm ED25519"),
        Arguments.of(
            SignatureAlgorithm.RSA_PKCS1_SHA256, "-algorithm RSA -pkeyopt rsa_keygen_bits:3072"));
  }

  private byte[] openssl(String arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Requires.program("openssl").toString()));
    command.addAll(List.of(arguments.split(" ")));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    byte[] out = process.getInputStream().readAllBytes();
    assertEquals(0, process.onExit().join().exitValue(), new String(out, UTF_8));
    return out;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void s_01_a_signature_by_openssl_is_accepted(SignatureAlgorithm algorithm, String options)
      throws IOException {
    openssl("genpkey " + options + " -out key.pem");
    openssl("pkey -in key.pem -pubout -out cosign.pub");
    openssl("pkey -in key.pem -pubout -outform DER -out cosign.der");
    TrustedKey key = TrustedKey.read(directory.resolve("cosign.pub"), Set.of(algorithm));
    assertEquals(Digest.of(Files.readAllBytes(directory.resolve("cosign.der"))), key.fingerprint());

    try (TrustLab lab = new TrustLab(directory)) {
      byte[] payload = CosignFixture.payload(lab.index, Map.of());
      Files.write(directory.resolve("payload.json"), payload);
      openssl(
          switch (algorithm) {
            case ED25519 -> "pkeyutl -sign -inkey key.pem -rawin -in payload.json -out signature";
            case ECDSA_P384_SHA384 -> "dgst -sha384 -sign key.pem -out signature payload.json";
            case ECDSA_P256_SHA256, RSA_PKCS1_SHA256 ->
                "dgst -sha256 -sign key.pem -out signature payload.json";
          });
      String signature = CosignFixture.base64(Files.readAllBytes(directory.resolve("signature")));
      CosignFixture.putLegacy(
          lab.fake, REPOSITORY, lab.index, List.of(new CosignFixture.Legacy(payload, signature)));
      TrustRule rule =
          new TrustRule(
              ImagePattern.parse("*"),
              false,
              Mode.REQUIRE,
              TrustRule.Subject.INDEX,
              List.of(Format.LEGACY_TAG),
              List.of(new Signer.Key(key)),
              null);
      assertEquals(key.fingerprint().toString(), proof(lab.judge(policy(rule))).signer());
    }
  }
}
