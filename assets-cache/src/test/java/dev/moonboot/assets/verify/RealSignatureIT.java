package dev.moonboot.assets.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moonboot.assets.Admission.Mode;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Proof.Format;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.Registries;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.RealRegistry;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures in a real registry, which has no referrers API, and carried away by skopeo. */
class RealSignatureIT {
  private static final String REPOSITORY = "acme/talos";

  @TempDir Path directory;
  private final CosignFixture signer = CosignFixture.p256();
  private RealRegistry real;
  private Digest image;

  @BeforeEach
  void push() {
    real = RealRegistry.start();
    Digest arm = real.image(REPOSITORY, Arch.ARM64, new byte[1000]);
    Digest amd = real.image(REPOSITORY, Arch.AMD64, new byte[1001]);
    image = real.index(REPOSITORY, Map.of(Arch.ARM64, arm, Arch.AMD64, amd));
    real.tag(REPOSITORY, "demo", image);
  }

  @AfterEach
  void close() {
    real.close();
  }

  private Verdict judge(SourceImage source, Format format) {
    var key =
        TrustedKey.read(
            signer.writePublicKey(directory.resolve("cosign.pub")), TrustedKey.DEFAULT_ALGORITHMS);
    TrustRule rule =
        new TrustRule(
            ImagePattern.parse("*"),
            false,
            Mode.REQUIRE,
            TrustRule.Subject.INDEX,
            List.of(format),
            List.of(new Signer.Key(key)),
            null);
    SignaturePolicy policy =
        SignaturePolicy.of(
            new TrustPolicy(
                Mode.REQUIRE,
                List.of(rule),
                Set.of(),
                AdmissionPolicy.RollbackRule.DEFAULT,
                TrustPolicy.Limits.DEFAULT));
    try (Registry registry = Registries.open(source, real.settings())) {
      Digest resolved = registry.resolve("demo");
      assertEquals(image, resolved);
      return policy.judge(registry, new ImageReference(source, "demo", null), resolved);
    }
  }

  private void assertAdmitted(SourceImage source, Format format) {
    Verdict.Admitted verdict = assertInstanceOf(Verdict.Admitted.class, judge(source, format));
    Proof proof = Objects.requireNonNull(verdict.admission().proof());
    assertEquals(format, proof.format());
    assertEquals(signer.fingerprint().toString(), proof.signer());
  }

  @Test
  void s_01_both_forms_are_found_in_a_real_registry() {
    for (Format format : Format.values()) {
      assertInstanceOf(Verdict.Refused.class, judge(real.source(REPOSITORY), format));
    }
    signer.signLegacy(real, REPOSITORY, image);
    signer.signBundle(real, REPOSITORY, image);
    for (Format format : Format.values()) {
      assertAdmitted(real.source(REPOSITORY), format);
    }
  }

  /** As the documentation tells people to carry an image to where there is no network. */
  @Test
  void s_01_a_signature_that_skopeo_copied_into_a_layout_is_accepted() throws IOException {
    signer.signLegacy(real, REPOSITORY, image);
    for (String tag : List.of("demo", image.fileName() + ".sig")) {
      skopeo(
          "copy --all --preserve-digests --src-tls-verify=false docker://"
              + real.address()
              + "/"
              + REPOSITORY
              + ":"
              + tag
              + " oci:"
              + directory.resolve("layout")
              + ":"
              + tag);
    }
    assertAdmitted(new SourceImage.Layout(directory.resolve("layout")), Format.LEGACY_TAG);
  }

  private static void skopeo(String arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Requires.program("skopeo").toString()));
    command.addAll(List.of("--insecure-policy"));
    command.addAll(List.of(arguments.split(" ")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.onExit().join().exitValue(), out);
  }
}
