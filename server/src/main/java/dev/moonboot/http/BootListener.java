package dev.moonboot.http;

import dev.moonboot.boot.BootPlanner;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.secret.MachineConfigs;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;

/** What nodes speak HTTP to: boot scripts and boot files. GET and HEAD only, no TLS, no login. */
public final class BootListener implements AutoCloseable {
  private final MappedFiles mapped;
  private final Listener listener;

  /** A listener that is not started yet. */
  public BootListener(
      HttpConfig config, BootPlanner planner, ReleasePaths paths, Health health, Meters meters) {
    this(config, planner, paths, health, meters, new BootLog(), MachineConfigs.none());
  }

  /** As {@link #BootListener(HttpConfig, BootPlanner, ReleasePaths, Health, Meters)}. */
  public BootListener(
      HttpConfig config,
      BootPlanner planner,
      ReleasePaths paths,
      Health health,
      Meters meters,
      BootLog boots,
      MachineConfigs configs) {
    EventLog log = new EventLog(BootListener.class);
    this.mapped = new MappedFiles(config.limits().mappingIdle());
    Transfers transfers =
        new Transfers(config.limits().transfers(), Transfers.PATIENCE, meters, log);
    StaticFiles files = config.staticFiles() == null ? null : new StaticFiles(config.staticFiles());
    AssetRoutes assets =
        new AssetRoutes(
            paths,
            new ReleaseAssets(mapped, transfers, paths, boots),
            files == null ? null : new StaticAssets(files, transfers, boots, configs.access(), log),
            log);
    this.listener =
        new Listener(
            "boot",
            config.bind(),
            config.limits(),
            new BootRoutes(
                planner,
                assets,
                new ConfigRoutes(configs, files, transfers, log),
                paths,
                health,
                new BootEvents(meters, boots, log),
                log),
            mapped::sweep);
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
