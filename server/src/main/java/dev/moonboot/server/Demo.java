package dev.moonboot.server;

import dev.moonboot.admin.AccessConfig;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.CacheSettings;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.cli.TextTable;
import dev.moonboot.demo.DemoRegistry;
import dev.moonboot.firmware.LoadersConfig;
import dev.moonboot.http.AdminConfig;
import dev.moonboot.http.HttpConfig;
import dev.moonboot.http.HttpLimits;
import dev.moonboot.ignition.ButaneConfig;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.raspberrypi.PiConfig;
import dev.moonboot.release.FollowConfig;
import dev.moonboot.secret.SecretConfig;
import dev.moonboot.talos.TalosConfig;
import dev.moonboot.tftp.TftpConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole thing on one machine: a registry, the appliance that follows a tag in it, and a payload
 * that says it is none. Ports are free ones of loopback; files are in one temporary folder, which
 * is gone at the end.
 */
final class Demo implements AutoCloseable {
  private static final String CHANNEL = "custom";
  private static final String TAG = "stable";
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final long PATIENCE_SECONDS = 120;

  private final Path data;
  private final PrintWriter out;
  private final DemoNarrator narrator;
  private final Parts parts = new Parts();
  private int version;

  /** What runs, once it does. */
  private record Running(DemoRegistry registry, Appliance appliance) {}

  private @Nullable Running running;

  /**
   * A demo that has not begun.
   *
   * @param data the matchbox data directory to serve
   */
  Demo(Path data, PrintWriter out, boolean terminal) {
    this.data = data;
    this.out = out;
    this.narrator = new DemoNarrator(out, terminal);
  }

  /**
   * Starts registry and appliance. Like {@link #close}, it has the demo for itself: who ends it by
   * Ctrl-C in this very moment waits until there is something whole to end.
   */
  synchronized void begin() {
    if (!Files.isDirectory(data)) {
      throw new StartException(
          "there is no folder " + data + ": start moonboot by its start script", null);
    }
    Path folder = temporaryFolder();
    parts.add("folder", () -> delete(folder));
    DemoRegistry registry = parts.add("registry", DemoRegistry.start());
    out.println("1. A registry, in this process:  http://" + registry.host());
    push(registry);
    out.println();
    out.println("2. The appliance follows that tag as channel \"" + CHANNEL + "\":");
    out.flush();
    Appliance appliance =
        parts.add("appliance", Appliance.start(config(registry, folder), narrator, _ -> {}));
    running = new Running(registry, appliance);
  }

  private synchronized Running running() {
    return Objects.requireNonNull(running, "begun");
  }

  private ApplianceConfig config(DemoRegistry registry, Path folder) {
    InetSocketAddress free = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    RegistrySettings defaults = RegistrySettings.DEFAULT;
    var image = AssetCache.parse(registry.host() + "/" + DemoRegistry.REPOSITORY + ":" + TAG);
    return new ApplianceConfig(
        data,
        folder.resolve("cache"),
        CacheSettings.NO_QUOTA,
        folder.resolve("state"),
        new HttpConfig(free, null, HttpLimits.DEFAULT),
        List.of(),
        new AdminConfig(free, HttpLimits.DEFAULT, null),
        AccessConfig.NONE,
        TftpConfig.at(free),
        new ChannelsConfig(
            List.of(new Channel(CHANNEL, image, List.of(Arch.ARM64, Arch.AMD64))), CHANNEL),
        new BuildConfig(folder.resolve(BuildConfig.LOCK), "", null, 1),
        SecretConfig.DEFAULT,
        new FollowConfig(EVERY, 1, FollowConfig.DEFAULT.staleAfter()),
        UnknownNodes.DEFAULT,
        new ButaneConfig(null),
        MatchboxWays.NONE,
        SigningConfig.NONE,
        null,
        null,
        LoadersConfig.DEFAULT,
        PiConfig.NONE,
        new TalosConfig(null, null),
        new RegistrySettings(
            Set.of(registry.host()),
            List.of(),
            Set.of(),
            folder.resolve("no-credentials.json"),
            null,
            List.of(),
            defaults.timeouts()),
        TrustPolicy.NONE,
        null);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("moonboot-demo-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void push(DemoRegistry registry) {
    version++;
    String name = "v0.0." + version + "-demo";
    Digest digest = registry.push(TAG, name);
    out.printf(
        "   pushed   %s/%s:%s = %s%n            %s for arm64 and amd64: an installer image with"
            + " nothing but a UKI in it,%n            made here just now; a demo payload, not"
            + " Talos%n",
        registry.host(), DemoRegistry.REPOSITORY, TAG, digest, name);
    out.flush();
  }

  /** Waits until what was pushed is served, and says how long that took. */
  void awaitRelease() throws InterruptedException {
    long began = System.nanoTime();
    Refresh outcome =
        narrator
            .awaitChange(PATIENCE_SECONDS)
            .orElseThrow(() -> new StartException("the appliance noticed nothing", null));
    switch (outcome) {
      case Refresh.Updated(var head, var previous, var downloaded) -> {
        out.printf(
            "   release  %s (%s) is what \"%s\" boots now: %.1f s, %s fetched%s%n",
            head.digest(),
            head.version(),
            CHANNEL,
            (System.nanoTime() - began) / 1e9,
            TextTable.size(downloaded),
            previous == null ? "" : "; nodes that began with the one before finish with it");
        files(head);
      }
      case Refresh.Rejected(_, _, var why) -> throw new StartException(why, null);
      case Refresh.Held(_, _, var why) -> throw new StartException(why, null);
      case Refresh.Failed(_, var why, _) -> throw new StartException(why, null);
      case Refresh.Unchanged _ -> throw new IllegalStateException("not a change");
    }
  }

  private void files(Release head) {
    var table = new TextTable();
    head.builds()
        .forEach((arch, build) ->
            build
                .assets()
                .forEach((name, asset) ->
                    table.row(
                        "        " + name.flatName(arch),
                        TextTable.size(asset.size()),
                        "sha256 " + asset.digest().shortHex() + "...")));
    table.lines().stream().sorted().forEach(out::println);
    out.flush();
  }

  void printLinesToTry() {
    Appliance appliance = running().appliance();
    String http = "http://" + Appliance.text(appliance.bootAddress());
    out.println();
    out.println("3. Try it from another terminal:");
    out.println("     curl " + http + "/boot.ipxe");
    out.println("     curl '" + http + "/ipxe?mac=52-54-00-12-34-56&arch=arm64'");
    out.println("     curl -O " + http + "/assets/talos/" + CHANNEL + "/vmlinuz-arm64");
    out.println(
        "     curl -s "
            + http
            + "/assets/talos/"
            + CHANNEL
            + "/vmlinuz-arm64.sha256 |"
            + " sha256sum -c");
    appliance
        .tftpAddress()
        .ifPresent(tftp ->
            out.printf(
                "     tftp -m binary 127.0.0.1 %d -c get talos/%s/vmlinuz-arm64%n",
                tftp.getPort(), CHANNEL));
    out.println(
        "     curl http://"
            + appliance.adminAddress().map(Appliance::text).orElseThrow()
            + "/admin/v1/channels");
    out.flush();
  }

  /** Asks for the script of one node, as its iPXE would. */
  void printScript() {
    out.println();
    out.println("   What that node is told now:");
    new String(get("/ipxe?mac=52-54-00-12-34-56&arch=arm64"), StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> out.println("     " + line));
    out.flush();
  }

  /** What the boot listener answers to that path. */
  byte[] get(String path) {
    URI url = URI.create("http://" + Appliance.text(running().appliance().bootAddress()) + path);
    try (var in = url.toURL().openStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot get " + url, e);
    }
  }

  /** Lets the tag name another image. */
  void moveTag() {
    out.println();
    out.println("   The tag moves:");
    push(running().registry());
  }

  /** Switches on a virtual machine that boots from here, and shows its screen. */
  void bootMachine() throws InterruptedException {
    out.println();
    out.println("   A virtual PC boots from it (QEMU, emulated):");
    out.flush();
    if (!switchOn().watch()) {
      throw new StartException("the virtual machine did not boot and switch itself off", null);
    }
  }

  private synchronized DemoMachine switchOn() {
    int port = running().appliance().bootAddress().getPort();
    return parts.add("machine", DemoMachine.start(port, out));
  }

  @Override
  public synchronized void close() {
    parts.close();
  }
}
