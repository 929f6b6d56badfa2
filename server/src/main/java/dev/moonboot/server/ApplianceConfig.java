package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.http.AdminConfig;
import dev.moonboot.http.HttpConfig;
import dev.moonboot.http.HttpLimits;
import dev.moonboot.release.FollowConfig;
import dev.moonboot.tftp.NetRange;
import dev.moonboot.tftp.TftpConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that the appliance is told.
 *
 * @param data a matchbox data directory: {@code groups/} and {@code profiles/}
 * @param cache where releases are kept
 * @param advertise under which URLs nodes reach us; only for profiles that write whole URLs
 * @param tftp null when TFTP is off
 * @param channels what is followed
 * @param defaultChannel which of them paths without a channel mean; null for none
 */
record ApplianceConfig(
    Path data,
    Path cache,
    HttpConfig http,
    List<String> advertise,
    AdminConfig admin,
    @Nullable TftpConfig tftp,
    List<Channel> channels,
    @Nullable String defaultChannel,
    FollowConfig follow,
    RegistrySettings registry) {

  private static final Kind<ImageReference> IMAGE =
      new Kind<>(
          "an image such as ghcr.io/acme/talos:demo", AssetCache::parse, ImageReference::toString);

  private static final Kind<Arch> ARCH =
      new Kind<>(
          "amd64 or arm64",
          text -> Arch.parse(text).orElseThrow(() -> new IllegalArgumentException("unknown")),
          Arch::id);

  private static final Kind<NetRange> NET =
      new Kind<>("an address range such as 10.0.0.0/8", NetRange::parse, NetRange::toString);

  /** The user part may hold a password, so it is never written. */
  private static final Kind<URI> PROXY =
      new Kind<>(
          "a URL such as http://proxy.example:3128",
          Kind.URL.parser(),
          uri -> uri.toString().replaceFirst("//[^/@]*@", "//***@"));

  static ApplianceConfig read(ConfigReader in) {
    Path data =
        in.path(
            "data",
            "the data directory, in matchbox's format: groups/ and profiles/",
            Path.of("/etc/moonboot"));
    Path cache =
        in.path(
            "cache",
            "where releases are kept; made again from the registry when it is lost",
            Path.of("/var/cache/moonboot"));
    Path statics =
        in.path(
            "static",
            "a folder whose files are served below /assets/ beside the releases; may be missing",
            Path.of("/var/lib/moonboot/assets"));
    ConfigReader http = in.section("http");
    List<Channel> channels = new ArrayList<>();
    String defaultChannel = channels(in, channels);
    return new ApplianceConfig(
        data,
        cache,
        http(http, statics),
        http
            .values(
                "advertise",
                "the URLs under which nodes reach this service, for profiles that write whole URLs"
                    + " and not /assets/...",
                List.of(),
                Kind.URL)
            .stream()
            .map(URI::toString)
            .toList(),
        admin(in.section("admin")),
        tftp(in.section("tftp")),
        List.copyOf(channels),
        defaultChannel,
        follow(in.section("follow")),
        registry(in.section("registry")));
  }

  private static HttpConfig http(ConfigReader in, Path statics) {
    InetSocketAddress address =
        in.address("address", "where nodes reach the boot listener", new InetSocketAddress(8080));
    HttpLimits limits = HttpLimits.DEFAULT;
    return new HttpConfig(
        address,
        statics,
        new HttpLimits(
            limits.firstByte(),
            limits.head(),
            limits.idle(),
            in.duration(
                "stall",
                "how long an answer may make no progress before its connection is closed",
                limits.stall(),
                Check.atLeast(Duration.ofSeconds(1))),
            limits.ratePeriod(),
            limits.bytesPerSecond(),
            in.integer(
                "connections", "connections open at once", limits.connections(), Check.atLeast(1)),
            in.integer(
                "connections-per-address",
                "connections open at once from one address; more where nodes stand behind NAT",
                limits.connectionsPerAddress(),
                Check.atLeast(1)),
            limits.requestsPerConnection(),
            in.integer(
                "transfers",
                "boot files sent at once; who comes then is told to come back",
                limits.transfers(),
                Check.atLeast(1)),
            limits.mappingIdle()));
  }

  private static AdminConfig admin(ConfigReader in) {
    InetSocketAddress fallback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8090);
    InetSocketAddress address =
        in.address("address", "where the admin listener is; loopback only", fallback);
    try {
      return new AdminConfig(address, HttpLimits.DEFAULT);
    } catch (IllegalArgumentException e) {
      in.problem("address", String.valueOf(e.getMessage()));
      return new AdminConfig(fallback, HttpLimits.DEFAULT);
    }
  }

  private static @Nullable TftpConfig tftp(ConfigReader in) {
    TftpConfig fallback = TftpConfig.at(new InetSocketAddress(69));
    boolean enabled = in.bool("enabled", "whether TFTP is served", true);
    InetSocketAddress address = in.address("address", "where TFTP is served", fallback.listen());
    boolean singlePort =
        in.bool(
            "single-port",
            "whether a transfer stays on that port, as NAT and containers need it; otherwise each"
                + " has a port of its own",
            fallback.singlePort());
    Path loaders =
        in.path("ipxe", "the folder of iPXE binaries to serve; may be missing", fallback.loaders());
    int transfers =
        in.integer(
            "transfers",
            "transfers running at once",
            fallback.transfers(),
            Check.atLeast(1),
            Check.atMost(4096));
    int perClient =
        in.integer(
            "transfers-per-client",
            "transfers running at once for one address",
            fallback.transfersPerClient(),
            Check.atLeast(1));
    int block =
        in.integer(
            "block-size",
            "largest block agreed to, in bytes; larger than the network's packets means fragments",
            fallback.blockSize(),
            Check.atLeast(512),
            Check.atMost(65464));
    int window =
        in.integer(
            "window-size",
            "most blocks sent before an acknowledgement",
            fallback.windowSize(),
            Check.atLeast(1),
            Check.atMost(64));
    List<NetRange> nets =
        in.values("allowed-nets", "who gets an answer; empty for everybody", List.of(), NET);
    if (!enabled) {
      return null;
    }
    try {
      return new TftpConfig(
          address, singlePort, loaders, transfers, perClient, block, window, nets);
    } catch (IllegalArgumentException e) {
      in.problem("transfers-per-client", String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** Fills {@code channels}; returns the default one's name. */
  private static @Nullable String channels(ConfigReader in, List<Channel> channels) {
    Set<String> defaults = new LinkedHashSet<>();
    in.sections("channels", "<name>")
        .forEach((name, channel) -> {
          Optional<ImageReference> image =
              channel.required("image", "the image and tag that is followed", IMAGE);
          List<Arch> arches =
              channel.values(
                  "arch",
                  "the architectures that a release must have, all of them",
                  List.of(Arch.AMD64, Arch.ARM64),
                  ARCH);
          boolean isDefault =
              channel.bool(
                  "default",
                  "whether paths without a channel (/assets/talos/<arch>/...) mean this one;"
                      + " a channel alone is the default anyway",
                  false);
          if (isDefault) {
            defaults.add(name);
          }
          if (defaults.size() > 1) {
            channel.problem("default", "only one channel can be the default: " + defaults);
          }
          image.ifPresent(i -> add(channel, name, i, arches, channels));
        });
    return defaults.stream()
        .findFirst()
        .orElse(channels.size() == 1 ? channels.getFirst().name() : null);
  }

  private static void add(
      ConfigReader in,
      String name,
      ImageReference image,
      List<Arch> arches,
      List<Channel> channels) {
    if (new HashSet<>(arches).size() < arches.size()) {
      in.problem("arch", "lists an architecture twice");
    }
    try {
      channels.add(new Channel(name, image, arches));
    } catch (IllegalArgumentException e) {
      in.problem(arches.isEmpty() ? "arch" : "image", String.valueOf(e.getMessage()));
    }
  }

  private static FollowConfig follow(ConfigReader in) {
    FollowConfig fallback = FollowConfig.DEFAULT;
    return new FollowConfig(
        in.duration(
            "every",
            "how often a channel is looked at; varied by a fifth either way",
            fallback.every(),
            Check.atLeast(Duration.ofSeconds(1)),
            Check.atMost(Duration.ofDays(7))),
        in.integer(
            "keep",
            "releases kept of a channel besides its head",
            fallback.keep(),
            Check.atLeast(0),
            Check.atMost(100)));
  }

  private static RegistrySettings registry(ConfigReader in) {
    ConfigReader proxy = in.section("proxy");
    return new RegistrySettings(
        Set.copyOf(
            in.strings(
                "plain-http",
                "registries (host or host:port) spoken to by plain HTTP; loopback and private"
                    + " addresses only",
                List.of())),
        in
            .values(
                "ca",
                "PEM files of certificate authorities trusted besides Java's",
                List.<Path>of(),
                Kind.PATH)
            .stream()
            .map(in::resolve)
            .toList(),
        Set.copyOf(
            in.strings(
                "realm-hosts",
                "hosts that may receive registry credentials for a token, besides the registry",
                List.of())),
        in.optionalPath(
                "docker-config",
                "credentials, as a docker config.json; without it where docker keeps its own")
            .orElse(null),
        proxy.optional("url", "the HTTP proxy to reach registries through", PROXY).orElse(null),
        proxy.strings(
            "no-proxy", "hosts, .domains and CIDR blocks reached without the proxy", List.of()),
        RegistrySettings.Timeouts.DEFAULT);
  }
}
