package dev.moonboot.cli;

import dev.moonboot.assets.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Tells a person how far a work has come: on a terminal with a bar that moves, elsewhere with a
 * line now and then.
 */
public final class ConsoleProgress implements Progress {
  private static final int BAR = 30;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** What is wider than the terminal is cut there (DECAWM), and not a new line at each redraw. */
  private static final String CUT = "\033[?7l";

  private static final String WRAP = "\033[?7h";
  private static final int PLAIN_STEPS = 4; // a line each quarter

  private final PrintWriter out;
  private final boolean terminal;
  private final String indent;
  private boolean barShown;
  private long lastDrawn;
  private long began;
  private int quarter;

  /**
   * @param terminal whether {@code out} is one
   * @param indent what each line begins with
   */
  public ConsoleProgress(PrintWriter out, boolean terminal, String indent) {
    this.out = out;
    this.terminal = terminal;
    this.indent = indent;
  }

  /** Whether standard error is a terminal: the start script knows, Java alone does not. */
  public static boolean onTerminal() {
    return Boolean.getBoolean("moonboot.terminal");
  }

  @Override
  public synchronized void step(String name, String detail) {
    clear();
    out.printf(Locale.ROOT, "%s%-8s %s%n", indent, name, detail);
    out.flush();
    began = System.nanoTime();
    quarter = 0;
  }

  @Override
  public synchronized void bytes(long done, long total) {
    if (terminal) {
      draw(done, total);
    } else if (total > 0 && done * PLAIN_STEPS / total > quarter) {
      quarter = (int) (done * PLAIN_STEPS / total);
      out.printf(Locale.ROOT, "%s         %s%n", indent, amount(done, total));
      out.flush();
    }
  }

  private void draw(long done, long total) {
    long now = System.nanoTime();
    if (barShown && now - lastDrawn < REDRAW_NANOS && done != total) {
      return;
    }
    lastDrawn = now;
    barShown = true;
    int filled = total > 0 ? (int) (BAR * Math.min(done, total) / total) : 0;
    double seconds = Math.max(1, now - began) / 1e9;
    out.printf(
        Locale.ROOT,
        "\r\033[K" + CUT + "%s         [%s%s] %s, %s/s" + WRAP,
        indent,
        "#".repeat(filled),
        "-".repeat(BAR - filled),
        amount(done, total),
        TextTable.size((long) (done / seconds)));
    out.flush();
  }

  private static String amount(long done, long total) {
    return total > 0
        ? String.format(
            Locale.ROOT,
            "%3d %%  %s of %s",
            100 * done / total,
            TextTable.size(done),
            TextTable.size(total))
        : TextTable.size(done);
  }

  /** Leaves the line of the bar. To be called when the work is over. */
  public synchronized void clear() {
    if (barShown) {
      out.print("\r\033[K");
      out.flush();
      barShown = false;
    }
  }
}
