package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The daemon containerd, which pulls images for Talos, with a folder and a socket of its own. */
final class Containerd implements AutoCloseable {
  private final Programs programs;
  private final Path folder;
  private final Process daemon;

  private Containerd(Programs programs, Path folder, Process daemon) {
    this.programs = programs;
    this.folder = folder;
    this.daemon = daemon;
  }

  /** Starts one that answers. */
  static Containerd start(Path folder) throws IOException, InterruptedException {
    Requires.program("ctr");
    Requires.that(
        "root".equals(System.getProperty("user.name")), "containerd has to be run by root");
    Path config =
        Files.writeString(
            folder.resolve("containerd.toml"),
            """
            version = 2
            root = "%1$s/root"
            state = "%1$s/state"
            disabled_plugins = [
              "io.containerd.grpc.v1.cri",
              "io.containerd.internal.v1.opt",
              "io.containerd.snapshotter.v1.aufs",
              "io.containerd.snapshotter.v1.btrfs",
              "io.containerd.snapshotter.v1.devmapper",
              "io.containerd.snapshotter.v1.overlayfs",
              "io.containerd.snapshotter.v1.zfs"]
            [grpc]
            address = "%1$s/s"
            """
                .formatted(folder));
    Programs programs = new Programs(folder);
    Path log = folder.resolve("containerd.log");
    Process daemon = programs.start(log, "containerd", "--config", config.toString());
    Containerd started = new Containerd(programs, folder, daemon);
    BootFixture.await("containerd", () -> started.isThere(log));
    return started;
  }

  private boolean isThere(Path log) {
    try {
      assertTrue(daemon.isAlive(), Files.readString(log));
      return Files.readString(log).contains("containerd successfully booted");
    } catch (IOException e) {
      return false;
    }
  }

  /** What its client prints. */
  String ctr(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--address", folder.resolve("s").toString()));
    all.addAll(List.of(arguments));
    return programs.run("ctr", all.toArray(String[]::new));
  }

  @Override
  public void close() {
    daemon.destroy();
    try {
      if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
        daemon.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
