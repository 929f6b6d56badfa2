package dev.moonboot.server;

import dev.moonboot.assets.cache.BuiltFiles;
import dev.moonboot.assets.cache.ImagePull;
import dev.moonboot.cli.TextTable;
import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tells at the end what was composed into folders; programs in the form in which they are told what
 * a service has composed.
 */
final class BuiltText {
  private final PrintWriter out;
  private final boolean json;
  private final List<BuiltFiles> made = new ArrayList<>();
  private final List<Json> outcomes = new ArrayList<>();

  BuiltText(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /** One build is there. */
  void made(BuiltFiles built) {
    made.add(built);
    outcomes.add(json(built));
  }

  /** One build could not be made; why is for programs alone, for people it is told elsewhere. */
  void failed(String name, Exception why) {
    outcomes.add(
        AuditCommand.object(
            "name", new Json.Str(name),
            "outcome", new Json.Str("failed"),
            "reason", new Json.Str(String.valueOf(why.getMessage()))));
  }

  /** Nothing more comes. */
  void end() {
    if (json) {
      out.print(new Json.Obj(Map.of("builds", new Json.Arr(outcomes))).pretty());
    } else {
      made.forEach(this::print);
    }
    out.flush();
  }

  private void print(BuiltFiles built) {
    out.println("build:" + built.build() + "  " + built.release());
    for (ImagePull.PulledArch arch : built.arches()) {
      out.println(
          ImageText.summary(
              arch.arch(),
              arch.layout(),
              arch.talosVersion(),
              arch.kernelRelease(),
              arch.extensions()));
      var table = new TextTable().row("FILE", "SIZE", "SHA256");
      arch.files()
          .forEach(file ->
              table.row(file.file().toString(), TextTable.size(file.size()), file.digest().hex()));
      table.lines().forEach(out::println);
    }
  }

  private static Json json(BuiltFiles built) {
    return AuditCommand.object(
        "name", new Json.Str(built.build()),
        "outcome", new Json.Str("composed"),
        "release", new Json.Str(built.release().toString()),
        "version", new Json.Str(built.arches().getFirst().talosVersion()),
        "arches", new Json.Arr(built.arches().stream().map(BuiltText::json).toList()));
  }

  private static Json json(ImagePull.PulledArch arch) {
    return AuditCommand.object(
        "arch", new Json.Str(arch.arch().id()),
        "talosVersion", new Json.Str(arch.talosVersion()),
        "kernelRelease", new Json.Str(arch.kernelRelease()),
        "extensions", new Json.Arr(arch.extensions().stream().<Json>map(Json.Str::new).toList()),
        "files", new Json.Arr(arch.files().stream().map(BuiltText::json).toList()));
  }

  private static Json json(ImagePull.PulledFile file) {
    return AuditCommand.object(
        "name", new Json.Str(file.name().fileName()),
        "file", new Json.Str(file.file().toString()),
        "size", Json.Num.of(file.size()),
        "digest", new Json.Str(file.digest().toString()));
  }
}
