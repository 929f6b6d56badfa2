package dev.moonboot.journal;

import dev.moonboot.journal.Timeline.State;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

/** What firmware loaded, or tried to, before it was told what to boot; guarded by the log. */
final class Programs {
  private static final int MOST = 16;

  private final LinkedHashMap<String, Count> counts = new LinkedHashMap<>();
  private String lastName = "";
  private int running;

  /** How often one file was asked for, and what came of it. */
  static final class Count {
    int whole;
    int probed;
    int broken;
    int missing;
    long bytes;
    long size;
  }

  /** The stage that a file belongs to by its name, where nobody was told to load it. */
  static Stage stage(String path) {
    String name = name(path);
    boolean script =
        name.endsWith(".ipxe")
            || name.equals("boot.ipxe.0")
            || name.equals("config.txt")
            || name.equals("cmdline.txt")
            || name.equals("boot.scr.uimg")
            || name.startsWith("grub.cfg")
            || path.contains("pxelinux.cfg/");
    return script ? Stage.SCRIPT : Stage.PROGRAM;
  }

  /** The last segment, in lower case. */
  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
  }

  /** Whether it is a program that goes on by itself, such as iPXE. */
  static boolean isBootProgram(String name) {
    return name.endsWith(".efi")
        || name.endsWith(".kpxe")
        || name.endsWith(".kkpxe")
        || name.endsWith(".pxe")
        || name.endsWith(".0");
  }

  private Count count(String path) {
    String name = Text.open(name(path));
    lastName = name;
    if (counts.size() >= MOST && !counts.containsKey(name)) {
      counts.pollFirstEntry();
    }
    return counts.computeIfAbsent(name, _ -> new Count());
  }

  void asked(String path) {
    var _ = count(path);
    running++;
  }

  void sent(String path, Sent part, boolean whole) {
    Count count = count(path);
    running = Math.max(0, running - 1);
    count.bytes = part.bytes();
    count.size = part.size();
    if (whole) {
      count.whole++;
    } else if (part.end() == Sent.End.PROBED) {
      count.probed++;
    } else {
      count.broken++;
    }
  }

  void missed(String path) {
    count(path).missing++;
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  boolean isRunning() {
    return running > 0;
  }

  /** The one asked for last, and what came of it. */
  Optional<Entry<String, Count>> last() {
    Count count = counts.get(lastName);
    return count == null ? Optional.empty() : Optional.of(Map.entry(lastName, count));
  }

  /** The boot program that was loaded most often. */
  Optional<Entry<String, Count>> mostLoaded() {
    return counts.entrySet().stream()
        .filter(each -> isBootProgram(each.getKey()) && each.getValue().whole > 0)
        .max(Comparator.comparingInt(each -> each.getValue().whole));
  }

  /** Whether any file whose name starts so was asked for and is not there. */
  boolean lacks(String start) {
    return counts.entrySet().stream()
        .anyMatch(each -> each.getKey().startsWith(start) && each.getValue().missing > 0);
  }

  boolean anyLoaded() {
    return counts.values().stream().anyMatch(count -> count.whole > 0);
  }

  /** Whether any file whose name starts so was loaded. */
  boolean anyLoaded(String start) {
    return counts.entrySet().stream()
        .anyMatch(each -> each.getKey().startsWith(start) && each.getValue().whole > 0);
  }

  State state() {
    if (anyLoaded()) {
      return State.DONE;
    }
    boolean failed = counts.values().stream().anyMatch(c -> c.broken + c.missing > 0);
    return running == 0 && failed ? State.FAILED : State.RUNNING;
  }
}
