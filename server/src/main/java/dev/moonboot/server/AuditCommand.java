package dev.moonboot.server;

import dev.moonboot.config.Configuration;
import dev.moonboot.json.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moonboot audit}: what changes were made, and whether the record of them is whole. */
@Command(
    name = "audit",
    description = "Read the audit log, of a running appliance too.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {AuditVerifyCommand.class, AuditShowCommand.class})
final class AuditCommand {
  /** Where the log is. */
  static final class Place {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The configuration (YAML) that names the state directory.")
    private @Nullable Path config;

    @Option(
        names = "--state",
        paramLabel = "DIR",
        description = "The state directory. Default: the configuration's, /var/lib/moonboot.")
    private @Nullable Path state;

    /** The folder of the log's files. */
    Path directory() {
      return Optional.ofNullable(state).orElseGet(this::configured).resolve("audit");
    }

    private Path configured() {
      return config == null
          ? Path.of("/var/lib/moonboot")
          : Configuration.load(config, System.getenv(), ApplianceConfig::read).value().state();
    }
  }

  private AuditCommand() {}

  static Json.Obj object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }
}
