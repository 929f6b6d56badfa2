package dev.moonboot.server;

import dev.moonboot.admin.AdminApi;
import dev.moonboot.admin.Bootable;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.CacheSettings;
import dev.moonboot.assets.verify.SignaturePolicy;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.dhcp.DhcpConfig;
import dev.moonboot.dhcp.DhcpException;
import dev.moonboot.dhcp.DhcpListener;
import dev.moonboot.dhcp.Subjects;
import dev.moonboot.factory.Factory;
import dev.moonboot.factory.FactoryConfig;
import dev.moonboot.http.AdminConfig;
import dev.moonboot.http.AdminListener;
import dev.moonboot.http.BootListener;
import dev.moonboot.http.BootSubjects;
import dev.moonboot.http.Health;
import dev.moonboot.installer.InstallCheck;
import dev.moonboot.installer.InstallerImages;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.installer.ReleaseSignatures;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditLog;
import dev.moonboot.journal.AuditQueue;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.LogCopy;
import dev.moonboot.journal.Stage;
import dev.moonboot.journal.Timeline;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.Sightings;
import dev.moonboot.profile.CatalogWatcher;
import dev.moonboot.profile.CatalogWriter;
import dev.moonboot.profile.MatchboxWriter;
import dev.moonboot.provision.Provisioner;
import dev.moonboot.release.Changes;
import dev.moonboot.release.FollowListener;
import dev.moonboot.release.Following;
import dev.moonboot.release.LastScripts;
import dev.moonboot.release.PinUpkeep;
import dev.moonboot.release.Pinning;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import dev.moonboot.release.Served;
import dev.moonboot.rpc.RpcConfig;
import dev.moonboot.rpc.RpcListener;
import dev.moonboot.rpc.TalosEventSink;
import dev.moonboot.secret.ConfigAccess;
import dev.moonboot.secret.ConfigUrls;
import dev.moonboot.secret.DeviceFlow;
import dev.moonboot.secret.HiddenFiles;
import dev.moonboot.secret.MachineConfigs;
import dev.moonboot.talos.KernelLog;
import dev.moonboot.tftp.TftpConfig;
import dev.moonboot.tftp.TftpException;
import dev.moonboot.tftp.TftpListener;
import dev.moonboot.tftp.TftpTree;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The whole service, wired and running. What is on disk is served before any registry is asked. */
final class Appliance implements AutoCloseable {
  /** How long running TFTP transfers may take to finish; HTTP grants its own the same. */
  private static final Duration DRAIN = Duration.ofSeconds(20);

  private static final System.Logger LOG = System.getLogger(Appliance.class.getName());

  private static final AuditEvent STARTED =
      new AuditEvent("appliance.start", "ok", "", Actor.SYSTEM, Map.of(), Map.of());

  private final Parts parts;
  private final Meters meters = new Meters();
  private final Releases releases;
  private final Following following;
  private final Pinning pinning;
  private final AssetCache cache;
  private final AtomicReference<TrustPolicy> trust;
  private final AuditLog audit;
  private final PinUpkeep upkeep;
  private final ApplianceHealth health;
  private final BootListener boot;
  private final boolean bootsByTls;
  private final @Nullable AdminListener admin;
  private final @Nullable TftpListener tftp;
  private final @Nullable RpcListener rpc;
  private final @Nullable KernelLog kernelLog;
  private final @Nullable TalosEventSink events;

  private Appliance(
      ApplianceConfig config, FollowListener listener, LogCopy auditCopy, Parts parts) {
    this.parts = parts;
    TrustLog.tell(config.trust());
    BuildPrograms.tell(config.channels().channels());
    trust = new AtomicReference<>(config.trust());
    cache =
        parts.add(
            "cache",
            AssetCache.open(
                new CacheSettings(
                        config.cache(),
                        config.state(),
                        config.registry(),
                        config.follow().keep(),
                        SignaturePolicy.of(config.trust()),
                        config.quota())
                    .with(config.build().settings(config.channels().channels()))));
    CatalogWatcher catalog = parts.add("catalog", new CatalogWatcher(config.data()));
    releases = new Releases(config.channels().channels(), config.channels().defaultChannel());
    ReleaseSignatures signatures = Signing.of(config);
    releases.prepare(signatures::add);
    releases.watch(() -> signatures.sign(releases::held));
    audit =
        parts.add(
            "audit", AuditLog.open(config.state().resolve("audit"), Main.version(), auditCopy));
    AuditQueue bootAudit = parts.add("audit queue", new AuditQueue(audit));
    bootAudit.record(STARTED);
    Sightings sightings = new Sightings();
    BootLog boots = new BootLog(sightings);
    Changes changes = Changes.open(config.state(), releases, audit);
    cache.watchRemade(changes::remade);
    CachedReleases held = new CachedReleases(cache);
    Served served = new Served();
    releases.watch(() -> served.keep(releases.held()));
    ReleasePaths paths = new ReleasePaths(releases, served, new LastScripts());
    ConfigAccess access = new ConfigAccess(config.secrets(), catalog::current, bootAudit);
    ConfigUrls configUrls = new ConfigUrls(access, config.advertise(), config.http().staticFiles());
    DeviceFlow devices =
        new DeviceFlow(config.secrets(), catalog::current, config.unknownNodes(), bootAudit);
    if (config.signing().signer() != null) {
      LOG.log(Level.INFO, "signing key=" + config.signing().signer());
    }
    config.secrets().warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
    BootPlanner planner =
        new BootPlanner(
            catalog::current,
            releases,
            config.advertise(),
            config.unknownNodes(),
            configUrls::preview);
    pinning = new Pinning(held, releases, changes, planner::channel);
    FactoryConfig factoryConfig = config.factory();
    Factory factory =
        factoryConfig == null
            ? null
            : parts.add("factory", FactoryParts.open(factoryConfig, config, cache, releases));
    cache.roots(() ->
        new Roots(
            releases.channelNames(),
            FactoryParts.needed(pinning.needed(), factory),
            served.recent()));
    upkeep = parts.add("upkeep", new PinUpkeep(held, releases, changes, pinning, meters));
    following =
        parts.add(
            "following", new Following(held, releases, changes, config.follow(), meters, listener));
    health = new ApplianceHealth(following, upkeep, releases, catalog, audit, config.cache());
    Firmware firmware =
        new Firmware(
            config,
            new Firmware.Subjects(catalog, planner, releases, paths, configUrls, meters, boots),
            new HiddenFiles(access, config.http().staticFiles()));
    Provisioner provisioner =
        new Provisioner(
            catalog::current,
            config.unknownNodes(),
            config.butane().translator(),
            config.matchbox());
    InstallerRepositories repositories = new InstallerRepositories(releases, signatures, factory);
    InstallerPushes pushes =
        parts.add(
            "installer push",
            new InstallerPushes(
                config.channels().pushes(), repositories, config.registry(), audit, meters));
    releases.watch(pushes::look);
    Together listeners = parts.add("listeners", new Together());
    if (factory != null) {
      listeners.add(
          factory::letGo); // ends requests that are held, for which the listener would wait
    }
    boot =
        new BootListener(
            config.http(),
            new BootSubjects(
                planner,
                paths,
                provisioner,
                new MachineConfigs(access, configUrls, devices),
                config.matchbox(),
                config.signing(),
                firmware.tree(),
                new InstallerImages(repositories, signatures),
                factory),
            health,
            meters,
            boots);
    bootsByTls = config.http().tls() != null;
    listeners.add(boot);
    cache.watch(damage -> {
      releases.damaged(damage.releases(), held::all);
      boot.evict(damage.files());
    });
    AdminSubjects subjects =
        new AdminSubjects(config, trust::get, cache, catalog, audit, boots, pushes);
    CatalogWriter writer = new CatalogWriter(config.data(), catalog, audit);
    Bootable bootable =
        new Bootable(
            releases,
            held,
            served,
            catalog::current,
            writer,
            planner,
            pinning,
            firmware.steps()::of,
            new NodeInstalls(
                catalog::current,
                provisioner,
                config.http().staticFiles(),
                new InstallCheck(repositories)));
    AdminApi api =
        new AdminApi(
            config.access(),
            new AdminApi.Subjects(
                following,
                health,
                meters,
                subjects,
                audit,
                subjects,
                bootable,
                devices,
                subjects::about));
    listeners.add(api); // ends streams of events, for which the listener would wait
    AdminConfig adminConfig = config.admin();
    admin = adminConfig == null ? null : new AdminListener(adminConfig, api);
    if (admin != null) {
      listeners.add(admin);
    }
    // before nodes can ask, so that none is told to wait for what is on disk
    following.start();
    cache.recoveries().forEach(changes::recovered);
    upkeep.start();
    pushes.start();
    if (factory != null) {
      factory.start();
    }
    bind("http.address", config.http().bind(), boot::start);
    firmware.httpAt(boot.address().getPort());
    firmware.tell(config);
    if (adminConfig != null && admin != null) {
      bind("admin.address", adminConfig.bind(), admin::start);
    }
    RpcConfig rpcConfig = config.rpc();
    if (rpcConfig == null) {
      rpc = null;
    } else {
      rpc =
          new RpcListener(
              rpcConfig,
              config.data(),
              catalog::current,
              new MatchboxWriter(config.data(), writer),
              audit,
              meters);
      listeners.add(rpc);
      health.watch(rpc);
      bind("grpc.address", rpcConfig.bind(), rpc::start);
    }
    TftpConfig tftpConfig = config.tftp();
    if (tftpConfig == null) {
      tftp = null;
    } else {
      TftpListener started =
          TftpListener.open(
              tftpConfig,
              new TftpTree(firmware.tree(), firmware.loaders(), new TftpAssets(paths)),
              meters,
              boots);
      listeners.add(() -> started.close(DRAIN));
      health.watch(started);
      tftp = started;
    }
    DhcpConfig dhcp = config.dhcp();
    if (dhcp != null) {
      if (tftp == null || tftp.address().getPort() != TftpConfig.PORT) {
        LOG.log(
            Level.WARNING,
            "dhcp tells nodes to load by TFTP, which is not at port 69 here; set tftp.enabled: true"
                + " and tftp.address: :69, or only those will boot that load by HTTP");
      }
      // last: who is told to load something finds it
      DhcpListener started =
          DhcpListener.open(
              dhcp,
              new Subjects(
                  firmware.first(),
                  new SelectedNodes(catalog::current),
                  sightings,
                  boots,
                  bootAudit,
                  meters));
      listeners.add(started);
      health.watch(started);
    }
    InetSocketAddress logAddress = config.talos().kernelLog();
    kernelLog = logAddress == null ? null : new KernelLog(logAddress, boots);
    if (logAddress != null && kernelLog != null) {
      listeners.add(kernelLog);
      health.watch("talos kernel log", kernelLog::isOpen);
      bind("talos.kernel-log", logAddress, kernelLog::start);
    }
    InetSocketAddress eventsAddress = config.talos().events();
    events = eventsAddress == null ? null : new TalosEventSink(eventsAddress, boots);
    if (eventsAddress != null && events != null) {
      listeners.add(events);
      health.watch("talos events", events::isOpen);
      bind("talos.events", eventsAddress, events::start);
    }
    meters.boots(
        words(Stage.values()),
        words(Timeline.Outcome.values()),
        (stage, outcome) -> boots.count(stage, outcome));
  }

  /**
   * Starts all parts, or none.
   *
   * @throws StartException when a socket cannot be bound
   * @throws dev.moonboot.assets.cache.CacheException when the cache cannot be opened
   */
  static Appliance start(ApplianceConfig config, FollowListener listener) {
    return start(config, listener, LogCopy.standardError());
  }

  /**
   * As {@link #start(ApplianceConfig, FollowListener)}.
   *
   * @param auditCopy where the lines of the audit log go, too
   */
  static Appliance start(ApplianceConfig config, FollowListener listener, LogCopy auditCopy) {
    Parts parts = new Parts();
    try {
      return new Appliance(config, listener, auditCopy, parts);
    } catch (TftpException | DhcpException e) {
      parts.close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      parts.close();
      throw e;
    }
  }

  private static List<String> words(Enum<?>[] values) {
    return Stream.of(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  private static void bind(String key, InetSocketAddress address, Runnable start) {
    try {
      start.run();
    } catch (UncheckedIOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartException(
          "cannot listen on %s (%s): %s; stop the program that has it (ss -lptn shows it), or set"
                  .formatted(text(address), key, cause.getMessage())
              + " another address",
          e);
    }
  }

  /** As it is typed: {@code 10.0.0.1:8080}, {@code [::1]:8080}. */
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  Releases releases() {
    return releases;
  }

  Following following() {
    return following;
  }

  Pinning pinning() {
    return pinning;
  }

  Health health() {
    return health;
  }

  Meters meters() {
    return meters;
  }

  /** Tells in health how it stands with the configuration. */
  void configurationIs(String detail) {
    health.configuration(detail);
  }

  /** What can be changed while all runs. */
  List<LiveSetting> liveSettings() {
    return List.of(
        new LiveSetting(
            "trust",
            config -> {
              cache.policy(SignaturePolicy.of(config.trust()));
              trust.set(config.trust());
              following.recheck();
            }),
        new LiveSetting("follow.every", config -> following.every(config.follow().every())));
  }

  Audit audit() {
    return audit;
  }

  /** Whether nodes have to speak TLS. */
  boolean bootsByTls() {
    return bootsByTls;
  }

  /** Where nodes speak HTTP to. */
  InetSocketAddress bootAddress() {
    return boot.address();
  }

  Optional<InetSocketAddress> adminAddress() {
    return Optional.ofNullable(admin).map(AdminListener::address);
  }

  Optional<InetSocketAddress> rpcAddress() {
    return Optional.ofNullable(rpc).map(RpcListener::address);
  }

  Optional<InetSocketAddress> kernelLogAddress() {
    return Optional.ofNullable(kernelLog).map(KernelLog::address);
  }

  Optional<InetSocketAddress> eventsAddress() {
    return Optional.ofNullable(events).map(TalosEventSink::address);
  }

  Optional<InetSocketAddress> tftpAddress() {
    return Optional.ofNullable(tftp).map(TftpListener::address);
  }

  /** Takes nothing new, lets what runs finish for a while, and ends. */
  @Override
  public void close() {
    parts.close();
  }
}
