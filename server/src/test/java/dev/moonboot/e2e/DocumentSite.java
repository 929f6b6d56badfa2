package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.testing.DocumentBlocks;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A folder in which a document is typed, and a registry that has what the document names. Names of
 * registries and of the appliance are put for those of loopback, in commands as in files; ports
 * come by the environment. An emulated machine needs one kernel argument more. All else is as it is
 * written.
 */
final class DocumentSite implements AutoCloseable {
  private static final Duration COMMAND = Duration.ofMinutes(4);

  /** {@code `data/profiles/gateway.json`}, and the block behind it. */
  private static final Pattern FILE =
      Pattern.compile("(?s)`(data/[a-z]+/[a-z]+\\.json)`:\\n\\n```json\\n(.*?)```");

  /** What the document's registry has, and which image of the fixture it is. */
  private static final Map<String, String> IMAGES =
      Map.of(
          "siderolabs/imager:v1.13.9", "imager-1",
          "siderolabs/installer-base:v1.13.9", "installer-base-1",
          "siderolabs/extensions:v1.13.9", "catalog-1",
          "siderolabs/gvisor:20250505.0", "gvisor",
          "jsenecal/frr-talos-extension:v1.0.2", "ext-02");

  private final Path folder;
  private final UserNetwork network;
  private final RegistryProcess registry;
  private final List<Running> started = new ArrayList<>();

  private DocumentSite(Path folder, UserNetwork network, RegistryProcess registry) {
    this.folder = folder;
    this.network = network;
    this.registry = registry;
  }

  /**
   * Starts the registry.
   *
   * @param work an empty folder
   */
  static DocumentSite open(Path work) throws IOException {
    List.of("curl", "openssl", "tar").forEach(Requires::program);
    Fixture.make();
    UserNetwork network = UserNetwork.open();
    RegistryProcess registry = RegistryProcess.start(network, work);
    try {
      IMAGES.forEach((name, tag) -> RegistryProcess.push(network, work, tag, name));
      Path folder = Files.createDirectory(work.resolve("clone"));
      Files.createSymbolicLink(folder.resolve("moonboot"), Script.ROOT.resolve("moonboot"));
      Files.writeString(
          Files.createDirectories(folder.resolve("home/.config/containers"))
              .resolve("registries.conf"),
          "[[registry]]\nlocation = \"127.0.0.1:%d\"\ninsecure = true\n"
              .formatted(network.ports().registry()));
      return new DocumentSite(folder, network, registry);
    } catch (IOException | RuntimeException | Error e) {
      registry.close();
      throw e;
    }
  }

  Path folder() {
    return folder;
  }

  UserNetwork network() {
    return network;
  }

  /** The text of a document, with our names for its own. */
  private String here(String text) {
    return text.replace("ghcr.io/", "127.0.0.1:" + network.ports().registry() + "/")
        .replaceAll(
            "(moonboot\\.example|10\\.0\\.0\\.1):8080", "127.0.0.1:" + network.ports().http())
        .replace("\"console=ttyS0,115200\"", "\"console=ttyS0,115200\", no_timer_check");
  }

  /** Writes the first configuration of a document. */
  void configure(Path document) throws IOException {
    String yaml =
        DocumentBlocks.of(document).stream()
            .filter(block -> block.language().equals("yaml"))
            .findFirst()
            .orElseThrow()
            .text();
    Files.writeString(folder.resolve("moonboot.yaml"), here(yaml));
  }

  /** Writes the files that a document names before their text. */
  void write(Path document) throws IOException {
    Matcher file = FILE.matcher(Files.readString(document));
    while (file.find()) {
      Files.writeString(folder.resolve(file.group(1)), file.group(2));
    }
  }

  /** Types a block; it must succeed. */
  void type(String commands) {
    try (Running typed = Running.start(shell(commands), log())) {
      int code = typed.exit(COMMAND);
      String beside = started.stream().map(Running::output).collect(Collectors.joining());
      assertEquals(
          0, code, () -> commands + typed.output() + "\nwhat runs beside it said:\n" + beside);
    }
  }

  /** Types what runs until it is ended, and waits until it listens. */
  void start(String commands) {
    Running service = Running.start(shell("exec " + commands), log());
    started.add(service);
    long end = System.nanoTime() + COMMAND.toNanos();
    while (!listens()) {
      if (!service.isAlive() || System.nanoTime() > end) {
        throw new AssertionError(commands + " does not listen:\n" + service.output());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  private boolean listens() {
    String url = "http://127.0.0.1:" + network.ports().admin() + "/livez";
    try (Running curl =
        Running.start(List.of("curl", "-s", "--fail", "-o", "/dev/null", url), log())) {
      return curl.exit(Duration.ofSeconds(30)) == 0;
    }
  }

  private Path log() {
    try {
      return Files.createTempFile(folder, "typed", ".log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> shell(String commands) {
    Network.Ports ports = network.ports();
    return List.of(
        "env",
        "-C",
        folder.toString(),
        "HOME=" + folder.resolve("home"),
        "MOONBOOT_HTTP_ADDRESS=127.0.0.1:" + ports.http(),
        "MOONBOOT_TFTP_ADDRESS=127.0.0.1:" + ports.tftp(),
        "MOONBOOT_ADMIN_ADDRESS=127.0.0.1:" + ports.admin(),
        "MOONBOOT_REGISTRY_PLAIN_HTTP=127.0.0.1:" + ports.registry(),
        "sh",
        "-euc",
        here(commands));
  }

  @Override
  public void close() {
    started.forEach(Running::close);
    registry.close();
    network.close();
  }
}
