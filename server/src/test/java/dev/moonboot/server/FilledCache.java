package dev.moonboot.server;

import dev.moonboot.demo.DemoRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A folder with all that {@code serve} needs, and a release in its cache. */
final class FilledCache {
  static final String KERNEL = "/assets/talos/custom/vmlinuz-amd64";
  static final String INITRAMFS = "/assets/talos/custom/initramfs-amd64.xz";
  private static final String NO_REGISTRY = "127.0.0.1:1";

  private final Path folder;

  private FilledCache(Path folder) {
    this.folder = folder;
  }

  /** Pulls a release of the demonstration into {@code folder}. */
  static FilledCache in(Path folder) throws IOException {
    var filled = new FilledCache(folder);
    Path data = Files.createDirectories(folder.resolve("data"));
    for (String kind : List.of("groups", "profiles")) {
      Files.createDirectories(data.resolve(kind));
    }
    Files.writeString(data.resolve("groups/all.json"), "{\"id\": \"all\", \"profile\": \"talos\"}");
    Files.writeString(
        data.resolve("profiles/talos.json"),
        """
        {"id": "talos", "boot": {"kernel": "%s", "initrd": ["%s"], "args": ["{cmdline}"]}}
        """
            .formatted(KERNEL, INITRAMFS));
    Files.createDirectories(folder.resolve("static"));
    try (DemoRegistry registry = DemoRegistry.start()) {
      registry.push("stable", "v1-demo");
      Path config = filled.config(registry.host(), "");
      try (var server = ServerProcess.start(config, List.of(), Map.of()).serving()) {
        server.await("a release", Duration.ofMinutes(1), () -> server.status("/readyz") == 200);
      }
    }
    return filled;
  }

  Path folder() {
    return folder;
  }

  /** A configuration whose registry is not there. */
  Path config() throws IOException {
    return config(NO_REGISTRY, "");
  }

  /**
   * A configuration.
   *
   * @param more sections of YAML besides the channel
   */
  Path config(String registry, String more) throws IOException {
    return write(
        registry,
        more.contains("http:")
            ? more
            : "http: {address: \"127.0.0.1:0\"}\ntftp: {address: \"127.0.0.1:0\"}\n" + more);
  }

  private Path write(String registry, String more) throws IOException {
    return Files.writeString(
        folder.resolve("moonboot.yaml"),
        """
        data: data
        cache: cache
        state: state
        static: static
        admin: {address: "127.0.0.1:0"}
        channels: {custom: {image: "%1$s/%2$s:stable", arch: amd64}}
        registry: {plain-http: ["%1$s"]}
        follow: {every: 1s}
        %3$s
        """
            .formatted(registry, DemoRegistry.REPOSITORY, more));
  }
}
