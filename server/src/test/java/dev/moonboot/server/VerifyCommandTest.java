package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.LayoutFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  private static final String REPOSITORY = "acme/talos";

  @TempDir Path folder;
  private final CosignFixture signer = CosignFixture.p256();

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ran(code, out.toString(), err.toString());
  }

  @BeforeEach
  void writePolicy() throws IOException {
    signer.writePublicKey(folder.resolve("cosign.pub"));
    Files.writeString(
        folder.resolve("policy.yaml"),
        """
        trust:
          default: require
          rules:
            - match: "*"
              any-of:
                - key: {file: cosign.pub}
        """);
  }

  private String policy() {
    return folder.resolve("policy.yaml").toString();
  }

  private Digest layout(boolean signed) {
    var fixture = new LayoutFixture(folder.resolve("layout"), true);
    Digest image = fixture.image(REPOSITORY, Arch.ARM64, new byte[100]);
    fixture.tag(REPOSITORY, "demo", image);
    if (signed) {
      signer.signBundle(fixture, REPOSITORY, image);
      CosignFixture.p256().signLegacy(fixture, REPOSITORY, image);
    }
    fixture.archive(folder.resolve("layout.tar"));
    return image;
  }

  @Test
  void it_says_step_by_step_why_an_image_is_let_in() {
    Digest image = layout(true);
    for (String source :
        new String[] {"oci:" + folder + "/layout", "oci-archive:" + folder + "/layout.tar"}) {
      Ran ran = run("verify", source + ":demo", "--policy", policy());
      assertEquals(0, ran.code(), ran.err());
      String key = "key cosign.pub (" + signer.fingerprint() + ")";
      assertEquals(
          """
          image      %s:demo
          digest     %s
          rule       *, require, signature of the index by %s
          to cover   %s
          signature  referrer REFERRER (bundle-v0.3)
                     good: signed by %s
          signature  tag %s.sig, layer 1 (legacy-tag)
                     does not count: it is not signed by %s
          outcome    admitted
          """
              .formatted(source, image, key, image, key, image.fileName(), key),
          ran.out().replaceAll("referrer sha256:[0-9a-f]{64}", "referrer REFERRER"));
    }
  }

  @Test
  void it_says_why_an_image_is_refused_and_ends_with_1() {
    layout(false);
    Ran ran = run("verify", "oci:" + folder + "/layout", "--policy", policy());
    assertEquals(1, ran.code());
    assertEquals("", ran.err());
    assertTrue(ran.out().contains("signature  none found\n"), ran.out());
    assertTrue(
        ran.out().contains("outcome    refused: rule * asks for a signature of the index by key "),
        ran.out());
  }

  @Test
  void programs_get_json() {
    Digest image = layout(true);
    Ran ran = run("verify", "oci:" + folder + "/layout", "--policy", policy(), "--json");
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().startsWith("{\n  \"image\": \"oci:" + folder + "/layout\",\n"), ran.out());
    assertTrue(ran.out().contains("\"digest\": \"" + image + "\""), ran.out());
    assertTrue(ran.out().contains("\"outcome\": \"admitted\",\n  \"why\": \"\""), ran.out());
    assertTrue(ran.out().contains("\"signer\": \"" + signer.fingerprint() + "\""), ran.out());
  }

  @Test
  void with_the_configuration_of_the_service_registries_are_reached_as_it_says()
      throws IOException {
    try (FakeRegistry fake = FakeRegistry.startPlain()) {
      Digest image = fake.image(REPOSITORY, Arch.ARM64, new byte[100]);
      fake.tag(REPOSITORY, "demo", image);
      signer.signLegacy(fake, REPOSITORY, image);
      Path config =
          Files.writeString(
              folder.resolve("moonboot.yaml"),
              """
              registry:
                plain-http: "%s"
              trust:
                rules:
                  - match: "%s/*"
                    any-of: [{key: {file: cosign.pub}}]
              """
                  .formatted(fake.address(), fake.address()));
      String name = fake.address() + "/" + REPOSITORY;
      Ran ran = run("verify", name + ":demo", "--config", config.toString());
      assertEquals(0, ran.code(), ran.err() + ran.out());

      Ran missing = run("verify", name + ":gone", "--config", config.toString());
      assertEquals(1, missing.code());
      assertTrue(missing.err().startsWith("moonboot: verify " + name + ":gone: "), missing.err());
    }
  }

  @Test
  void a_policy_must_be_named_and_good() throws IOException {
    assertEquals(2, run("verify", "oci:" + folder).code());
    Files.writeString(folder.resolve("policy.yaml"), "trust: {default: require}\n");
    Ran ran = run("verify", "oci:" + folder, "--policy", policy());
    assertEquals(78, ran.code());
    assertTrue(ran.err().contains("trust.default: require without a rule"), ran.err());
  }
}
