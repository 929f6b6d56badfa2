package dev.moonboot.talos;

import dev.moonboot.journal.TalosSaid.Level;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of Talos's kernel log that tells how a boot goes on. Talos sends one JSON object a line
 * with {@code msg}, {@code talos-level}, {@code talos-time} and some of the kernel's own (Talos's
 * documentation, "Logging"); machined writes to the same log, with {@code [talos]} before it.
 *
 * @param what one word
 * @param text what it says
 * @param level how bad it is
 */
record KernelLine(String what, String text, Level level) {
  private static final long MOST_TOKENS = 1000;
  private static final String MACHINED = "[talos] ";
  private static final Pattern SEQUENCE =
      Pattern.compile("(\\w{1,32}) sequence: (done|failed|\\d+ phase).*");
  private static final Pattern PHASE = Pattern.compile("phase (\\S{1,64}) \\(\\S+\\): (.*)");
  private static final Pattern TASK = Pattern.compile("task (\\S{1,64}) \\(\\S+\\): failed.*");

  /** One message. */
  record Message(String text, String level) {}

  /** What a line holds; nothing when it is not such a line. */
  static Optional<Message> message(String line) {
    try {
      if (JsonText.parseLastWins(line, MOST_TOKENS) instanceof Json.Obj fields) {
        return fields
            .text("msg")
            .map(text -> new Message(text.strip(), fields.text("talos-level").orElse("")));
      }
    } catch (JsonException e) {
      // not ours to mend: nobody reads an answer
    }
    return Optional.empty();
  }

  /** What a message tells of a boot; nothing for most of them. */
  static Optional<KernelLine> of(Message message) {
    String text = message.text();
    if (text.startsWith("Linux version ")) {
      return line("kernel", text, Level.INFO);
    }
    if (text.startsWith("Kernel panic")) {
      return line("panic", text, Level.FAILED);
    }
    boolean error = message.level().equals("error");
    if (!text.startsWith(MACHINED)) {
      return error ? line("kernel", text, Level.ERROR) : Optional.empty();
    }
    String said = text.substring(MACHINED.length());
    return machined(said).or(() -> error ? line("machined", said, Level.ERROR) : Optional.empty());
  }

  private static Optional<KernelLine> machined(String said) {
    Matcher sequence = SEQUENCE.matcher(said);
    if (sequence.matches()) {
      return line("sequence", said, sequence(sequence.group(1), sequence.group(2)));
    }
    Matcher phase = PHASE.matcher(said);
    if (phase.matches()) {
      return phase.group(2).startsWith("failed")
          ? line("phase", said, Level.ERROR)
          : phase.group(2).startsWith("done") ? line("phase", said, Level.INFO) : Optional.empty();
    }
    if (TASK.matcher(said).matches()) {
      return line("task", said, Level.ERROR);
    }
    if (said.contains("entering maintenance service")) {
      return line("maintenance", said, Level.INFO);
    }
    if (said.contains("machine config loaded successfully")) {
      return line("config", said, Level.INFO);
    }
    return said.contains("failed to load config")
            || said.contains("failed to validate config")
            || said.contains("error acquiring via platform")
        ? line("config", said, Level.ERROR)
        : Optional.empty();
  }

  private static Level sequence(String name, String how) {
    return switch (how) {
      case "done" -> name.equals("boot") ? Level.UP : Level.INFO;
      case "failed" -> Level.FAILED;
      default -> Level.INFO;
    };
  }

  private static Optional<KernelLine> line(String what, String text, Level level) {
    return Optional.of(new KernelLine(what, text, level));
  }
}
