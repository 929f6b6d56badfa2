package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.WallClock;
import dev.moonboot.config.ConfigException;
import dev.moonboot.config.Configuration;
import dev.moonboot.dhcp.Probe;
import dev.moonboot.diagnosis.Diagnosis;
import dev.moonboot.diagnosis.Finding;
import dev.moonboot.diagnosis.Report;
import dev.moonboot.node.MacAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moonboot doctor}: what keeps nodes from booting. */
@Command(
    name = "doctor",
    description = {
      "Look at this machine, its network and the service as nodes see it, and say what keeps them"
          + " from booting; a line for each thing: ok, warn or fail, what, how it is, what to do.",
      "Changes nothing, and works whether the service runs or not. Run it as root to see whose"
          + " ports are, and to ask for DHCP.",
      "Ends with 0 when nothing failed, with 1 otherwise."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final Path USUAL = Path.of("/etc/moonboot/moonboot.yaml");
  private static final String TOKEN = "MOONBOOT_ADMIN_TOKEN";
  private static final String TOKEN_FILE = "MOONBOOT_ADMIN_TOKEN_FILE";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration (YAML). Default: /etc/moonboot/moonboot.yaml, if it is there.")
  private @Nullable Path config;

  @Option(
      names = "--interface",
      paramLabel = "IF",
      description =
          "Where to ask for DHCP as a node does. Default: where moonboot answers. Repeatable.")
  private final List<String> links = new ArrayList<>();

  @Option(
      names = "--mac",
      paramLabel = "MAC",
      description = "Say step by step what the node with this hardware address would get.")
  private @Nullable String mac;

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      converter = ArchConverter.class,
      description = "Its architecture: amd64 or arm64. Default: ${DEFAULT-VALUE}.")
  private Arch arch = Arch.AMD64;

  @Option(names = "--uuid", paramLabel = "UUID", description = "Its UUID, as SMBIOS shows it.")
  private @Nullable String uuid;

  @Option(names = "--serial", paramLabel = "SERIAL", description = "Its serial number.")
  private @Nullable String serial;

  @Option(names = "--json", description = "Print what was found as JSON.")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "S",
      description = "Seconds to wait for an answer. Default: ${DEFAULT-VALUE}.")
  private int seconds = 3;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    CommandContext context = CommandContext.of(spec);
    if (seconds < 1 || seconds > 60) {
      throw context.wrongUsage("--timeout is " + seconds + " and must be from 1 to 60");
    }
    Optional<MacAddress> node = Optional.ofNullable(mac).map(text -> address(context, text));
    Report report = report(node);
    if (json) {
      context.out().print(report.json().pretty());
    } else {
      report.lines().forEach(context.out()::println);
    }
    context.out().flush();
    return report.isWell() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static MacAddress address(CommandContext context, String text) {
    return MacAddress.parse(text)
        .filter(address -> address.text().length() == "00:00:00:00:00:00".length())
        .orElseThrow(() ->
            context.wrongUsage(
                "\"" + text + "\" is no hardware address such as 52:54:00:a1:9c:ae"));
  }

  private Report report(Optional<MacAddress> node) throws InterruptedException {
    Path file = config != null || !Files.exists(USUAL) ? config : USUAL;
    String named = file == null ? "none: defaults" : file.toString();
    try {
      ApplianceConfig read =
          Configuration.load(file, System.getenv(), ApplianceConfig::read).value();
      Report report = look(new DoctorSubjects(read), node);
      List<Finding> all = new ArrayList<>();
      all.add(new Finding(Finding.Verdict.OK, "configuration", named, ""));
      all.addAll(BuildPrograms.findings(read.channels().channels()));
      all.addAll(report.findings());
      return new Report(all, report.steps());
    } catch (ConfigException e) {
      return new Report(
          List.of(
              new Finding(
                  Finding.Verdict.FAIL,
                  "configuration",
                  named + " cannot be used: " + String.valueOf(e.getMessage()).replace("\n", " "),
                  "correct it; moonboot check-config shows it line by line")),
          List.of());
    }
  }

  private Report look(DoctorSubjects parts, Optional<MacAddress> node) throws InterruptedException {
    Duration patience = Duration.ofSeconds(seconds);
    return new Diagnosis(
            new Diagnosis.Subjects(
                parts.service(),
                parts.loaders(),
                links,
                DoctorSubjects.probe(node.orElseGet(Probe::madeUp), patience),
                node.map(address -> parts.node(address, arch, labels(address))).orElse(null),
                token(System.getenv()),
                patience),
            WallClock.BUILT)
        .run();
  }

  private Map<String, String> labels(MacAddress address) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("mac", address.text());
    labels.put("arch", arch.id());
    if (uuid != null) {
      labels.put("uuid", uuid);
    }
    if (serial != null) {
      labels.put("serial", serial);
    }
    return labels;
  }

  /** As {@code moonboot admin} finds it in the environment. */
  private static Optional<String> token(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(TOKEN))
        .or(() -> Optional.ofNullable(environment.get(TOKEN_FILE)).flatMap(DoctorCommand::read))
        .map(String::strip)
        .filter(word -> !word.isEmpty());
  }

  private static Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(Path.of(file)));
    } catch (IOException e) {
      return Optional.empty(); // the admin listener then says that it wants one
    }
  }
}
