package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.config.Configuration;
import dev.moonboot.release.FollowListener;
import dev.moonboot.testing.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfProbeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir private Path folder;

  private Appliance start(String more) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("moonboot.yaml"),
            """
            data: data
            cache: cache
            state: state
            admin: {enabled: false}
            tftp: {enabled: false}
            http:
              address: "127.0.0.1:0"
            """
                + more);
    return Appliance.start(
        Configuration.load(config, Map.of(), ApplianceConfig::read).value(), FollowListener.NONE);
  }

  private void certificate() throws Exception {
    Process openssl =
        new ProcessBuilder(
                Requires.program("openssl").toString(),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=boot",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, openssl.waitFor());
  }

  @Test
  void a_listener_answers_in_the_protocol_that_it_speaks() throws Exception {
    certificate();
    try (Appliance plain = start("")) {
      assertFalse(plain.bootsByTls());
      assertTrue(new SelfProbe(plain.bootAddress(), false, PATIENCE).answers());
    }
    try (Appliance secured = start("  tls: {certificate: cert.pem, key: key.pem}\n")) {
      assertTrue(secured.bootsByTls());
      assertTrue(new SelfProbe(secured.bootAddress(), true, PATIENCE).answers());
      assertFalse(new SelfProbe(secured.bootAddress(), false, PATIENCE).answers());
    }
  }
}
