package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code moonboot admin boots}. */
@Command(
    name = "boots",
    description = "List what nodes asked for and got of late, newest first.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  moonboot admin boots --profile talos-arm64", "  moonboot admin boots --watch"})
final class BootsCommand extends AdminCall {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Printer.Column[] COLUMNS = {
    new Printer.Column("TIME", "time"),
    new Printer.Column("NODE", "node"),
    new Printer.Column("ARCH", "arch"),
    new Printer.Column("GROUP", "group"),
    new Printer.Column("PROFILE", "profile"),
    new Printer.Column("RELEASE", "release"),
    new Printer.Column("BY", "by"),
    new Printer.Column("RESULT", "result"),
    new Printer.Column("DETAIL", "detail")
  };

  @Option(names = "--node", paramLabel = "ADDRESS", description = "Only of one node.")
  private String node = "";

  @Option(names = "--profile", paramLabel = "NAME", description = "Only of one profile.")
  private String profile = "";

  @Option(names = "--result", paramLabel = "RESULT", description = "Only with this result.")
  private String result = "";

  @Option(names = "--watch", description = "Go on, with what comes, until interrupted.")
  private boolean watch;

  @Override
  void run(AdminClient client, Printer printer) {
    Map<String, String> filter = new LinkedHashMap<>();
    filter.put("node", node);
    filter.put("profile", profile);
    filter.put("result", result);
    String path = "/admin/v1/boots" + AdminClient.query(filter);
    Json.Obj boots = client.get(path);
    if (options.json && !watch) {
      printer.json(boots);
      return;
    }
    List<Json> list = boots.array("boots").orElse(List.of());
    if (!watch) {
      printer.rows(list, "no node has asked since the start", COLUMNS);
      return;
    }
    Set<Json> known = new HashSet<>();
    while (!Thread.currentThread().isInterrupted()) {
      List<Json> now = client.get(path).array("boots").orElse(List.of());
      List<Json> fresh = new ArrayList<>(now);
      fresh.removeIf(known::contains);
      known.retainAll(now);
      known.addAll(now);
      if (!fresh.isEmpty()) {
        show(printer, fresh.reversed());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void show(Printer printer, List<Json> fresh) {
    if (options.json) {
      fresh.forEach(boot -> printer.text(boot.compact()));
    } else {
      printer.rows(fresh, "", COLUMNS);
    }
  }
}
