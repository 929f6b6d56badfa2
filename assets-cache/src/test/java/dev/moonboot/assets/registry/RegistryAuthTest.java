package dev.moonboot.assets.registry;

import static dev.moonboot.assets.registry.RegistryLab.PUBLIC;
import static dev.moonboot.assets.registry.RegistryLab.REPOSITORY;
import static dev.moonboot.assets.registry.RegistryLab.assertFails;
import static dev.moonboot.assets.registry.RegistryLab.content;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.FakeRegistryAuth;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets our credentials, and who does not. */
class RegistryAuthTest {
  private static final String USER = "bastion";
  private static final String PASSWORD = "correct-horse-battery";
  private static final String BASIC =
      Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
  private static final String NAME = "registry.example.com";

  private RegistryLab lab;
  private Digest image;

  @BeforeEach
  void open() {
    lab = new RegistryLab();
    image = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    lab.fake.tag(REPOSITORY, "demo", image);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void user_and_password_come_from_dockers_configuration() {
    lab.fake.require(FakeRegistryAuth.basic(USER, PASSWORD));
    Registry registry = lab.open(lab.fake.address(), lab.fake.settings(USER, PASSWORD));
    assertEquals(image, registry.resolve("demo"));
    registry.manifest(image);
    assertEquals(3, lab.fake.requests().size(), "asked for credentials once only");
  }

  @Test
  void a_token_is_had_for_them_and_renewed_when_it_expires() {
    var auth = FakeRegistryAuth.bearer(USER, PASSWORD);
    lab.fake.require(auth);
    Registry registry = lab.open(lab.fake.address(), lab.fake.settings(USER, PASSWORD));
    registry.resolve("demo");
    registry.manifest(image);
    FakeRegistryRequest request = lab.fake.requests(Kind.TOKEN).getFirst();
    assertEquals("service=fake&scope=repository:acme/talos:pull", request.query());
    assertEquals(1, lab.fake.count(Kind.TOKEN));

    lab.fake.require(auth.withToken("token-2"));
    assertEquals(image, registry.resolve("demo"));
    assertEquals(2, lab.fake.count(Kind.TOKEN));
  }

  @Test
  void without_credentials_a_token_for_everybody_is_had() {
    lab.fake.require(FakeRegistryAuth.anonymousBearer());
    assertEquals(image, lab.open().resolve("demo"));
    assertNull(lab.fake.requests(Kind.TOKEN).getFirst().header("authorization"));
  }

  @Test
  void our_own_proxy_pass_never_leaves_this_process() {
    lab.open().resolve("demo");
    lab.openPublic(lab.fake.settings()).resolve("demo");
    assertEquals(2, lab.fake.requests().size());
    assertTrue(lab.fake.requests().stream().allMatch(r -> r.header("proxy-authorization") == null));
  }

  @Test
  void plain_http_to_a_name_goes_through_the_tunnel_as_the_registry_expects_it() {
    try (var plain = new RegistryLab(FakeRegistry.startPlain())) {
      plain.fake.tag(REPOSITORY, "demo", plain.fake.image(REPOSITORY, Arch.ARM64, content(10)));
      plain.fake.require(
          FakeRegistryAuth.anonymousBearer().withRealm("http://registry.internal/token"));
      plain.network.name("registry.internal", "10.0.0.1");
      RegistrySettings base = plain.fake.settings();
      RegistrySettings settings =
          new RegistrySettings(
              Set.of("registry.internal"),
              List.of(),
              Set.of(),
              base.dockerConfig(),
              null,
              List.of(),
              base.timeouts());
      plain.open("registry.internal", settings).resolve("demo");
      FakeRegistryRequest last = plain.fake.requests().getLast();
      assertEquals("/v2/acme/talos/manifests/demo", last.target());
      assertEquals("registry.internal", last.header("host"));
      assertEquals("Bearer token-1", last.header("authorization"));
      assertTrue(
          plain.fake.requests().stream().allMatch(r -> r.header("proxy-authorization") == null));
      assertEquals(List.of("10.0.0.1:80"), plain.network.connected().stream().distinct().toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://registry.example.com/token", "https://auth.example.com/token"})
  void r_10_a_realm_of_the_same_domain_gets_credentials(String realm) {
    lab.network.name("auth.example.com", PUBLIC);
    lab.fake.require(FakeRegistryAuth.bearer(USER, PASSWORD).withRealm(realm));
    assertEquals(image, lab.openPublic(lab.fake.settings(NAME, USER, PASSWORD)).resolve("demo"));
    assertEquals(
        "Basic " + BASIC, lab.fake.requests(Kind.TOKEN).getFirst().header("authorization"));
  }

  @Test
  void r_10_a_configured_realm_gets_credentials() {
    lab.network.name("cdn.example.net", PUBLIC);
    lab.fake.require(
        FakeRegistryAuth.bearer(USER, PASSWORD).withRealm("https://cdn.example.net/token"));
    assertEquals(image, lab.openPublic(trusting("cdn.example.net")).resolve("demo"));
  }

  private RegistrySettings trusting(String realmHost) {
    RegistrySettings base = lab.fake.settings(NAME, USER, PASSWORD);
    return new RegistrySettings(
        base.plainHttp(),
        base.extraCa(),
        Set.of(realmHost),
        base.dockerConfig(),
        null,
        List.of(),
        base.timeouts());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://auth.example.net/token",
        "https://example.com.evil.net/token",
        "http://registry.example.com/token",
        "http://auth.example.com/token",
        "https://user:pw@registry.example.com/token",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00:ec2::254]/latest",
        "https://[::ffff:169.254.169.254]/",
        "https://0.0.0.0/token",
        "https://2852039166/token",
        "https://0xa9fea9fe/token",
        "https://127.0.0.1/token",
        "https://meta.example.com/token",
        "https://mapped.example.com/token",
        "https://inside.example.com/token",
        "file:///etc/passwd",
        "token",
        "",
        "https://\\u0000"
      })
  void r_10_any_other_realm_is_refused_before_connecting(String realm) {
    lab.network.name("meta.example.com", "169.254.169.254");
    lab.network.name("mapped.example.com", "::ffff:169.254.169.254");
    lab.network.name("inside.example.com", "10.1.2.3");
    lab.network.name("auth.example.net", PUBLIC).name("example.com.evil.net", PUBLIC);
    lab.network.name("auth.example.com", PUBLIC);
    lab.fake.require(FakeRegistryAuth.bearer(USER, PASSWORD).withRealm(realm));
    Registry registry = lab.openPublic(lab.fake.settings(NAME, USER, PASSWORD));

    assertFails(Reason.AUTH_REALM_REFUSED, () -> registry.resolve("demo"));

    assertEquals(List.of(PUBLIC + ":443"), lab.network.connected());
    assertEquals(0, lab.fake.count(Kind.TOKEN));
    assertTrue(lab.fake.requests().stream().allMatch(r -> r.header("authorization") == null));
  }

  @Test
  void r_10_even_a_configured_realm_is_refused_at_a_forbidden_address() {
    lab.network.name("meta.example.net", "169.254.169.254");
    lab.fake.require(
        FakeRegistryAuth.bearer(USER, PASSWORD).withRealm("https://meta.example.net/token"));
    Registry registry = lab.openPublic(trusting("meta.example.net"));
    assertFails(Reason.AUTH_REALM_REFUSED, () -> registry.resolve("demo"));
    assertEquals(List.of(PUBLIC + ":443"), lab.network.connected());
  }

  @Test
  void r_11_a_token_server_that_redirects_is_refused() {
    lab.fake.require(FakeRegistryAuth.bearer(USER, PASSWORD));
    lab.fake.fault(Kind.TOKEN, FakeRegistryFault.redirect(lab.fake.url() + "/token?again"));
    Registry registry = lab.open(lab.fake.address(), lab.fake.settings(USER, PASSWORD));
    assertFails(Reason.AUTH_REALM_REFUSED, () -> registry.resolve("demo"));
    assertEquals(1, lab.fake.count(Kind.TOKEN));
  }

  @Test
  void a_token_server_that_answers_at_length_or_nonsense_is_refused() {
    lab.fake.require(FakeRegistryAuth.anonymousBearer());
    lab.fake.fault(Kind.TOKEN, 1, FakeRegistryFault.body(content(70_000)));
    lab.fake.fault(
        Kind.TOKEN,
        1,
        FakeRegistryFault.body("{\"token\":\"a\\nb\"}".getBytes(StandardCharsets.UTF_8)));
    assertFails(Reason.TOO_LARGE, () -> lab.open().resolve("demo"));
    assertFails(Reason.MALFORMED, () -> lab.open().resolve("demo"));
  }

  @Test
  void r_19_refused_credentials_are_not_tried_again() {
    lab.fake.require(FakeRegistryAuth.basic(USER, "changed"));
    Registry registry = lab.open(lab.fake.address(), lab.fake.settings(USER, PASSWORD));
    assertFails(Reason.AUTH_FAILED, () -> registry.resolve("demo"));
    assertEquals(2, lab.fake.requests().size());

    lab.fake.require(FakeRegistryAuth.bearer(USER, "changed"));
    assertFails(Reason.AUTH_FAILED, () -> registry.resolve("demo"));
    assertEquals(4, lab.fake.requests().size());

    lab.fake.require(FakeRegistryAuth.NONE);
    lab.fake.fault(Kind.HEAD_MANIFEST, FakeRegistryFault.status(403));
    assertFails(Reason.AUTH_FAILED, () -> registry.resolve("demo"));
    assertEquals(5, lab.fake.requests().size());
    assertEquals(List.of(), lab.pauses);
  }

  @Test
  void a_401_that_asks_for_nothing_known_is_a_refusal() {
    lab.fake.fault(Kind.HEAD_MANIFEST, 1, FakeRegistryFault.status(401));
    assertFails(Reason.AUTH_FAILED, () -> lab.open().resolve("demo"));
    lab.fake.fault(
        Kind.HEAD_MANIFEST, 1, FakeRegistryFault.status(401, "WWW-Authenticate", "Negotiate"));
    assertFails(Reason.AUTH_FAILED, () -> lab.open().resolve("demo"));
  }

  @Test
  void r_24_no_message_and_no_log_line_holds_a_secret() {
    var logged = new Recorder();
    Logger root = Logger.getLogger("");
    Logger ours = Logger.getLogger("dev.moonboot");
    ours.setLevel(Level.ALL);
    root.addHandler(logged);
    try {
      lab.fake.require(FakeRegistryAuth.basic(USER, PASSWORD));
      Registry registry = lab.openPublic(lab.fake.settings(NAME, USER, PASSWORD));
      registry.resolve("demo");
      // Whoever got the credentials sends them back wherever an answer can carry them.
      for (String location :
          List.of(
              "https://10.0.0.1/" + BASIC + "?a=" + PASSWORD,
              "http://" + PASSWORD + ".example.com/",
              "https://cdn.example.net/" + BASIC)) {
        lab.fake.fault(Kind.GET_MANIFEST, FakeRegistryFault.redirect(location));
        logged.failure(() -> registry.manifest(image));
        lab.fake.heal();
      }
      for (Map.Entry<String, String> header :
          Map.of("Docker-Content-Digest", "sha256:" + BASIC, "Content-Type", BASIC).entrySet()) {
        lab.fake.fault(
            Kind.GET_MANIFEST, FakeRegistryFault.header(header.getKey(), header.getValue()));
        logged.failure(() -> registry.manifest(image));
        lab.fake.heal();
      }
      lab.fake.fault(Kind.GET_MANIFEST, FakeRegistryFault.status(500));
      logged.failure(() -> registry.manifest(image));
      lab.fake.require(FakeRegistryAuth.basic(USER, "changed"));
      logged.failure(() -> registry.manifest(image));
    } finally {
      root.removeHandler(logged);
      ours.setLevel(null);
    }
    String all = logged.text();
    assertTrue(all.contains("registry retry"), "the log was recorded");
    assertFalse(all.contains(PASSWORD), all);
    assertFalse(all.contains(BASIC), all);
    assertFalse(new Login(USER, PASSWORD, false).toString().contains(PASSWORD));
  }

  /** All that is logged, and all that failures say. */
  private static final class Recorder extends Handler {
    private final StringWriter text = new StringWriter();

    void failure(Runnable work) {
      RegistryException failure = assertThrows(RegistryException.class, work::run);
      failure.printStackTrace(new PrintWriter(text, true));
    }

    String text() {
      return text.toString();
    }

    @Override
    public void publish(LogRecord line) {
      text.append(requireNonNull(line.getMessage())).append('\n');
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
