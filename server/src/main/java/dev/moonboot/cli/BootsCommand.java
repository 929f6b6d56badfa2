package dev.moonboot.cli;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code moonboot admin boots}. */
@Command(
    name = "boots",
    description = "List how nodes booted of late, newest first; or one boot, step by step.",
    mixinStandardHelpOptions = true,
    subcommands = BootsCommand.Show.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  moonboot admin boots --profile talos-arm64",
      "  moonboot admin boots --follow",
      "  moonboot admin boots show 17"
    })
final class BootsCommand extends AdminCall {
  private static final String ALL = "/admin/v1/boots";
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Printer.Column[] COLUMNS = {
    new Printer.Column("ID", "id"),
    new Printer.Column("TIME", "time"),
    new Printer.Column("NODE", "node"),
    new Printer.Column("ARCH", "arch"),
    new Printer.Column("GROUP", "group"),
    new Printer.Column("PROFILE", "profile"),
    new Printer.Column("RELEASE", "release"),
    new Printer.Column("BY", "by"),
    new Printer.Column("RESULT", "result"),
    new Printer.Column("STAGE", "verdict.stage"),
    new Printer.Column("OUTCOME", "verdict.outcome"),
    new Printer.Column("REASON", "verdict.reason")
  };

  @Option(names = "--node", paramLabel = "ADDRESS", description = "Only of one node.")
  private String node = "";

  @Option(names = "--profile", paramLabel = "NAME", description = "Only of one profile.")
  private String profile = "";

  @Option(names = "--result", paramLabel = "RESULT", description = "Only with this result.")
  private String result = "";

  @Option(
      names = {"--follow", "--watch"},
      description = "Go on, with each boot that changes, until interrupted.")
  private boolean follow;

  @Override
  void run(AdminClient client, Printer printer) {
    Map<String, String> filter = new LinkedHashMap<>();
    filter.put("node", node);
    filter.put("profile", profile);
    filter.put("result", result);
    String path = ALL + AdminClient.query(filter);
    if (follow) {
      follow(client, printer, path);
      return;
    }
    Json.Obj boots = client.get(path);
    if (options.json) {
      printer.json(boots);
    } else {
      printer.rows(
          boots.array("boots").orElse(List.of()), "no node has booted since the start", COLUMNS);
    }
  }

  /** Until interrupted; a connection that breaks goes on with what came since. */
  private void follow(AdminClient client, Printer printer, String path) {
    String last = "";
    while (!Thread.currentThread().isInterrupted()) {
      try (Stream<String> lines = client.lines(path, last)) {
        for (String line : (Iterable<String>) lines::iterator) {
          if (line.startsWith("id:")) {
            last = line.substring("id:".length()).strip();
          } else if (line.startsWith("data:")
              && JsonText.parse(line.substring("data:".length())) instanceof Json.Obj boot) {
            show(printer, boot);
          }
        }
      } catch (IOException e) {
        if (last.isEmpty()) {
          throw client.notReachable(e);
        }
      } catch (UncheckedIOException e) {
        // it broke while it was read: asked again below
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void show(Printer printer, Json.Obj boot) {
    if (options.json) {
      printer.text(boot.compact());
    } else {
      printer.rows(List.of(boot), "", COLUMNS);
    }
  }

  @Command(
      name = "show",
      description = "Show one boot: its stages with their durations and bytes, and what happened.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExample:%n",
      footer = "  moonboot admin boots show 17")
  static final class Show extends AdminCall {
    @Parameters(index = "0", paramLabel = "ID", description = "As boots lists it.")
    private @Nullable String id;

    @Override
    void run(AdminClient client, Printer printer) {
      Json.Obj boot = client.get(ALL + "/" + AdminClient.encode(given(id)));
      if (options.json) {
        printer.json(boot);
      } else {
        printer.text(BootText.of(boot));
      }
    }
  }
}
