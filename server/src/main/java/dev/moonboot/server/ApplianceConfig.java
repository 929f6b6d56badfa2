package dev.moonboot.server;

import dev.moonboot.admin.AccessConfig;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.CacheSettings;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.config.Check;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.dhcp.DhcpConfig;
import dev.moonboot.factory.FactoryConfig;
import dev.moonboot.firmware.LoadersConfig;
import dev.moonboot.http.AdminConfig;
import dev.moonboot.http.HttpConfig;
import dev.moonboot.ignition.ButaneConfig;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.raspberrypi.PiConfig;
import dev.moonboot.release.FollowConfig;
import dev.moonboot.rpc.RpcConfig;
import dev.moonboot.secret.SecretConfig;
import dev.moonboot.talos.TalosConfig;
import dev.moonboot.tftp.TftpConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the appliance is told.
 *
 * @param data a matchbox data directory: {@code groups/} and {@code profiles/}
 * @param cache where releases are kept
 * @param state where it is kept what was decided
 * @param quota bytes that the cache may take on its disk
 * @param advertise under which URLs nodes reach us; only for profiles that write whole URLs
 * @param admin null when the admin listener is off
 * @param tftp null when TFTP is off
 * @param butane what makes Ignition configs of Butane ones
 * @param matchbox what is done as matchbox does it
 * @param signing with what answers to nodes are signed
 * @param build how compositions are made here
 * @param rpc null when gRPC is off
 * @param dhcp null when DHCP is off
 * @param loaders where boot programs come from
 * @param raspberryPi where the firmware of Raspberry Pis comes from
 * @param talos where Talos may tell of itself
 * @param trust whose signatures are asked for
 * @param factory null where this is no Image Factory
 */
record ApplianceConfig(
    Path data,
    Path cache,
    long quota,
    Path state,
    HttpConfig http,
    List<String> advertise,
    @Nullable AdminConfig admin,
    AccessConfig access,
    @Nullable TftpConfig tftp,
    ChannelsConfig channels,
    BuildConfig build,
    SecretConfig secrets,
    FollowConfig follow,
    UnknownNodes unknownNodes,
    ButaneConfig butane,
    MatchboxWays matchbox,
    SigningConfig signing,
    @Nullable RpcConfig rpc,
    @Nullable DhcpConfig dhcp,
    LoadersConfig loaders,
    PiConfig raspberryPi,
    TalosConfig talos,
    RegistrySettings registry,
    TrustPolicy trust,
    @Nullable FactoryConfig factory) {

  private static final Kind<ImageReference> IMAGE =
      new Kind<>(
          "an image such as ghcr.io/acme/talos:demo", AssetCache::parse, ImageReference::toString);

  static ApplianceConfig read(ConfigReader in) {
    return read(in, null);
  }

  /**
   * As {@link #read(ConfigReader)}.
   *
   * @param passphrase of the key ring, where no file says it
   */
  static ApplianceConfig read(ConfigReader in, @Nullable String passphrase) {
    Path data =
        in.path(
            "data",
            "the data directory, in matchbox's format: groups/ and profiles/",
            DataPlace.DEFAULT);
    Path cache =
        in.path(
            "cache",
            "where releases are kept; made again from the registry when it is lost",
            Path.of("/var/cache/moonboot"));
    int quota =
        in.integer(
            "cache-quota",
            "MiB that the cache may take on its disk; 0 for as much as there is, but for a reserve",
            0,
            Check.atLeast(0));
    Path state =
        in.path(
            "state",
            "where it is kept what channels name and named, and what people decided; worth a backup",
            Path.of("/var/lib/moonboot"));
    Path statics =
        in.value(
            "static",
            "a folder whose files are served below /assets/ beside the releases; may be missing,"
                + " empty text for none",
            Path.of("/var/lib/moonboot/assets"),
            Kind.PATH,
            List.of());
    boolean readableKeys =
        in.bool(
            "readable-keys",
            "whether the keys of http.tls, grpc and signing are used, with a warning, though others"
                + " than their owner may read them, as matchbox does",
            false);
    ChannelsConfig channels = ChannelsConfig.read(in);
    BuildConfig build = BuildConfig.read(in.section("build"));
    ConfigReader http = in.section("http");
    HttpConfig boot =
        HttpConfig.read(
            http, statics.toString().isEmpty() ? null : in.resolve(statics), readableKeys);
    List<String> advertise = advertise(http);
    ConfigReader adminSection = in.section("admin");
    boolean adminEnabled = adminSection.bool("enabled", "whether there is an admin listener", true);
    AdminConfig admin = AdminConfig.read(adminSection);
    return new ApplianceConfig(
        data,
        cache,
        quota == 0 ? CacheSettings.NO_QUOTA : (long) quota << 20,
        state,
        boot,
        advertise,
        adminEnabled ? admin : null,
        AccessConfig.read(adminSection, admin),
        TftpConfig.read(in.section("tftp")).orElse(null),
        channels,
        build,
        SecretConfig.read(in.section("machine-configs")),
        FollowConfig.read(in.section("follow")),
        UnknownNodes.read(in.section("unknown-nodes")),
        ButaneConfig.read(in.section("provision")),
        MatchboxWays.read(in.section("matchbox")),
        SigningConfig.read(in.section("signing"), passphrase, readableKeys),
        RpcConfig.read(in.section("grpc"), readableKeys).orElse(null),
        DhcpConfig.read(in.section("dhcp")).orElse(null),
        LoadersConfig.read(in.section("loaders"), channels.names(Content.LOADERS)),
        PiConfig.read(in.section("raspberry-pi"), channels.names(Content.FIRMWARE)),
        TalosConfig.read(in.section("talos")),
        RegistryConfig.read(in.section("registry")),
        TrustConfig.read(in.section("trust")),
        FactoryConfig.read(in.section("factory"), IMAGE).orElse(null));
  }

  private static List<String> advertise(ConfigReader http) {
    return http
        .values(
            "advertise",
            "the URLs under which nodes reach this service, for profiles that write whole URLs"
                + " and not /assets/...",
            List.of(),
            Kind.URL)
        .stream()
        .map(URI::toString)
        .toList();
  }
}
