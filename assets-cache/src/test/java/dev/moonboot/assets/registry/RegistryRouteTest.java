package dev.moonboot.assets.registry;

import static dev.moonboot.assets.registry.RegistryLab.PUBLIC;
import static dev.moonboot.assets.registry.RegistryLab.REPOSITORY;
import static dev.moonboot.assets.registry.RegistryLab.assertFails;
import static dev.moonboot.assets.registry.RegistryLab.blob;
import static dev.moonboot.assets.registry.RegistryLab.content;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.FakeRegistryAuth;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryProxy;
import dev.moonboot.testing.FakeRegistryRequest;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.FakeRegistryTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests go: redirects, addresses, TLS and proxies. */
class RegistryRouteTest {
  private static final String USER = "bastion";
  private static final String PASSWORD = "correct-horse-battery";
  private static final byte[] BLOB = content(1000);

  @TempDir Path directory;
  private RegistryLab lab;
  private Digest image;

  @BeforeEach
  void open() {
    lab = new RegistryLab();
    image = lab.fake.image(REPOSITORY, Arch.ARM64, content(10));
    lab.fake.tag(REPOSITORY, "demo", image);
    lab.fake.putBlob(BLOB);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void redirectBlobs(String location) {
    lab.fake.fault(
        request -> request.kind() == Kind.BLOB && !request.target().contains("hop="),
        Integer.MAX_VALUE,
        FakeRegistryFault.redirect(location));
  }

  private String blobAt(String host, String query) {
    return "https://" + host + "/v2/any/blobs/" + Digest.of(BLOB) + "?hop=" + query;
  }

  private Path download(Registry registry) {
    Path part = directory.resolve("part");
    registry.download(blob(BLOB), part, Progress.NONE);
    return part;
  }

  @Test
  void r_12_a_redirect_to_another_host_is_followed_without_credentials() throws IOException {
    lab.network.name("cdn.example.net", "93.184.216.35");
    lab.fake.require(FakeRegistryAuth.basic(USER, PASSWORD));
    RegistrySettings settings = lab.fake.settings("registry.example.com", USER, PASSWORD);
    Registry registry = lab.openPublic(settings);
    registry.resolve("demo");
    lab.fake.require(FakeRegistryAuth.NONE);
    redirectBlobs(blobAt("cdn.example.net", "1"));

    assertArrayEquals(BLOB, Files.readAllBytes(download(registry)));

    FakeRegistryRequest first = lab.fake.requests(Kind.BLOB).getFirst();
    FakeRegistryRequest second = lab.fake.requests(Kind.BLOB).getLast();
    assertTrue(String.valueOf(first.header("authorization")).startsWith("Basic "));
    assertEquals("cdn.example.net", second.header("host"));
    assertNull(second.header("authorization"));
    assertNull(second.header("cookie"));
    assertEquals(List.of(PUBLIC + ":443", "93.184.216.35:443"), lab.network.connected());
  }

  @Test
  void r_12_a_redirect_back_home_gets_no_credentials_either() {
    lab.fake.require(FakeRegistryAuth.basic(USER, PASSWORD));
    Registry registry = lab.open(lab.fake.address(), lab.fake.settings(USER, PASSWORD));
    registry.resolve("demo");
    redirectBlobs(lab.fake.url() + "/v2/any/blobs/" + Digest.of(BLOB) + "?hop=1");
    assertFails(Reason.AUTH_FAILED, () -> download(registry));
    assertNull(lab.fake.requests(Kind.BLOB).get(1).header("authorization"));
  }

  @Test
  void r_12_five_redirects_are_followed_and_a_sixth_is_not() {
    chain(5);
    download(lab.open());
    lab.fake.heal();
    chain(6);
    assertFails(
        Reason.REDIRECT_REFUSED,
        () -> lab.open().download(blob(BLOB), directory.resolve("other"), Progress.NONE));
  }

  private void chain(int hops) {
    for (int i = 1; i <= hops; i++) {
      String from = i == 1 ? "" : "hop=" + (i - 1) + ".";
      String to = "/v2/any/blobs/" + Digest.of(BLOB) + "?hop=" + i + ".";
      lab.fake.fault(
          request -> from.isEmpty() ? request.query() == null : from.equals(request.query()),
          1,
          FakeRegistryFault.redirect(to));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://cdn.example.net/blob",
        "https://localhost/blob",
        "https://127.0.0.1/blob",
        "https://[::1]/blob",
        "https://2130706433/blob",
        "https://127.1/blob",
        "https://10.0.0.1/blob",
        "https://192.168.1.1/blob",
        "https://100.64.0.1/blob",
        "https://[fd12::1]/blob",
        "https://[64:ff9b::a00:1]/blob",
        "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1]/blob",
        "https://inside.example.net/blob",
        "https://mixed.example.net/blob",
        "https://user@cdn.example.net/blob",
        "file:///etc/passwd",
        "ftp://cdn.example.net/blob",
        "https://cdn.example.net/a%0d%0aX: y",
        "https://cdn.example.net/a\tb",
        "https://",
        ""
      })
  void r_13_redirects_inward_or_away_from_https_are_refused(String location) {
    lab.network.name("cdn.example.net", "93.184.216.35");
    lab.network.name("localhost", "127.0.0.1");
    lab.network.name("inside.example.net", "10.0.0.2");
    lab.network.name("mixed.example.net", "93.184.216.35", "127.0.0.1");
    redirectBlobs(location);
    Registry registry = lab.openPublic(lab.fake.settings());
    assertFails(Reason.REDIRECT_REFUSED, () -> download(registry));
    assertEquals(List.of(PUBLIC + ":443"), lab.network.connected());
  }

  @Test
  void r_13_a_location_that_breaks_the_header_leads_nowhere() {
    lab.network.name("cdn.example.net", "93.184.216.35");
    redirectBlobs("https://cdn.example.net/\r\nSet-Cookie: a=b\r\nLocation: https://10.0.0.1/");
    Registry registry = lab.openPublic(lab.fake.settings());
    try {
      download(registry);
    } catch (RegistryException e) {
      assertFalse(lab.network.connected().contains("10.0.0.1:443"));
    }
  }

  @Test
  void r_13_a_circle_of_redirects_is_refused() {
    lab.fake.fault(
        Kind.BLOB,
        (request, right) ->
            FakeRegistryFault.redirect(
                    "/v2/any/blobs/"
                        + Digest.of(BLOB)
                        + ("hop=1".equals(request.query()) ? "?hop=2" : "?hop=1"))
                .apply(request, right));
    assertFails(Reason.REDIRECT_REFUSED, () -> download(lab.open()));
    assertEquals(3, lab.fake.count(Kind.BLOB));
  }

  @Test
  void a_private_registry_may_lead_to_private_and_public_places_but_not_to_this_machine() {
    lab.network.name("registry.internal", "10.0.0.1").name("cdn.example.net", PUBLIC);
    lab.network.name("localhost", "127.0.0.1");
    redirectBlobs(blobAt("cdn.example.net", "1"));
    Registry registry = lab.open("registry.internal", lab.fake.settings());
    download(registry);
    lab.fake.heal();
    redirectBlobs(blobAt("localhost", "1"));
    assertFails(
        Reason.REDIRECT_REFUSED,
        () -> registry.download(blob(BLOB), directory.resolve("other"), Progress.NONE));
  }

  @Test
  void r_14_the_address_that_was_checked_is_the_one_connected_to() {
    // The first answer is checked; a second look-up, were there one, would lead inward.
    lab.network.name("registry.example.com", PUBLIC).name("registry.example.com", "127.0.0.1");
    Registry registry = lab.open("registry.example.com", lab.fake.settings());
    assertEquals(image, registry.resolve("demo"));
    assertEquals(List.of(PUBLIC + ":443"), lab.network.connected());
    // Later it may not come nearer than it was.
    assertFails(Reason.UNREACHABLE, () -> registry.resolve("demo"));
    assertEquals(List.of(PUBLIC + ":443"), lab.network.connected());
  }

  @Test
  void r_14_a_registry_at_a_forbidden_address_is_not_asked() {
    lab.network.name("registry.example.com", "169.254.169.254");
    Registry registry = lab.open("registry.example.com", lab.fake.settings());
    assertFails(Reason.UNREACHABLE, () -> registry.resolve("demo"));
    assertEquals(List.of(), lab.network.connected());
  }

  @ParameterizedTest
  @EnumSource(
      value = FakeRegistryTls.Kind.class,
      names = {"WRONG_HOST", "EXPIRED"})
  void r_22_a_certificate_that_is_wrong_is_not_believed(FakeRegistryTls.Kind kind) {
    try (var other = new RegistryLab(FakeRegistry.start(kind))) {
      assertFails(Reason.UNREACHABLE, () -> other.open().resolve("demo"));
      assertEquals(List.of(), other.fake.requests());
    }
  }

  @Test
  void r_22_an_unknown_authority_is_not_believed() {
    RegistrySettings base = lab.fake.settings();
    RegistrySettings jdkOnly =
        new RegistrySettings(
            Set.of(), List.of(), Set.of(), base.dockerConfig(), null, List.of(), base.timeouts());
    assertFails(Reason.UNREACHABLE, () -> lab.open(lab.fake.address(), jdkOnly).resolve("demo"));
    assertEquals(List.of(), lab.fake.requests());
  }

  @Test
  void r_22_no_tls_below_1_2_is_spoken() {
    assertEquals(
        Set.of("TLSv1.2", "TLSv1.3"),
        Set.of(TrustAnchors.with(List.of()).getDefaultSSLParameters().getProtocols()));
  }

  @Test
  void r_22_plain_http_to_a_public_address_is_refused_even_when_configured() {
    RegistrySettings base = lab.fake.settings();
    RegistrySettings plain =
        new RegistrySettings(
            Set.of("registry.example.com"),
            base.extraCa(),
            Set.of(),
            base.dockerConfig(),
            null,
            List.of(),
            base.timeouts());
    var failure = assertFails(Reason.UNREACHABLE, () -> lab.openPublic(plain).resolve("demo"));
    assertTrue(String.valueOf(failure.getMessage()).contains("plainHttp"));
    assertEquals(List.of(), lab.network.connected());
  }

  /** A registry whose address does not let anybody in. */
  private record Down(String why) implements Network {
    @Override
    public List<InetAddress> resolve(String host) {
      return List.of(InetAddress.ofLiteral("10.0.0.1"));
    }

    @Override
    public Socket connect(InetSocketAddress address, Duration timeout) throws IOException {
      throw new ConnectException(why);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Connection refused", "No route to host", "Connect timed out"})
  void why_a_registry_cannot_be_reached_is_told_with_and_without_tls(String why) {
    for (boolean plain : List.of(true, false)) {
      String message = whyUnreachable(plain, new Down(why));
      String end = ": connecting to 10.0.0.1:" + (plain ? 80 : 443) + ": " + why;
      assertTrue(message.endsWith(end), message);
    }
  }

  @Test
  void a_name_that_is_unknown_or_leads_where_it_must_not_is_told_with_and_without_tls() {
    for (boolean plain : List.of(true, false)) {
      String unknown = whyUnreachable(plain, new TestNetwork(1));
      assertTrue(unknown.contains("registry.internal cannot be resolved"), unknown);
      var forbidden = new TestNetwork(1).name("registry.internal", "169.254.169.254");
      String refused = whyUnreachable(plain, forbidden);
      assertTrue(refused.contains("169.254.169.254 is never connected to"), refused);
    }
  }

  private String whyUnreachable(boolean plain, Network network) {
    String host = "registry.internal";
    RegistrySettings base = lab.fake.settings();
    RegistrySettings settings =
        new RegistrySettings(
            plain ? Set.of(host) : Set.of(),
            base.extraCa(),
            Set.of(),
            base.dockerConfig(),
            null,
            List.of(),
            base.timeouts());
    var source = new SourceImage.Repository(host, REPOSITORY);
    try (var registry = new OciRegistry(source, settings, network, pause -> {})) {
      var failure = assertFails(Reason.UNREACHABLE, () -> registry.resolve("demo"));
      return String.valueOf(failure.getMessage());
    }
  }

  private RegistrySettings through(String proxy, List<String> noProxy) {
    RegistrySettings base = lab.fake.settings();
    return new RegistrySettings(
        Set.of(),
        base.extraCa(),
        Set.of(),
        base.dockerConfig(),
        URI.create(proxy),
        noProxy,
        base.timeouts());
  }

  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** As {@link RegistryLab#open}, on the real network: to a proxy nothing else is needed. */
  private static Registry open(RegistrySettings settings) {
    return new OciRegistry(
        new SourceImage.Repository("registry.example.com", REPOSITORY),
        settings,
        Network.SYSTEM,
        pause -> {});
  }

  @Test
  void r_23_a_proxy_is_used_with_its_credentials() {
    try (var proxy = FakeRegistryProxy.start(lab.fake.port(), basic("pat:top secret"))) {
      try (Registry registry =
          open(through("http://pat:top%20secret@" + proxy.address(), List.of()))) {
        assertEquals(image, registry.resolve("demo"));
        assertEquals(List.of("registry.example.com:443"), proxy.connects());
        redirectBlobs("https://10.0.0.1/blob");
        assertFails(Reason.REDIRECT_REFUSED, () -> download(registry));
      }
      try (Registry registry =
          open(through("http://pat:wrong-secret@" + proxy.address(), List.of()))) {
        var failure = assertFails(Reason.UNREACHABLE, () -> registry.resolve("demo"));
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("407"), message);
        assertFalse(message.contains("wrong-secret"), message);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.example.com",
        "example.com",
        ".example.com",
        "*",
        "REGISTRY.example.com"
      })
  void r_23_a_host_that_needs_no_proxy_is_reached_directly(String rule) {
    lab.network.name("registry.example.com", PUBLIC);
    Registry registry =
        lab.open("registry.example.com", through("http://127.0.0.1:1", List.of("a.b", rule)));
    assertEquals(image, registry.resolve("demo"));
    assertEquals(List.of(PUBLIC + ":443"), lab.network.connected());
  }

  @Test
  void r_23_other_rules_leave_a_host_to_the_proxy() {
    OutgoingProxy proxy =
        OutgoingProxy.of(through("http://127.0.0.1:1", List.of("ample.com", "10.0.0.0/8", "")));
    assertTrue(proxy != null && proxy.serves("example.com"));
    assertTrue(proxy.serves("11.0.0.1"));
    assertFalse(proxy.serves("10.9.8.7"));
    assertFalse(proxy.serves("localhost"));
    assertFalse(proxy.serves("127.0.0.9"));
    assertFalse(proxy.serves("::1"));
  }

  @Test
  void nobody_else_can_use_the_tunnel() throws IOException {
    RegistrySettings settings = lab.fake.settings();
    var guard = new Guard(lab.network, null, settings);
    guard.admit(URI.create(lab.fake.url()), Guard.Role.REGISTRY);
    try (var tunnel = new Tunnel(lab.network, guard, null, Duration.ofSeconds(5))) {
      String request = "CONNECT " + lab.fake.address() + " HTTP/1.1\r\n";
      assertTrue(say(tunnel, request + "\r\n").contains(" 502 "));
      assertTrue(say(tunnel, request + "Proxy-Authorization: Tunnel 00\r\n\r\n").contains(" 502 "));
      assertEquals(List.of(), lab.network.connected());
      String pass = "Proxy-Authorization: " + tunnel.pass() + "\r\n\r\n";
      assertTrue(say(tunnel, "CONNECT 10.0.0.1:443 HTTP/1.1\r\n" + pass).contains(" 502 "));
      assertEquals(List.of(), lab.network.connected());
    }
  }

  private static String say(Tunnel tunnel, String text) {
    try (Socket socket = new Socket(tunnel.address().getAddress(), tunnel.address().getPort())) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
