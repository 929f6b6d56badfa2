package dev.moonboot.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Columns of text, as wide as they need to be. */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  /** One more row; all have as many cells. */
  public TextTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /** The lines, each starting with two blanks and without any at its end. */
  public List<String> lines() {
    int columns = rows.isEmpty() ? 0 : rows.getFirst().size();
    int[] widths =
        IntStream.range(0, columns)
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(row ->
            IntStream.range(0, columns)
                .mapToObj(i -> pad(row.get(i), widths[i]))
                .collect(Collectors.joining("  ", "  ", ""))
                .stripTrailing())
        .toList();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  /** A size for people: {@code 812 B}, {@code 14.2 MiB}. */
  public static String size(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    do {
      value /= 1024;
      unit++;
    } while (value >= 1024 && unit < 2);
    return String.format(Locale.ROOT, "%.1f %s", value, List.of("KiB", "MiB", "GiB").get(unit));
  }
}
