package dev.moonboot.journal;

import java.util.List;
import java.util.Optional;

/**
 * What a node's kernel arguments say of how its boot goes on. The URL of a machine config may hold
 * a ticket, so only the part before it is kept.
 *
 * @param config where it will read its configuration: {@code http://10.0.0.1:8080/config/***};
 *     empty for nowhere
 * @param isTalos whether they are Talos's
 * @param tells whether Talos is to send its log or its events to anybody
 */
record KernelArgs(String config, boolean isTalos, boolean tells) {
  static final KernelArgs NONE = new KernelArgs("", false, false);

  private static final List<String> CONFIGS =
      List.of(
          "talos.config=",
          "ignition.config.url=",
          "coreos.config.url=",
          "flatcar.config.url=",
          "cloud-config-url=");

  static KernelArgs of(List<String> args) {
    return new KernelArgs(
        args.stream()
            .flatMap(arg -> CONFIGS.stream().filter(arg::startsWith).map(k -> url(arg, k)))
            .filter(url -> !url.isEmpty() && !url.equals("none"))
            .findFirst()
            .orElse(""),
        args.stream().anyMatch(arg -> arg.startsWith("talos.")),
        args.stream()
            .anyMatch(arg ->
                arg.startsWith("talos.logging.kernel=") || arg.startsWith("talos.events.sink=")));
  }

  private static String url(String arg, String key) {
    String url = arg.substring(key.length());
    int end = url.indexOf('?');
    return Text.open(end < 0 ? url : url.substring(0, end));
  }

  /** The path of the configuration, where there is a URL: {@code assets/node.yaml}. */
  Optional<String> configPath() {
    int host = config.indexOf("://");
    int path = host < 0 ? -1 : config.indexOf('/', host + 3);
    return path < 0 ? Optional.empty() : Optional.of(config.substring(path + 1));
  }

  /** Whether reading it would be seen here, judged by its path alone. */
  boolean isOurs() {
    return configPath()
        .filter(path ->
            path.startsWith("config/")
                || path.startsWith("assets/")
                || List.of("generic", "ignition", "cloud", "metadata").contains(path))
        .isPresent();
  }
}
