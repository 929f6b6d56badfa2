package dev.moonboot.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Head;
import dev.moonboot.assets.HeadGate;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Scrub;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.Sweep;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.http.AdminConfig;
import dev.moonboot.http.AdminListener;
import dev.moonboot.http.Health;
import dev.moonboot.http.HttpLimits;
import dev.moonboot.http.RawClient;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import dev.moonboot.journal.AuditFilter;
import dev.moonboot.journal.AuditPage;
import dev.moonboot.journal.AuditRecord;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Sent;
import dev.moonboot.journal.Told;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Sightings;
import dev.moonboot.profile.CatalogWatcher;
import dev.moonboot.profile.CatalogWriter;
import dev.moonboot.release.Changes;
import dev.moonboot.release.FakeReleaseCache;
import dev.moonboot.release.FollowConfig;
import dev.moonboot.release.FollowListener;
import dev.moonboot.release.Following;
import dev.moonboot.release.Pinning;
import dev.moonboot.release.ReleaseCache;
import dev.moonboot.release.Releases;
import dev.moonboot.release.Served;
import dev.moonboot.secret.DeviceFlow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A running admin listener with one channel whose registry is not there, and three tokens. */
final class AdminFixture implements AutoCloseable {
  static final String READER = "reader-0123456789abcdef0123456789abcdef";
  static final String OPERATOR = "operator-0123456789abcdef0123456789abcdef";
  static final String ADMIN = "admin-0123456789abcdef0123456789abcdef";
  static final String TOKENS =
      """
      # name role token
      monitoring read %s
      ops operate %s
      root admin %s
      """
          .formatted(READER, OPERATOR, ADMIN);

  /** Remembers what was written down, or cannot write. */
  static final class Recorded implements Audit {
    final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    volatile boolean broken;

    @Override
    public void record(AuditEvent event) {
      if (broken) {
        throw new AuditException("no space left on device", new IOException());
      }
      events.add(event);
    }

    /** {@code event outcome actor}, in order. */
    List<String> lines() {
      return events.stream()
          .map(e -> e.event() + " " + e.outcome() + " " + e.actor().id())
          .toList();
    }
  }

  final Recorded audit = new Recorded();
  final Meters meters = new Meters();
  final AtomicLong skipped = new AtomicLong();
  volatile Supplier<Refresh> registry =
      () -> new Refresh.Failed(Refresh.Trouble.UNREACHABLE, "connection refused", null);
  private final Following following;
  private final AdminApi api;
  private final AdminListener listener;
  private @Nullable CatalogWatcher watcher;

  /** With the three tokens in a file in that folder. */
  static AdminFixture withTokens(Path folder, Resource... more) throws IOException {
    Path file = folder.resolve("tokens");
    write(file, TOKENS);
    return new AdminFixture(
        folder,
        new AccessConfig(List.of(), file, null, Duration.ZERO),
        null,
        DeviceFlow.none(),
        List.of(more));
  }

  /** The same, with nodes that ask to be approved. */
  static AdminFixture withTokens(Path folder, DeviceFlow devices) throws IOException {
    Path file = folder.resolve("tokens");
    write(file, TOKENS);
    return new AdminFixture(
        folder, new AccessConfig(List.of(), file, null, Duration.ZERO), null, devices, List.of());
  }

  /** The same, with these things to boot. */
  static AdminFixture withTokens(Path folder, Bootable bootable) throws IOException {
    Path file = folder.resolve("tokens");
    write(file, TOKENS);
    return new AdminFixture(
        folder,
        new AccessConfig(List.of(), file, null, Duration.ZERO),
        bootable,
        DeviceFlow.none(),
        List.of());
  }

  static void write(Path file, String tokens) throws IOException {
    Path next = file.resolveSibling("tokens.next");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(next, tokens);
    Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  AdminFixture(Path folder, AccessConfig access) {
    this(folder, access, null, DeviceFlow.none(), List.of());
  }

  /**
   * @param given what can be booted; null for nothing
   */
  private AdminFixture(
      Path folder,
      AccessConfig access,
      @Nullable Bootable given,
      DeviceFlow devices,
      List<Resource> more) {
    Channel channel =
        new Channel(
            "custom",
            new ImageReference(new SourceImage.Repository("127.0.0.1:5000", "talos"), "demo", null),
            List.of(Arch.ARM64));
    Releases releases = new Releases(List.of(channel), null);
    Changes changes = Changes.open(folder.resolve("state"), releases, Audit.NONE);
    following =
        new Following(
            new Scripted(), releases, changes, FollowConfig.DEFAULT, meters, FollowListener.NONE);
    following.start();
    Bootable bootable = given == null ? nothing(folder.resolve("data"), releases, changes) : given;
    api =
        new AdminApi(
            access,
            new AdminApi.Subjects(
                following,
                new NotReady(),
                meters,
                new Kept(),
                audit,
                new Happened(),
                bootable,
                devices,
                this::about),
            more,
            () -> System.nanoTime() + skipped.get());
    listener = new AdminListener(new AdminConfig(loopback(), HttpLimits.DEFAULT, null), api);
    listener.start();
  }

  private Bootable nothing(Path data, Releases releases, Changes changes) {
    FakeReleaseCache cache = new FakeReleaseCache();
    BootPlanner planner = new BootPlanner(watcher(data)::current, releases, List.of());
    return new Bootable(
        releases,
        cache,
        new Served(),
        watcher(data)::current,
        new CatalogWriter(data, watcher(data), audit),
        planner,
        new Pinning(cache, releases, changes, planner::channel));
  }

  private CatalogWatcher watcher(Path data) {
    CatalogWatcher known = watcher;
    if (known == null) {
      known = new CatalogWatcher(data);
      watcher = known;
    }
    return known;
  }

  static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  InetSocketAddress address() {
    return listener.address();
  }

  Following following() {
    return following;
  }

  AdminApi api() {
    return api;
  }

  /** One request without a token. */
  RawClient.Answer ask(String method, String target, String... headers) throws IOException {
    return RawClient.ask(address(), method, target, headers);
  }

  /** One request of the bearer of {@code token}. */
  RawClient.Answer as(String token, String method, String target, String... headers)
      throws IOException {
    return ask(method, target, with(headers, "Authorization: Bearer " + token));
  }

  /** One request with a JSON body. */
  RawClient.Answer send(String token, String method, String target, String body, String... headers)
      throws IOException {
    String[] all =
        with(
            with(headers, "Authorization: Bearer " + token),
            "Content-Type: application/json",
            "Content-Length: " + body.getBytes(UTF_8).length);
    try (RawClient client = RawClient.connect(address())) {
      client.request(method, target, all);
      client.send(new String(body.getBytes(UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1));
      return client.read(method);
    }
  }

  private static String[] with(String[] headers, String... more) {
    String[] all = Arrays.copyOf(headers, headers.length + more.length);
    System.arraycopy(more, 0, all, headers.length, more.length);
    return all;
  }

  static Json.Obj json(RawClient.Answer answer) {
    return (Json.Obj) JsonText.parse(answer.text());
  }

  /** Lets that much time pass for windows and ages. */
  void skip(Duration time) {
    skipped.addAndGet(time.toNanos());
  }

  @Override
  public void close() {
    api.close();
    listener.close();
    following.close();
    if (watcher != null) {
      watcher.close();
    }
  }

  private About about() {
    return new About(
        "1.2.3", Instant.EPOCH, "off", List.of(), List.of("127.0.0.1:5000"), List.of());
  }

  /** One release that is deleted, and one that stays. */
  private static final class Kept implements Upkeep {
    private static final Digest OLD = Digest.of(new byte[] {1});
    private static final Digest HEAD = Digest.of(new byte[] {2});

    @Override
    public Sweep sweep(boolean dryRun) {
      return new Sweep(
          dryRun,
          List.of(new Sweep.Deleted(OLD, 100)),
          List.of(new Sweep.Kept(HEAD, Set.of(Sweep.Reason.HEAD, Sweep.Reason.SERVED))),
          new Sweep.Strays(2, 10),
          "");
    }

    @Override
    public Scrub scrub(Progress progress) {
      return new Scrub(3, 300, List.of(OLD), List.of(HEAD), Duration.ofSeconds(4));
    }

    @Override
    public List<Head> history(String channel) {
      return List.of(new Head(HEAD, Instant.EPOCH));
    }
  }

  /** One audit record, and one boot. */
  private static final class Happened implements Records {
    private final BootLog boots = new BootLog();

    Happened() {
      boots
          .sightings()
          .note(
              new Sightings.Seen(
                  new MacAddress("52:54:00:12:34:56"), "10.0.0.7", "", "", "", "amd64", "ipxe"));
      boots.told(
          new Told(
              new Boot.Node("52:54:00:12:34:56", "", "", "amd64", "10.0.0.7"),
              new Boot.Answer("amd64", "talos", "sha256:1f", "channel", ""),
              Told.Form.IPXE,
              List.of("/assets/talos/custom/vmlinuz-amd64"),
              List.of("talos.platform=metal")));
      boots.transfer(new Sent("10.0.0.7", "/assets/talos/custom/vmlinuz-amd64", 0, 5, 9));
    }

    @Override
    public AuditPage audit(AuditFilter filter, int limit) {
      Json.Obj content =
          (Json.Obj)
              JsonText.parse(
                  "{\"ts\":\"2026-01-02T03:04:05.678Z\",\"seq\":1,\"prev\":\"0\","
                      + "\"event\":\"pin.set\",\"outcome\":\"ok\"}");
      return new AuditPage(List.of(new AuditRecord(1, "0", Instant.EPOCH, content)), false);
    }

    @Override
    public BootLog boots() {
      return boots;
    }
  }

  private static final class NotReady implements Health {
    @Override
    public List<Check> live() {
      return List.of(new Check("follow", true, ""));
    }

    @Override
    public List<Check> ready() {
      return List.of(new Check("channel custom", false, "no release yet"));
    }
  }

  /** A cache whose registry says what it is told to; besides, one with nothing in it. */
  private final class Scripted implements ReleaseCache {
    private final FakeReleaseCache empty = new FakeReleaseCache();

    @Override
    public Refresh refresh(Channel channel, Progress progress, HeadGate gate) {
      return registry.get();
    }

    @Override
    public Optional<Release> head(Channel channel) {
      return empty.head(channel);
    }

    @Override
    public List<Release> releases(Channel channel) {
      return empty.releases(channel);
    }

    @Override
    public List<Release> all() {
      return empty.all();
    }

    @Override
    public Fetched fetch(Channel channel, Digest digest, Progress progress) {
      return empty.fetch(channel, digest, progress);
    }

    @Override
    public Fetched fetch(Channel channel, String tag, Progress progress) {
      return empty.fetch(channel, tag, progress);
    }

    @Override
    public Optional<String> revoked(Digest release) {
      return empty.revoked(release);
    }

    @Override
    public Optional<String> flagged(Digest release) {
      return empty.flagged(release);
    }

    @Override
    public void accept(Channel channel, Digest digest) {
      empty.accept(channel, digest);
    }
  }
}
