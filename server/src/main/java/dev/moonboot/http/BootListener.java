package dev.moonboot.http;

import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.secret.ConfigAccess;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;

/**
 * What nodes speak HTTP to: boot scripts and boot files. GET and HEAD only, but for nodes that ask
 * to be approved; no login, TLS where there is a certificate.
 */
public final class BootListener implements AutoCloseable {
  private final MappedFiles mapped;
  private final Listener listener;

  /** A listener that is not started yet. */
  public BootListener(
      HttpConfig config, BootSubjects subjects, Health health, Meters meters, BootLog boots) {
    EventLog log = new EventLog(BootListener.class);
    this.mapped = new MappedFiles(config.limits().mappingIdle());
    Transfers transfers =
        new Transfers(config.limits().transfers(), Transfers.PATIENCE, meters, log);
    StaticFiles files = config.staticFiles() == null ? null : new StaticFiles(config.staticFiles());
    ConfigAccess access = subjects.configs().access();
    BootEvents events = new BootEvents(meters, boots, log);
    ReleaseAssets ours = new ReleaseAssets(mapped, transfers, subjects.paths(), boots);
    AssetRoutes assets =
        new AssetRoutes(
            subjects.paths(),
            ours,
            subjects.images().signatures(),
            files == null ? null : new StaticAssets(files, transfers, boots, access, log),
            boots,
            log);
    ConfigRoutes configs =
        new ConfigRoutes(subjects.configs(), files, transfers, config.scheme(), events, log);
    NodeFileRoutes firmware =
        new NodeFileRoutes(
            subjects.files(),
            ours,
            new LooseFiles(transfers, boots),
            new NodeFileRoutes.Telling(config.scheme(), boots, log));
    NodeRoutes nodes =
        new NodeRoutes(
            subjects,
            configs,
            new ProvisionRoutes(subjects.provisioner(), meters, events, log),
            events);
    SignedRoutes signed =
        new SignedRoutes(nodes, subjects.signing().signer(), subjects.ways().signAnything(), log);
    FactoryReplies replies = new FactoryReplies(log);
    FactoryRoutes factory =
        new FactoryRoutes(
            subjects.factory(),
            new FactoryImages(subjects.paths(), ours, subjects.images().signatures(), replies),
            replies,
            request -> subjects.configs().urls().base(config.scheme() + request.local()),
            log);
    OAuthRoutes oauth = new OAuthRoutes(subjects.configs(), config.scheme(), events, log);
    this.listener =
        new Listener(
            "boot",
            new AdminConfig(config.bind(), config.limits(), config.tls()),
            new BootRoutes(
                oauth,
                new RegistryRoutes(subjects.images().repositories(), ours, log),
                assets,
                configs,
                nodes,
                firmware,
                signed,
                factory,
                health,
                subjects.ways(),
                log),
            mapped::sweep,
            oauth.bodies().and(factory.posts()));
  }

  /**
   * Binds the socket and answers from now on.
   *
   * @throws java.io.UncheckedIOException when the address cannot be bound
   */
  public void start() {
    listener.start();
  }

  /** Where it listens; known once it is started. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** These files do not hold what they should: who is being sent one is cut off. */
  public void evict(Set<Path> damaged) {
    mapped.evict(damaged);
  }

  /** How many connections are open. */
  int openConnections() {
    return listener.openConnections();
  }

  /** How many boot files are mapped. */
  int mappedFiles() {
    return mapped.mapped();
  }

  @Override
  public void close() {
    listener.close();
    mapped.close();
  }
}
