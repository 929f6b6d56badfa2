package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A difference of two releases as a table: what changes, from, to. What stays is left out. */
final class DiffTable {
  private final List<List<Cell>> rows = new ArrayList<>();

  private DiffTable() {}

  static void print(Json.Obj diff, Printer printer) {
    DiffTable table = new DiffTable();
    table.row("release", Cell.member(diff, "from"), Cell.member(diff, "to"));
    for (String name : List.of("version", "signer", "source")) {
      table.change(name, diff, name);
    }
    for (Json arch : diff.array("arches").orElse(List.of())) {
      if (arch instanceof Json.Obj object) {
        table.arch(object);
      }
    }
    printer.cells(List.of("WHAT", "FROM", "TO"), table.rows, "nothing changes");
  }

  private void row(String what, Cell from, Cell to) {
    rows.add(List.of(Cell.of(what), from, to));
  }

  private void change(String what, Json.Obj in, String name) {
    Optional<Json.Obj> change = in.object(name);
    if (change.isPresent()) {
      Cell from = Cell.member(change.get(), "from");
      Cell to = Cell.member(change.get(), "to");
      if (!from.equals(to)) {
        row(what, from, to);
      }
    }
  }

  private void arch(Json.Obj arch) {
    String name = arch.text("arch").orElse("?") + " ";
    String presence = arch.text("presence").orElse("both");
    if (!presence.equals("both")) {
      row(name + "architecture", Cell.NONE, Cell.of(presence));
      return;
    }
    change(name + "talos", arch, "talosVersion");
    change(name + "kernel", arch, "kernel");
    change(name + "layout", arch, "layout");
    each(
        arch,
        "extensions",
        extension ->
            row(
                name + "extension " + extension.text("name").orElse(""),
                Cell.member(extension, "from"),
                Cell.member(extension, "to")));
    words(arch, "argsRemoved").forEach(word -> row(name + "argument", Cell.of(word), Cell.NONE));
    words(arch, "argsAdded").forEach(word -> row(name + "argument", Cell.NONE, Cell.of(word)));
    each(
        arch,
        "sizes",
        size -> {
          if (Cell.member(size, "sameBytes").shown().equals("no")) {
            row(
                name + size.text("asset").orElse(""),
                Cell.member(size, "fromBytes"),
                Cell.member(size, "toBytes"));
          }
        });
  }

  private static void each(Json.Obj object, String name, Consumer<Json.Obj> action) {
    for (Json item : object.array(name).orElse(List.of())) {
      if (item instanceof Json.Obj inner) {
        action.accept(inner);
      }
    }
  }

  private static List<String> words(Json.Obj object, String name) {
    return object.array(name).orElse(List.of()).stream()
        .map(item -> item instanceof Json.Str(var word) ? word : "")
        .toList();
  }
}
