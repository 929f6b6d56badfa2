package dev.moonboot.secret;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.moonboot.boot.BootPlanner;
import dev.moonboot.http.BootListener;
import dev.moonboot.http.BootSubjects;
import dev.moonboot.http.Health;
import dev.moonboot.http.HttpConfig;
import dev.moonboot.http.HttpLimits;
import dev.moonboot.ignition.Translator;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.BootLog;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.metrics.Meters;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.provision.Provisioner;
import dev.moonboot.release.LastScripts;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import dev.moonboot.release.Served;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A boot listener with one worker whose machine config somebody has to approve. */
public final class DeviceBoot implements AutoCloseable {
  public static final String SECRET = "token: s3cr3t-cluster-ca-key\n";
  public static final String FILE = "/assets/machine/worker.yaml";
  public static final String NODE = "127.0.0.1";
  public static final String MAC = "aa:bb:cc:dd:ee:01";
  static final SecretConfig APPROVAL = config(Access.APPROVAL);

  private static final String GRANT =
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id=talos"
          + "&device_code=";

  final AtomicLong nanos = new AtomicLong();
  final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  volatile Catalog catalog;
  private final Path data;
  private final DeviceFlow devices;
  private final BootListener listener;

  static SecretConfig config(Access access) {
    return new SecretConfig(List.of("machine/**"), new AccessPolicy(access, List.of()), Map.of());
  }

  /** With these in that folder. */
  public static DeviceBoot start(Path data) throws IOException {
    return new DeviceBoot(data, APPROVAL);
  }

  DeviceBoot(Path data, SecretConfig config) throws IOException {
    this.data = data;
    write("assets/machine/worker.yaml", SECRET);
    write("assets/machine/other.yaml", "token: other s3cr3t\n");
    write("groups/one.json", group("worker"));
    write(
        "profiles/worker.json",
        """
        {"id":"worker","machine_config":"machine/worker.yaml",
         "boot":{"kernel":"/k","args":["talos.config={config-url}"]}}
        """);
    write("profiles/none.json", "{\"id\":\"none\",\"boot\":{\"kernel\":\"/k\"}}");
    this.catalog = new CatalogReader(data).read();
    ConfigAccess access = new ConfigAccess(config, () -> catalog, audited::add, nanos::get);
    this.devices =
        new DeviceFlow(config, () -> catalog, UnknownNodes.DEFAULT, audited::add, nanos::get);
    ConfigUrls urls = new ConfigUrls(access, List.of(), data.resolve("assets"));
    Releases releases = new Releases(List.of(), null);
    this.listener =
        new BootListener(
            new HttpConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                data.resolve("assets"),
                HttpLimits.DEFAULT),
            BootSubjects.of(
                new BootPlanner(
                    () -> catalog, releases, List.of(), UnknownNodes.DEFAULT, urls::preview),
                new ReleasePaths(releases, new Served(), new LastScripts()),
                new Provisioner(
                    () -> catalog, UnknownNodes.DEFAULT, Translator.none(), MatchboxWays.NONE),
                new MachineConfigs(access, urls, devices),
                MatchboxWays.NONE,
                SigningConfig.NONE),
            new Well(),
            new Meters(),
            new BootLog());
    listener.start();
  }

  private static String group(String profile) {
    return "{\"id\":\"one\",\"profile\":\"%s\",\"selector\":{\"mac\":\"%s\"}}"
        .formatted(profile, MAC);
  }

  private void write(String name, String text) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** From now on the node gets that profile. */
  void boots(String profile) throws IOException {
    write("groups/one.json", group(profile));
    catalog = new CatalogReader(data).read();
  }

  private record Well() implements Health {
    @Override
    public List<Check> live() {
      return List.of();
    }

    @Override
    public List<Check> ready() {
      return List.of();
    }
  }

  public DeviceFlow devices() {
    return devices;
  }

  int port() {
    return listener.address().getPort();
  }

  void skip(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** The whole answer but its date. */
  String send(String from, String request) {
    try (Socket socket =
        new Socket(InetAddress.ofLiteral("127.0.0.1"), port(), InetAddress.ofLiteral(from), 0)) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      socket.shutdownOutput(); // or the rest of a refused body would be waited for
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      return answer.replaceFirst("Date: [^\r]*\r\n", "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String ask(String from, String method, String path, String headers) {
    return send(
        from,
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n"
            + headers
            + "\r\n");
  }

  public String get(String path) {
    return ask(NODE, "GET", path, "");
  }

  String get(String from, String path, String token) {
    return ask(from, "GET", path, "Authorization: Bearer " + token + "\r\n");
  }

  /** The machine config, asked for with that token. */
  public String config(String token) {
    return get(NODE, FILE, token);
  }

  String post(String from, String path, String form) {
    return send(
        from,
        """
        POST %s HTTP/1.1\r
        Host: evil.example\r
        Accept: application/json\r
        Content-Type: application/x-www-form-urlencoded\r
        Content-Length: %d\r
        \r
        %s\
        """
            .formatted(path, form.length(), form));
  }

  /** What a node is answered that asks as Talos does. */
  public Json.Obj ask() {
    return json(post(NODE, "/device/code?mac=%24%7Bmac%7D", "client_id=talos&mac=" + MAC));
  }

  String poll(String from, String deviceCode) {
    return post(from, "/token", GRANT + deviceCode);
  }

  /** The error code that a poll brings. */
  String error(String deviceCode) {
    return json(poll(NODE, deviceCode)).text("error").orElse("none");
  }

  /** The access token that a poll brings. */
  public String token(String deviceCode) {
    return json(poll(NODE, deviceCode)).text("access_token").orElseThrow();
  }

  static Json.Obj json(String answer) {
    return (Json.Obj) JsonText.parse(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }

  List<String> events() {
    return audited.stream().map(AuditEvent::event).toList();
  }

  List<String> refusals() {
    return audited.stream()
        .filter(event -> event.event().equals("device.refuse"))
        .map(AuditEvent::reason)
        .toList();
  }

  @Override
  public void close() {
    listener.close();
  }
}
