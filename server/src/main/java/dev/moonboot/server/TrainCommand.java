package dev.moonboot.server;

import dev.moonboot.config.Configuration;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Does once what the service does, and says nothing: the start script records this run for its
 * start-up cache.
 */
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("dev.moonboot.server.Train");

  private static final String CONFIGURATION =
      """
      channels:
        custom: {image: 127.0.0.1/demo:stable, arch: [amd64, arm64]}
      tftp: {address: "127.0.0.1:69"}
      """;

  @Override
  public Integer call() throws InterruptedException, IOException {
    readConfiguration();
    Path data = Path.of(System.getProperty("moonboot.home", ""), "profiles", "minimal");
    try (Demo demo = new Demo(data, new PrintWriter(Writer.nullWriter()), false)) {
      demo.begin();
      demo.awaitRelease();
      for (String path :
          List.of(
              "/livez",
              "/boot.ipxe",
              "/ipxe?mac=52-54-00-12-34-56&arch=x86_64",
              "/assets/talos/custom/vmlinuz-amd64",
              "/assets/talos/custom/amd64/initramfs.xz")) {
        var _ = demo.get(path);
      }
      demo.moveTag();
      demo.awaitRelease();
    }
    return ExitCode.OK;
  }

  private static void readConfiguration() throws IOException {
    Path file = Files.createTempFile("moonboot-train-", ".yaml");
    try {
      Files.writeString(file, CONFIGURATION);
      Configuration.load(file, Map.of(), ApplianceConfig::read)
          .settings()
          .forEach(setting -> LOG.log(Level.DEBUG, "config {0}", setting));
    } finally {
      Files.delete(file);
    }
  }
}
