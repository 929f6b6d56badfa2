package dev.moonboot.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Debian's {@code docker-registry} on the appliance's machine; what is pushed outlives a stop. */
final class RegistryProcess implements AutoCloseable {
  private final Running server;

  private RegistryProcess(Running server) {
    this.server = server;
  }

  static RegistryProcess start(Network network, Path work) {
    try {
      Path config = work.resolve("registry.yaml");
      Files.writeString(
          config,
          """
          version: 0.1
          log: {level: error, accesslog: {disabled: true}}
          storage: {filesystem: {rootdirectory: '%s'}}
          http: {addr: '127.0.0.1:%d'}
          """
              .formatted(work.resolve("registry"), network.ports().registry()));
      List<String> command = List.of("docker-registry", "serve", config.toString());
      return new RegistryProcess(
          Running.start(network.onServer(command), work.resolve("registry.log")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes {@code e2e/LAYOUT:stable} name the image of that release. */
  static void push(Network network, Path work, Layout layout, int release) {
    push(network, work, layout.tag(release), "e2e/" + layout.id() + ":stable");
  }

  /**
   * Makes a name there an image of the fixture.
   *
   * @param tag in the fixture's layout
   * @param name repository and tag in the registry
   */
  static void push(Network network, Path work, String tag, String name) {
    String target = "docker://127.0.0.1:" + network.ports().registry() + "/" + name;
    Running.run(
        network.onServer(
            List.of(
                "skopeo",
                "copy",
                "--all",
                "--retry-times",
                "5",
                "--dest-tls-verify=false",
                Fixture.image(tag),
                target)),
        work.resolve("skopeo.log"),
        Duration.ofMinutes(1));
  }

  @Override
  public void close() {
    server.close();
  }
}
