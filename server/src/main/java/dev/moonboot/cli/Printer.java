package dev.moonboot.cli;

import dev.moonboot.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints answers: on a terminal in columns with a head, elsewhere one line a row with tabs between
 * the exact values and no head, so that {@code cut} and {@code read} need not know more.
 */
final class Printer {
  /** A column: its head, and where in a row's object the value is ({@code release.version}). */
  record Column(String head, String path) {}

  private final PrintWriter out;
  private final boolean terminal;

  Printer(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Whether standard output is a terminal: the start script knows, Java alone does not. */
  static boolean onTerminal() {
    return Boolean.getBoolean("moonboot.terminal.out");
  }

  void json(Json value) {
    out.print(value.pretty());
    out.flush();
  }

  /** A text as it is; the server's, for people. */
  void text(String text) {
    out.print(text.lines().map(Cell::clean).collect(Collectors.joining("\n", "", "\n")));
    out.flush();
  }

  void line(String text) {
    out.println(Cell.clean(text));
    out.flush();
  }

  void rows(List<Json> rows, String empty, Column... columns) {
    List<List<Cell>> cells =
        rows.stream()
            .map(row -> row instanceof Json.Obj object ? object : new Json.Obj(Map.of()))
            .map(row ->
                List.of(columns).stream().map(column -> Cell.member(row, column.path())).toList())
            .toList();
    cells(List.of(columns).stream().map(Column::head).toList(), cells, empty);
  }

  void cells(List<String> heads, List<List<Cell>> rows, String empty) {
    if (!terminal) {
      rows.forEach(
          row -> out.println(row.stream().map(Cell::exact).collect(Collectors.joining("\t"))));
    } else if (rows.isEmpty()) {
      out.println(empty);
    } else {
      TextTable table = new TextTable().row(heads.toArray(String[]::new));
      rows.forEach(row -> table.row(row.stream().map(Cell::shown).toArray(String[]::new)));
      table.lines().forEach(line -> out.println(line.substring(2)));
    }
    out.flush();
  }

  /** One thing, name by name; what is within it goes by {@code outer.inner}. */
  void details(Json.Obj thing) {
    List<List<Cell>> rows = new ArrayList<>();
    flatten("", thing, rows);
    if (terminal) {
      TextTable table = new TextTable();
      rows.forEach(row -> table.row(row.getFirst().shown(), row.getLast().shown()));
      table.lines().forEach(line -> out.println(line.substring(2)));
      out.flush();
    } else {
      cells(List.of("", ""), rows, "");
    }
  }

  private static void flatten(String prefix, Json.Obj thing, List<List<Cell>> rows) {
    thing
        .members()
        .forEach((name, value) -> {
          String path = prefix + words(name);
          switch (value) {
            case Json.Obj inner -> flatten(path + ".", inner, rows);
            case Json.Arr(var items) when items.stream().anyMatch(Cell::isDeep) -> {
              for (int i = 0; i < items.size(); i++) {
                if (items.get(i) instanceof Json.Obj inner) {
                  flatten(path + "." + i + ".", inner, rows);
                } else {
                  rows.add(List.of(Cell.of(path + "." + i), Cell.of(items.get(i))));
                }
              }
            }
            case Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> {
              Cell cell = Cell.member(thing, name);
              rows.add(List.of(Cell.of(path), new Cell(full(cell), cell.exact())));
            }
          }
        });
  }

  /** Where there is room for it a digest is shown whole. */
  private static String full(Cell cell) {
    return cell.exact().startsWith("sha256:") ? cell.exact() : cell.shown();
  }

  /** {@code lastCheck} is {@code last-check}. */
  private static String words(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
