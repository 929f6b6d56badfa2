package dev.moonboot.server;

import dev.moonboot.config.Configuration;
import dev.moonboot.release.FollowListener;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moonboot serve}: the service. */
@Command(
    name = "serve",
    description = "Follow the configured channels and boot nodes from them, until told to end.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("dev.moonboot.server.Serve");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The configuration (YAML).")
  private @Nullable Path config;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return serve(configuration(CommandContext.of(spec).given(config, "--config")));
  }

  /** What a file says, with the variables of this process. */
  static ConfigurationSource configuration(Path file) {
    return () -> Configuration.load(file, System.getenv(), ApplianceConfig::read);
  }

  /** Serves until told to end, or until a part dies; returns the exit code. */
  static int serve(ConfigurationSource configuration) throws InterruptedException {
    Configuration<ApplianceConfig> read = configuration.read();
    read.settings().forEach(setting -> LOG.log(Level.INFO, "config {0}", setting));
    RegistryConfig.caution(read)
        .ifPresent(caution -> LOG.log(Level.WARNING, "config caution: {0}", caution));
    DataPlace.prepare(read.value().data());
    var notifier = SystemdNotifier.of(System.getenv());
    var ended = new CountDownLatch(1);
    try (Appliance appliance = Appliance.start(read.value(), FollowListener.NONE)) {
      var supervisor = new Supervisor(appliance, notifier);
      // The process ends when its hooks have ended: this one waits until all is closed.
      Runtime.getRuntime().addShutdownHook(hook(supervisor, notifier, ended));
      HangUp.handle(new Reloading(configuration::read, read, appliance)::reload);
      started(appliance, notifier);
      return supervisor.watch() ? ExitCode.OK : ExitCode.FAILED;
    } finally {
      configuration.ended();
      ended.countDown();
    }
  }

  private static Thread hook(
      Supervisor supervisor, SystemdNotifier notifier, CountDownLatch ended) {
    return new Thread(
        () -> {
          LOG.log(Level.INFO, "stopping");
          notifier.stopping();
          supervisor.stop();
          try {
            ended.await();
            LOG.log(Level.INFO, "stopped");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        "stop");
  }

  private static void started(Appliance appliance, SystemdNotifier notifier) {
    LOG.log(
        Level.INFO,
        "serving http={0} admin={1} tftp={2} grpc={3} after={4,number,#}ms",
        Appliance.text(appliance.bootAddress()),
        appliance.adminAddress().map(Appliance::text).orElse("off"),
        appliance.tftpAddress().map(Appliance::text).orElse("off"),
        appliance.rpcAddress().map(Appliance::text).orElse("off"),
        Duration.between(ProcessStart.AT, Instant.now()).toMillis());
    notifier.ready("serving on " + Appliance.text(appliance.bootAddress()));
  }
}
