package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.http.InstallerLab;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One moonboot follows the installer images of another, and asks for its signature. */
class SecondMoonbootTest {
  @TempDir Path folder;
  private SigningKey key;

  @BeforeEach
  void makeKey() throws Exception {
    OpenSslKey.write(folder.resolve("key.pem"));
    key = SigningKey.read(folder.resolve("key.pem"));
    Files.writeString(folder.resolve("key.pub"), key.publicPem());
  }

  private Path policy(String format) throws IOException {
    return Files.writeString(
        folder.resolve("policy.yaml"),
        """
        trust:
          default: require
          rules:
            - match: "127.0.0.1:*/installer/*"
              formats: [%s]
              any-of:
                - key: {file: key.pub}
        """
            .formatted(format));
  }

  private Refresh refresh(InstallerLab lab, String format) throws IOException {
    return SecondMoonboot.refresh(folder, lab.address(), policy(format));
  }

  @ParameterizedTest
  @ValueSource(strings = {"legacy-tag", "bundle-v0.3"})
  void s_01_what_one_signs_another_that_requires_it_pulls(String format) throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), key)) {
      lab.publish(InstallerLab.CONTENT);
      var updated = assertInstanceOf(Refresh.Updated.class, refresh(lab, format));
      assertEquals(Admission.Mode.REQUIRE, updated.release().orElseThrow().admission().mode());
      Asset uki = updated.release().orElseThrow().asset(Arch.ARM64, AssetName.UKI).orElseThrow();
      assertEquals(Digest.of(InstallerLab.CONTENT.uki(Arch.ARM64)), uki.digest());
    }
  }

  @Test
  void s_02_what_nobody_signed_is_refused_where_it_is_required() throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), null)) {
      lab.publish(InstallerLab.CONTENT);
      assertInstanceOf(Refresh.Rejected.class, refresh(lab, "legacy-tag"));
    }
  }

  @Test
  void the_command_verify_admits_it() throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), key)) {
      lab.publish(InstallerLab.CONTENT);
      var out = new StringWriter();
      int code =
          Main.run(
              new String[] {
                "verify",
                lab.address() + "/installer/compute:v1.13.9",
                "--policy",
                policy("legacy-tag, bundle-v0.3").toString(),
                "--plain-http",
                lab.address()
              },
              new PrintWriter(out, true),
              new PrintWriter(out, true));
      assertEquals(0, code, out.toString());
      assertTrue(out.toString().contains("outcome    admitted"), out.toString());
    }
  }
}
