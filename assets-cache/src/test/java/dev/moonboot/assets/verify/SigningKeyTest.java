package dev.moonboot.assets.verify;

import static dev.moonboot.assets.verify.TrustLab.REPOSITORY;
import static dev.moonboot.assets.verify.TrustLab.policy;
import static dev.moonboot.assets.verify.TrustLab.proof;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.Attachments;
import dev.moonboot.testing.RegistryFixture;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that openssl made, and signatures of ours that others check. */
class SigningKeyTest {
  private static final String PKCS8 =
      "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem";

  @TempDir Path directory;

  private String openssl(String arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Requires.program("openssl").toString()));
    command.addAll(List.of(arguments.split(" ")));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.onExit().join().exitValue(), out);
    return out;
  }

  private SigningKey key() {
    return SigningKey.read(directory.resolve("key.pem"));
  }

  @ParameterizedTest
  @ValueSource(strings = {PKCS8, "ecparam -name prime256v1 -genkey -out key.pem"})
  void reads_what_openssl_makes(String command) throws IOException {
    openssl(command);
    openssl("pkey -in key.pem -pubout -out key.pub");
    assertEquals(Files.readString(directory.resolve("key.pub")), key().publicPem());
    openssl("pkey -in key.pem -pubout -outform DER -out key.der");
    assertEquals(Digest.of(Files.readAllBytes(directory.resolve("key.der"))), key().fingerprint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out key.pem",
        "ecparam -name secp384r1 -genkey -out key.pem",
        "genpkey -algorithm ED25519 -out key.pem",
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem"
      })
  void refuses_other_keys_and_says_how_to_make_one(String command) throws IOException {
    openssl(command);
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, this::key).getMessage());
    assertTrue(message.contains("openssl genpkey -algorithm EC"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs8 -topk8 -in key.pem -out locked.pem -passout pass:x",
        "ec -in key.pem -aes256 -out locked.pem -passout pass:x"
      })
  void refuses_a_locked_key_and_says_how_to_unlock_it(String lock) throws IOException {
    openssl(PKCS8);
    openssl(lock);
    Path locked = directory.resolve("locked.pem");
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> SigningKey.read(locked))
                .getMessage());
    assertTrue(message.contains("the key has a passphrase"), message);
  }

  @Test
  void refuses_what_is_no_key() throws IOException {
    Path file = Files.writeString(directory.resolve("key.pem"), "hello");
    assertEquals(
        file + ": no private key in PEM (-----BEGIN PRIVATE KEY-----)",
        assertThrows(IllegalArgumentException.class, this::key).getMessage());
  }

  @Test
  void openssl_verifies_the_bundle_of_a_file() throws IOException {
    openssl(PKCS8);
    byte[] file = "a kernel".getBytes(UTF_8);
    Files.write(directory.resolve("vmlinuz"), file);
    Files.writeString(directory.resolve("key.pub"), key().publicPem());
    String bundle = forms().ofFile(Digest.of(file));
    String signature =
        ((Json.Obj) JsonText.parse(bundle))
            .object("messageSignature")
            .flatMap(message -> message.text("signature"))
            .orElseThrow();
    Files.write(directory.resolve("signature"), Base64.getDecoder().decode(signature));
    assertEquals(
        "Verified OK\n", openssl("dgst -sha256 -verify key.pub -signature signature vmlinuz"));
  }

  private SignatureForms forms() {
    SigningKey key = key();
    return new SignatureForms(key.fingerprint(), key::signHash);
  }

  private TrustRule rule(Format format) throws IOException {
    Path file = Files.writeString(directory.resolve("key.pub"), key().publicPem());
    return new TrustRule(
        ImagePattern.parse("*"),
        false,
        Mode.REQUIRE,
        TrustRule.Subject.INDEX,
        List.of(format),
        List.of(new Signer.Key(TrustedKey.read(file, TrustedKey.DEFAULT_ALGORITHMS))),
        null);
  }

  @Test
  void s_01_our_own_signature_under_its_tag_is_accepted() throws IOException {
    openssl(PKCS8);
    try (TrustLab lab = new TrustLab(directory)) {
      SignatureForms.Attached made = forms().legacy(lab.index, "installer/compute");
      made.blobs().forEach(blob -> lab.fake.putBlob(REPOSITORY, blob.bytes()));
      Digest manifest =
          lab.fake.putManifest(REPOSITORY, RegistryFixture.MANIFEST, made.manifest().bytes());
      assertEquals(made.manifest().digest(), manifest);
      lab.fake.tag(REPOSITORY, lab.index.fileName() + ".sig", manifest);
      assertEquals(
          key().fingerprint().toString(),
          proof(lab.judge(policy(rule(Format.LEGACY_TAG)))).signer());
    }
  }

  @Test
  void s_01_our_own_bundle_is_accepted() throws IOException {
    openssl(PKCS8);
    try (TrustLab lab = new TrustLab(directory)) {
      SignatureForms.Attached made =
          forms().bundle(lab.index, RegistryFixture.INDEX, lab.manifest().length);
      made.blobs().forEach(blob -> lab.fake.putBlob(REPOSITORY, blob.bytes()));
      Json manifest = JsonText.parse(new String(made.manifest().bytes(), UTF_8));
      new Attachments(lab.fake, REPOSITORY).attach(lab.index, (Json.Obj) manifest);
      assertEquals(
          key().fingerprint().toString(),
          proof(lab.judge(policy(rule(Format.BUNDLE_V03)))).signer());
    }
  }

  @Test
  void tells_no_secret() throws IOException {
    openssl(PKCS8);
    assertEquals("key " + key().fingerprint(), key().toString());
  }

  @Test
  void a_locale_with_digits_of_its_own_signs_and_accepts_what_others_do() throws Exception {
    Locale locale = Locale.getDefault();
    try (TrustLab lab = new TrustLab(directory)) {
      lab.signer.signBundle(lab.fake, REPOSITORY, lab.index); // as cosign does
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      proof(lab.judge(policy(lab.rule())));
      openssl(PKCS8);
      SignatureForms.Attached made =
          forms().bundle(lab.index, RegistryFixture.INDEX, lab.manifest().length);
      made.blobs().forEach(blob -> lab.fake.putBlob(REPOSITORY, blob.bytes()));
      Json manifest = JsonText.parse(new String(made.manifest().bytes(), UTF_8));
      new Attachments(lab.fake, REPOSITORY).attach(lab.index, (Json.Obj) manifest);
      Locale.setDefault(Locale.ROOT);
      proof(lab.judge(policy(rule(Format.BUNDLE_V03))));
    } finally {
      Locale.setDefault(locale);
    }
  }
}
