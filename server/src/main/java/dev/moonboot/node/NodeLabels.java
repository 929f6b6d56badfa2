package dev.moonboot.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The labels that a node sends in the query of its request, by matchbox's rules: keys and values
 * keep their case, the first of repeated keys counts, pairs that cannot be decoded are left out,
 * and a {@code mac} (in any case) is brought to lower case with colons or left out.
 *
 * <p>Three bounds are ours: of a query no more than {@value #MAX_LABELS} labels are kept, a pair
 * longer than {@value #MAX_PAIR} characters is left out, and so is a value with control characters.
 * A label left out reads as absent.
 */
public final class NodeLabels {
  /** How many labels are kept. */
  public static final int MAX_LABELS = 256;

  /** How long {@code key=value} may be, encoded. */
  public static final int MAX_PAIR = 4096;

  /** What becomes of labels with control characters in them. */
  public enum Controls {
    LEFT_OUT,
    /** As with matchbox; what is made of labels then has to mind them. */
    KEPT
  }

  /** A node that sends nothing. */
  public static final NodeLabels NONE = of(null);

  private static final int MAX_NOTES = 4;

  private final String rawQuery;
  private final Map<String, String> labels;
  private final List<String> ignored;

  private NodeLabels(String rawQuery, Map<String, String> labels, List<String> ignored) {
    this.rawQuery = rawQuery;
    this.labels = Collections.unmodifiableMap(labels);
    this.ignored = List.copyOf(ignored);
  }

  /**
   * Reads the query of a URL, as it was sent (still percent-encoded, without the question mark).
   *
   * @param rawQuery null when the URL has none
   */
  public static NodeLabels of(@Nullable String rawQuery) {
    return of(rawQuery, Controls.LEFT_OUT);
  }

  /** As {@link #of(String)}. */
  public static NodeLabels of(@Nullable String rawQuery, Controls controls) {
    Map<String, String> labels = new LinkedHashMap<>();
    List<String> ignored = new ArrayList<>();
    String query = rawQuery == null ? "" : rawQuery;
    for (int start = 0; start < query.length() && labels.size() < MAX_LABELS; ) {
      int end = query.indexOf('&', start);
      end = end < 0 ? query.length() : end;
      if (end > start) {
        addPair(query.substring(start, end), controls, labels, ignored);
      }
      start = end + 1;
    }
    normalizeMacs(labels, ignored);
    return new NodeLabels(query, labels, ignored);
  }

  /** These labels, exactly: hardware addresses, too, stay as they are spelt. */
  public static NodeLabels verbatim(Map<String, String> labels) {
    return new NodeLabels("", new LinkedHashMap<>(labels), List.of());
  }

  private static void addPair(
      String pair, Controls controls, Map<String, String> labels, List<String> ignored) {
    int equals = pair.indexOf('=');
    String rawKey = equals < 0 ? pair : pair.substring(0, equals);
    if (pair.length() > MAX_PAIR) {
      note(ignored, rawKey, "is longer than " + MAX_PAIR + " characters");
      return;
    }
    if (pair.indexOf(';') >= 0) {
      note(ignored, rawKey, "stands with a semicolon");
      return;
    }
    Optional<String> key = QueryText.decode(rawKey);
    Optional<String> value = QueryText.decode(equals < 0 ? "" : pair.substring(equals + 1));
    if (key.isEmpty() || value.isEmpty()) {
      note(ignored, rawKey, "has a bad percent escape");
    } else if (controls == Controls.LEFT_OUT
        && (QueryText.hasControl(key.get()) || QueryText.hasControl(value.get()))) {
      note(ignored, rawKey, "has control characters");
    } else {
      labels.putIfAbsent(key.get(), value.get());
    }
  }

  private static void normalizeMacs(Map<String, String> labels, List<String> ignored) {
    for (var entries = labels.entrySet().iterator(); entries.hasNext(); ) {
      Map.Entry<String, String> label = entries.next();
      if (isMac(label.getKey())) {
        Optional<MacAddress> mac = MacAddress.parse(label.getValue());
        if (mac.isPresent()) {
          label.setValue(mac.get().text());
        } else {
          note(ignored, label.getKey(), "is not a hardware address");
          entries.remove();
        }
      }
    }
  }

  private static void note(List<String> ignored, String rawKey, String why) {
    if (ignored.size() < MAX_NOTES) {
      ignored.add(QueryText.printable(rawKey) + " " + why);
    }
  }

  /** True for the one key whose value must be a hardware address, in whatever case it is spelt. */
  public static boolean isMac(String key) {
    return key.equalsIgnoreCase("mac");
  }

  /** The value of a label; the empty text when it is absent, as matchbox has it. */
  public String value(String key) {
    return labels.getOrDefault(key, "");
  }

  /** The query they came in, as it was sent; empty when there was none. */
  public String rawQuery() {
    return rawQuery;
  }

  /** All labels, in the order they were sent. */
  public Map<String, String> all() {
    return labels;
  }

  /** The hardware address, however its key is spelt. */
  public Optional<String> mac() {
    return labels.entrySet().stream()
        .filter(label -> isMac(label.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** For the log: the hardware address in lower case, or {@code unknown}. */
  public String macOrUnknown() {
    return mac().orElse("unknown").toLowerCase(Locale.ROOT);
  }

  /** For people: the first few labels that were left out, each with the reason. */
  public List<String> ignored() {
    return ignored;
  }

  /** For the log: {@code key=value} pairs, safe to print. */
  @Override
  public String toString() {
    return QueryText.printable(labels.toString());
  }
}
