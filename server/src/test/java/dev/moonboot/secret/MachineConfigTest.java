package dev.moonboot.secret;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.boot.BootPlanner;
import dev.moonboot.http.BootListener;
import dev.moonboot.http.BootSubjects;
import dev.moonboot.http.Health;
import dev.moonboot.http.HttpConfig;
import dev.moonboot.http.HttpLimits;
import dev.moonboot.ignition.Translator;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.NetRange;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.openpgp.Signer;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machine configs over the boot listener, as nodes and strangers ask for them. */
class MachineConfigTest {
  private static final String SECRET = "token: s3cr3t-cluster-ca-key\n";
  private static final AccessPolicy TICKET = new AccessPolicy(Access.TICKET, List.of());
  private static final Pattern URL =
      Pattern.compile("talos\\.config=http://127\\.0\\.0\\.1:\\d+/config/([A-Za-z0-9_-]{22})\\b");

  @TempDir Path data;

  private final AtomicLong nanos = new AtomicLong();
  private final List<AuditEvent> audited = Collections.synchronizedList(new ArrayList<>());
  private SecretConfig config = new SecretConfig(List.of("machine/**"), TICKET, Map.of());
  private SigningConfig signing = SigningConfig.NONE;
  private @Nullable BootListener listener;
  private @Nullable BootPlanner planner;

  @BeforeEach
  void write() throws IOException {
    write("assets/machine/worker.yaml", SECRET);
    write("assets/other/plain.txt", "nothing secret\n");
    write("groups/all.json", "{\"id\":\"all\",\"profile\":\"worker\"}");
    profile("\"talos.config={config-url}\"", "machine/worker.yaml");
  }

  private void write(String name, String text) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void profile(String args, String machineConfig) throws IOException {
    write(
        "profiles/worker.json",
        """
        {"id":"worker","machine_config":"%s","boot":{"kernel":"/k","args":[%s]}}
        """
            .formatted(machineConfig, args));
  }

  private void start() {
    start(UnknownNodes.DEFAULT);
  }

  private void start(UnknownNodes unknown) {
    Catalog catalog = new CatalogReader(data).read();
    ConfigAccess access = new ConfigAccess(config, () -> catalog, audited::add, nanos::get);
    ConfigUrls urls = new ConfigUrls(access, List.of(), data.resolve("assets"));
    Releases releases = new Releases(List.of(), null);
    BootPlanner plans = new BootPlanner(() -> catalog, releases, List.of(), unknown, urls::preview);
    planner = plans;
    BootListener started =
        new BootListener(
            new HttpConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                data.resolve("assets"),
                HttpLimits.DEFAULT),
            BootSubjects.of(
                plans,
                new ReleasePaths(releases, new Served(), new LastScripts()),
                new Provisioner(() -> catalog, unknown, Translator.none(), MatchboxWays.NONE),
                new MachineConfigs(access, urls, DeviceFlow.none()),
                MatchboxWays.NONE,
                signing),
            new Well(),
            new Meters(),
            new BootLog());
    started.start();
    listener = started;
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

  @AfterEach
  void stop() {
    if (listener != null) {
      listener.close();
    }
  }

  private String ask(String method, String path, String from, String headers) {
    try (Socket socket =
        new Socket(
            InetAddress.ofLiteral("127.0.0.1"),
            requireNonNull(listener).address().getPort(),
            InetAddress.ofLiteral(from),
            0)) {
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n"
              + headers
              + "\r\n";
      socket.setSoTimeout(60_000); // or a connection that is never closed would hang the build
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      return answer.replaceFirst("Date: [^\r]*\r\n", "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String get(String path) {
    return ask("GET", path, "127.0.0.1", "");
  }

  /** What any path that is not there is answered. */
  private String unknown() {
    return get("/no/such/path");
  }

  private String ticket() {
    String script = get("/ipxe?mac=aa:bb:cc:dd:ee:01");
    Matcher url = URL.matcher(script);
    assertTrue(url.find(), script);
    return url.group(1);
  }

  private List<String> whys() {
    return audited.stream()
        .filter(event -> event.event().equals("ticket.refuse"))
        .map(AuditEvent::reason)
        .toList();
  }

  @Test
  void i_11_a_ticket_from_the_script_brings_the_config_five_times_and_then_is_unknown() {
    start();
    String ticket = ticket();
    for (int i = 0; i < 5; i++) {
      String answer = get("/config/" + ticket);
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      assertTrue(answer.endsWith("\r\n\r\n" + SECRET), answer);
      assertTrue(answer.contains("Cache-Control: no-store\r\n"), answer);
    }
    assertEquals(unknown(), get("/config/" + ticket));
    assertEquals(List.of("used up"), whys());
    assertEquals(
        List.of(
            "ticket.issue",
            "ticket.use",
            "ticket.use",
            "ticket.use",
            "ticket.use",
            "ticket.use",
            "ticket.refuse"),
        audited.stream().map(AuditEvent::event).toList());
    assertFalse(audited.toString().contains(ticket), "the ticket itself is told to nobody");
  }

  @Test
  void i_11_every_other_use_is_answered_as_an_unknown_path_and_audited() {
    start();
    String ticket = ticket();
    String unknown = unknown();
    assertEquals(unknown, get("/assets/machine/worker.yaml"));
    assertEquals(unknown, get("/assets/machine/no-such-file.yaml"));
    assertEquals(unknown, get("/assets/machine"));
    assertEquals(unknown, get("/assets/machine/"));
    assertEquals(unknown, get("/config/"));
    assertEquals(unknown, get("/config/" + "A".repeat(22)));
    assertEquals(unknown, ask("GET", "/config/" + ticket, "127.0.0.2", ""));
    nanos.addAndGet(Duration.ofMinutes(10).toNanos());
    assertEquals(unknown, get("/config/" + ticket));
    assertEquals(
        List.of(
            "asked for without a ticket",
            "asked for without a ticket",
            "asked for without a ticket",
            "asked for without a ticket",
            "not a ticket",
            "never issued, or long ago",
            "issued to another address",
            "expired"),
        whys());
  }

  @Test
  void i_11_another_nodes_ticket_is_not_good_and_every_script_has_its_own() {
    start();
    String mine = ticket();
    assertNotEquals(mine, ticket());
    assertEquals(unknown(), ask("GET", "/config/" + mine, "127.0.0.3", ""));
  }

  @Test
  void a_head_uses_up_nothing_and_a_range_is_answered_whole() {
    start();
    String ticket = ticket();
    for (int i = 0; i < 9; i++) {
      String head = ask("HEAD", "/config/" + ticket, "127.0.0.1", "");
      assertTrue(head.contains("Content-Length: " + SECRET.length() + "\r\n"), head);
      assertTrue(head.endsWith("\r\n\r\n"), head);
    }
    String range = ask("GET", "/config/" + ticket, "127.0.0.1", "Range: bytes=5-\r\n");
    assertTrue(range.startsWith("HTTP/1.1 200 ") && range.endsWith(SECRET), range);
    long uses = audited.stream().filter(e -> e.event().equals("ticket.use")).count();
    assertEquals(1, uses);
  }

  @Test
  void a_head_of_the_script_issues_no_ticket_and_tells_the_same_length() {
    start();
    String head = ask("HEAD", "/ipxe?mac=aa:bb:cc:dd:ee:01", "127.0.0.1", "");
    assertEquals(List.of(), audited);
    String script = get("/ipxe?mac=aa:bb:cc:dd:ee:01");
    String body = script.substring(script.indexOf("\r\n\r\n") + 4);
    assertTrue(head.contains("Content-Length: " + body.length() + "\r\n"), head);
  }

  private record Repeating() implements Signer {
    @Override
    public byte[] sign(byte[] text) {
      return text.clone();
    }

    @Override
    public String armored(byte[] signature) {
      return new String(signature, UTF_8);
    }
  }

  @Test
  void a_script_with_a_ticket_has_no_signature_since_no_two_are_the_same() {
    signing = new SigningConfig(new Repeating());
    start();
    for (String path : List.of("/ipxe.sig", "/grub.asc")) {
      String answer = get(path + "?mac=aa:bb:cc:dd:ee:01");
      assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
      assertTrue(
          answer.contains("Moonboot-Reason: the script has a one-time ticket in it"), answer);
    }
    assertEquals(List.of(), audited);
    String unmatched = get("/boot.ipxe.asc");
    assertTrue(unmatched.endsWith("&arch=${buildarch:uristring}\n"), unmatched);
  }

  @Test
  void i_13_a_node_in_quarantine_gets_no_ticket_for_what_its_group_names() throws IOException {
    write(
        "groups/all.json",
        "{\"profile\":\"worker\",\"metadata\":{\"machine_config\":\"machine/worker.yaml\"}}");
    profile("\"talos.config={config-url}\"", "");
    start(new UnknownNodes(UnknownNodes.Boot.QUARANTINE, "worker"));
    String answer = get("/ipxe?mac=aa:bb:cc:dd:ee:01");
    assertTrue(answer.startsWith("HTTP/1.1 404 "), answer);
    assertFalse(answer.contains("/config/"), answer);
  }

  @Test
  void i_13_nothing_but_a_ticket_brings_a_secret() throws IOException {
    Files.createSymbolicLink(
        data.resolve("assets/other/link.yaml"), Path.of("../machine/worker.yaml"));
    write("assets/machine/index.html", SECRET);
    start();
    for (String path :
        List.of(
            "/",
            "/boot.ipxe",
            "/boot.ipxe.0",
            "/ipxe",
            "/ipxe?mac=aa:bb:cc:dd:ee:01",
            "/grub",
            "/livez",
            "/readyz",
            "/assets/",
            "/assets/machine",
            "/assets/machine/",
            "/assets/machine/worker.yaml",
            "/assets//machine/worker.yaml",
            "/assets/machine%2fworker.yaml",
            "/assets/%6dachine/worker.yaml",
            "/assets/other/../machine/worker.yaml",
            "/assets/other/%2e%2e/machine/worker.yaml",
            "/assets/machine/./worker.yaml",
            "/assets/MACHINE/worker.yaml",
            "/assets/other/link.yaml",
            "/assets/machine/worker.yaml/",
            "/config/machine/worker.yaml",
            "/config/..%2fassets%2fmachine%2fworker.yaml",
            "/generic?mac=aa:bb:cc:dd:ee:01",
            "/ignition?mac=aa:bb:cc:dd:ee:01",
            "/metadata?mac=aa:bb:cc:dd:ee:01")) {
      for (String method : List.of("GET", "HEAD")) {
        assertFalse(ask(method, path, "127.0.0.1", "").contains("s3cr3t"), path);
        String range = ask(method, path, "127.0.0.1", "Range: bytes=7-\r\n");
        assertFalse(range.contains("s3cr3t"), path);
      }
    }
    assertTrue(get("/assets/other/plain.txt").endsWith("nothing secret\n"));
  }

  @Test
  void what_a_profile_names_is_secret_wherever_it_lies() throws IOException {
    write("assets/elsewhere/w.yaml", SECRET);
    profile("\"talos.config={config-url}\"", "elsewhere/w.yaml");
    start();
    assertEquals(unknown(), get("/assets/elsewhere/w.yaml"));
    assertTrue(get("/config/" + ticket()).endsWith(SECRET));
  }

  @Test
  void a_group_may_name_another_config_in_its_metadata() throws IOException {
    write("assets/machine/first.yaml", "token: of the first\n");
    write(
        "groups/first.json",
        """
        {"id":"first","profile":"worker","selector":{"mac":"aa:bb:cc:dd:ee:01"},
         "metadata":{"machine_config":"machine/first.yaml"}}
        """);
    start();
    assertTrue(get("/config/" + ticket()).endsWith("token: of the first\n"));
  }

  @Test
  void i_11_open_is_open_for_that_profile_and_said_loudly() {
    config =
        new SecretConfig(
            List.of("machine/**"),
            TICKET,
            Map.of("worker", new AccessPolicy(Access.OPEN, List.of())));
    start();
    String script = get("/ipxe?mac=aa:bb:cc:dd:ee:01");
    String port = Integer.toString(requireNonNull(listener).address().getPort());
    assertTrue(
        script.contains("talos.config=http://127.0.0.1:" + port + "/assets/machine/worker.yaml"),
        script);
    assertTrue(get("/assets/machine/worker.yaml").endsWith(SECRET));
    assertEquals(unknown(), get("/assets/machine/of-nobody.yaml"));
    assertEquals(
        List.of(
            "machine configs of profile worker are open: whoever reaches the boot listener reads"
                + " the keys of the cluster; set machine-configs.profiles.worker.access to ticket"),
        config.warnings());
  }

  @Test
  void i_11_a_subnet_is_open_to_its_addresses_only() {
    config =
        new SecretConfig(
            List.of("machine/**"),
            new AccessPolicy(Access.SUBNET, List.of(NetRange.parse("127.0.0.1/32"))),
            Map.of());
    start();
    assertTrue(get("/assets/machine/worker.yaml").endsWith(SECRET));
    assertEquals(unknown(), ask("GET", "/assets/machine/worker.yaml", "127.0.0.2", ""));
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void without_a_config_to_give_there_is_no_script() throws IOException {
    profile("\"talos.config={config-url}\"", "");
    start();
    String none = get("/ipxe?mac=aa:bb:cc:dd:ee:01");
    assertEquals(unknown(), none.replaceFirst("Moonboot-Reason: profile worker: .*\r\n", ""));
    stop();
    profile("\"talos.config={config-url}\"", "machine/no-such-file.yaml");
    start();
    String missing = get("/ipxe?mac=aa:bb:cc:dd:ee:01");
    assertEquals(unknown(), missing.replaceFirst("Moonboot-Reason: profile worker: .*\r\n", ""));
    assertEquals(List.of(), audited);
  }

  @Test
  void people_who_ask_how_a_node_boots_see_no_ticket() {
    start();
    String explained =
        requireNonNull(planner)
            .explain(NodeLabels.of("mac=aa:bb:cc:dd:ee:01"))
            .scripts()
            .toString();
    assertTrue(explained.contains("http://<this server>/config/<ticket>"), explained);
    assertEquals(List.of(), audited);
  }

  @Test
  void the_door_for_rendered_configs_asks_the_same_policy() {
    start();
    Catalog catalog = new CatalogReader(data).read();
    ConfigAccess door = new ConfigAccess(config, () -> catalog, audited::add, nanos::get);
    String ticket = door.issue(new Tickets.Right("10.0.0.7", "worker", "machine/worker.yaml", ""));
    assertEquals(new ConfigAccess.Decision.Allowed(), door.check("worker", "10.0.0.7", ticket));
    assertEquals(
        new ConfigAccess.Decision.Denied("no ticket"), door.check("worker", "10.0.0.7", null));
    assertEquals(
        new ConfigAccess.Decision.Denied("a ticket for another profile"),
        door.check("controlplane", "10.0.0.7", ticket));
    assertEquals(
        new ConfigAccess.Decision.Denied("issued to another address"),
        door.check("worker", "10.0.0.8", ticket));
  }

  @Test
  void i_11_a_ticket_of_another_profile_is_refused_and_none_of_its_reads_is_used_up() {
    Catalog catalog = new CatalogReader(data).read();
    ConfigAccess door = new ConfigAccess(config, () -> catalog, audited::add, nanos::get);
    String ticket = door.issue(new Tickets.Right("10.0.0.7", "worker", "machine/worker.yaml", ""));
    audited.clear();
    for (int i = 0; i <= Tickets.READS; i++) {
      door.check("controlplane", "10.0.0.7", ticket);
    }
    assertEquals(
        Collections.nCopies(Tickets.READS + 1, "ticket.refuse a ticket for another profile"),
        audited.stream().map(event -> event.event() + " " + event.reason()).toList());
    for (int i = 0; i < Tickets.READS; i++) {
      assertEquals(new ConfigAccess.Decision.Allowed(), door.check("worker", "10.0.0.7", ticket));
    }
  }

  @Test
  void tftp_never_serves_a_secret() throws IOException {
    Path link = data.resolve("loader.efi");
    Files.createSymbolicLink(link, data.resolve("assets/machine/worker.yaml"));
    Catalog catalog = new CatalogReader(data).read();
    ConfigAccess access = new ConfigAccess(config, () -> catalog, audited::add, nanos::get);
    HiddenFiles hidden = new HiddenFiles(access, data.resolve("assets"));
    assertTrue(hidden.hides(link));
    assertTrue(hidden.hides(data.resolve("assets/machine/worker.yaml")));
    assertFalse(hidden.hides(data.resolve("assets/other/plain.txt")));
    assertFalse(hidden.hides(data.resolve("nowhere")));
  }
}
