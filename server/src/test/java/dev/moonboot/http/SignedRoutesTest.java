package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.openpgp.GnuPg;
import dev.moonboot.openpgp.KeyRing;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.provision.MatchboxWays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code .sig} and {@code .asc} over a real listener, with a real key, verified by the real gpg.
 */
class SignedRoutesTest {
  private static final String GOOD = "boot@x version=4 hash=8 class=01";
  private static final MatchboxWays AS_MATCHBOX = new MatchboxWays(false, true, false);
  private static final String NOT_FOUND = "404 page not found\n";

  @TempDir static Path keys;
  private static GnuPg gpg;
  private static SigningConfig signing;

  @TempDir Path data;

  @BeforeAll
  static void key() throws Exception {
    gpg = new GnuPg(keys);
    gpg.generate("boot@x", "rsa2048", "");
    signing = new SigningConfig(KeyRing.open(gpg.export("boot@x", ""), null));
  }

  @AfterAll
  static void end() throws IOException {
    gpg.close();
  }

  @BeforeEach
  void files() throws IOException {
    write(
        "groups/g.json",
        "{\"profile\":\"p\",\"selector\":{\"uuid\":\"a1\"},"
            + "\"metadata\":{\"pod_network\":\"10.2.0.0/16\"}}");
    write("groups/late.json", "{\"profile\":\"late\",\"selector\":{\"uuid\":\"late\"}}");
    write(
        "profiles/p.json",
        "{\"id\":\"p\",\"generic_id\":\"t\",\"cloud_id\":\"c\","
            + "\"ignition_id\":\"i.ign\",\"boot\":{\"kernel\":\"/k\",\"args\":[\"a=b\"]}}");
    write(
        "profiles/late.json",
        "{\"id\":\"late\",\"boot\":{\"kernel\":\"/assets/talos/empty/vmlinuz-arm64\"}}");
    write("generic/t", "# {{.request.raw_query}}\r\n{{.pod_network}}");
    write("cloud/c", "#cloud-config\nhostname: {{.uuid}}\n");
    write("ignition/i.ign", "{\"ignition\":{\"version\":\"3.1.0\"}}");
  }

  private void write(String name, String text) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private BootFixture started(MatchboxWays ways) throws IOException {
    return BootFixture.start(data, ways, signing);
  }

  private static RawClient.Answer ask(BootFixture boot, String method, String target, String more)
      throws IOException {
    try (RawClient client = RawClient.connect(boot.address())) {
      client.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\n" + more + "\r\n");
      return client.read(method);
    }
  }

  private static RawClient.Answer get(BootFixture boot, String target) throws IOException {
    return ask(boot, "GET", target, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grub",
        "boot.ipxe",
        "boot.ipxe.0",
        "ipxe",
        "ignition",
        "cloud",
        "generic",
        "metadata"
      })
  void every_answer_to_a_node_has_twins(String name) throws IOException {
    String query = "?uuid=a1&mac=52-54-00-a1-9c-ae&serial=To%20be+filled&flag";
    try (BootFixture boot = started(MatchboxWays.NONE)) {
      byte[] body = get(boot, "/" + name + query).body();
      RawClient.Answer sig = get(boot, "/" + name + ".sig" + query);
      assertEquals(200, sig.status());
      assertEquals("application/octet-stream", sig.header("Content-Type"));
      assertEquals(GOOD, gpg.verify(sig.body(), body));
      RawClient.Answer asc = get(boot, "/" + name + ".asc" + query);
      assertEquals(200, asc.status());
      assertEquals("text/plain; charset=utf-8", asc.header("Content-Type"));
      assertTrue(asc.text().endsWith("-----END PGP SIGNATURE-----"), asc.text());
      assertEquals(GOOD, gpg.verify(asc.body(), body));
    }
  }

  @Test
  void nothing_else_has() throws IOException {
    write("assets/x", "x");
    try (BootFixture boot = started(AS_MATCHBOX)) {
      for (String path :
          List.of("/.sig", "/sig", "/assets/x.sig", "/livez.sig", "/ipxe.sig.sig", "/ipxe.SIG")) {
        assertEquals(404, get(boot, path).status(), path);
        assertEquals(NOT_FOUND, get(boot, path).text(), path);
      }
    }
  }

  @Test
  void there_are_none_without_a_key() throws IOException {
    try (BootFixture boot = BootFixture.start(data)) {
      RawClient.Answer answer = get(boot, "/ipxe.sig?uuid=a1");
      assertEquals(404, answer.status());
      assertEquals(NOT_FOUND, answer.text());
      assertFalse(answer.has(ErrorResponses.REASON));
    }
  }

  @Test
  void i_10_what_is_not_there_is_not_signed() throws IOException {
    try (BootFixture boot = started(MatchboxWays.NONE)) {
      for (String target : List.of("/ipxe.asc?uuid=none", "/generic.sig?uuid=none")) {
        RawClient.Answer answer = get(boot, target);
        assertEquals(404, answer.status());
        assertEquals(NOT_FOUND, answer.text());
        assertTrue(answer.has(ErrorResponses.REASON));
      }
      RawClient.Answer late = get(boot, "/ipxe.asc?uuid=late");
      assertEquals(503, late.status());
      assertEquals("not ready: channel empty has no release yet\n", late.text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "uuid=a1&x=%24%7Bnet0%2Fip%7D",
        "uuid=a1&x=a%7C%7Cshell",
        "uuid=a1&x=%23!ipxe",
        "uuid=a1&%3Cx%3E=1",
        "uuid=a1&x=\"",
        "uuid=a1&x=1;y=2",
        "uuid=a1&x=%zz",
        "uuid=a1&x=%C3%A9",
        "uuid=a1&x=a=b",
      })
  void i_10_nothing_is_signed_that_a_stranger_shaped(String query) throws IOException {
    try (BootFixture boot = started(MatchboxWays.NONE)) {
      assertEquals(200, get(boot, "/metadata?" + query).status());
      RawClient.Answer answer = get(boot, "/metadata.asc?" + query);
      assertEquals(404, answer.status());
      assertEquals(NOT_FOUND, answer.text());
      assertEquals(
          "the query has characters that are not signed", answer.header(ErrorResponses.REASON));
    }
  }

  @Test
  void i_10_nothing_long_is_signed() throws IOException {
    try (BootFixture boot = started(MatchboxWays.NONE)) {
      assertEquals(200, get(boot, "/metadata.sig?uuid=a1&x=" + "a".repeat(128)).status());
      assertEquals(404, get(boot, "/metadata.sig?uuid=a1&x=" + "a".repeat(129)).status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%0a", "%0d", "%0D%0Aboot", "%e2%80%a8", "%09", "%1b", "%7f", "%00"})
  void i_01_no_label_with_control_characters_gets_a_signature(String evil) throws IOException {
    try (BootFixture boot = started(MatchboxWays.NONE)) {
      for (String label : List.of("mac", "uuid", "arch", "serial", "hostname", "x")) {
        for (String name : List.of("/ipxe", "/metadata", "/generic")) {
          RawClient.Answer answer =
              get(boot, name + ".sig?uuid=a1&" + label + "=a" + evil + "boot%20http://evil/x");
          assertTrue(answer.status() == 404 || answer.status() == 400, label + evil);
          assertTrue(answer.text().length() < 100, answer.text());
        }
      }
    }
  }

  @Test
  void a_part_is_not_signed_and_head_tells_the_length() throws IOException {
    try (BootFixture boot = started(MatchboxWays.NONE)) {
      byte[] body = get(boot, "/generic?uuid=a1").body();
      RawClient.Answer ranged = ask(boot, "GET", "/generic.sig?uuid=a1", "Range: bytes=0-3\r\n");
      assertEquals(200, ranged.status());
      assertEquals(GOOD, gpg.verify(ranged.body(), body));
      RawClient.Answer head = ask(boot, "HEAD", "/generic.sig?uuid=a1", "");
      assertEquals(200, head.status());
      assertEquals(String.valueOf(ranged.body().length), head.header("Content-Length"));
    }
  }

  @Test
  void matchbox_signs_what_is_not_there() throws IOException {
    try (BootFixture boot = started(AS_MATCHBOX)) {
      RawClient.Answer answer = get(boot, "/ipxe.asc?uuid=none");
      assertEquals(404, answer.status());
      assertEquals("text/plain; charset=utf-8", answer.header("Content-Type"));
      assertEquals(GOOD, gpg.verify(answer.body(), NOT_FOUND.getBytes(UTF_8)));
    }
  }

  @Test
  void matchbox_signs_what_a_stranger_shaped() throws IOException {
    String query = "?uuid=a1&x=%23!ipxe%20%24%7Bx%7D";
    try (BootFixture boot = started(AS_MATCHBOX)) {
      byte[] body = get(boot, "/metadata" + query).body();
      assertEquals(GOOD, gpg.verify(get(boot, "/metadata.sig" + query).body(), body));
    }
  }

  @Test
  void matchbox_signs_a_part_as_a_part_and_for_head_nothing() throws IOException {
    try (BootFixture boot = started(AS_MATCHBOX)) {
      RawClient.Answer part = ask(boot, "GET", "/generic.sig?uuid=a1", "Range: bytes=0-3\r\n");
      assertEquals(206, part.status());
      assertFalse(part.has("Content-Range"));
      assertEquals(GOOD, gpg.verify(part.body(), "# uu".getBytes(UTF_8)));
      RawClient.Answer beyond = ask(boot, "GET", "/generic.sig?uuid=a1", "Range: bytes=999-\r\n");
      assertEquals(416, beyond.status());
      assertEquals(
          GOOD, gpg.verify(beyond.body(), "invalid range: failed to overlap\n".getBytes(UTF_8)));
      assertEquals(200, ask(boot, "HEAD", "/generic.sig?uuid=a1", "").status());
    }
  }

  @Test
  void the_same_body_is_signed_once() throws IOException {
    try (BootFixture boot = started(MatchboxWays.NONE)) {
      byte[] first = get(boot, "/ipxe.sig?uuid=a1").body();
      assertArrayEquals(first, get(boot, "/ipxe.sig?uuid=a1&x=another").body());
    }
  }
}
