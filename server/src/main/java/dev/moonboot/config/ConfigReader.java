package dev.moonboot.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Typed reads of one section of the configuration. What is wrong is collected and told at the end
 * of {@link Configuration#load}; until then a read that failed answers with its fallback.
 *
 * <p>Each read says what the key decides. That text and the fallback are what the documentation of
 * the keys is compared with.
 */
public final class ConfigReader {
  /** How the kind of a key that holds several values begins. */
  static final String LIST = "a list, each ";

  /** What stands in a key for one item of a list of sections. */
  static final String ITEM = "[]";

  private final Reading reading;
  private final String prefix;
  private final String displayPrefix;

  ConfigReader(Reading reading, String prefix, String displayPrefix) {
    this.reading = reading;
    this.prefix = prefix;
    this.displayPrefix = displayPrefix;
  }

  /** A reader of these values alone, for tests; finds no problems with unknown keys. */
  public static ConfigReader of(Map<String, String> values, ConfigProblems problems) {
    Map<String, ConfigFile.Entry> entries = new LinkedHashMap<>();
    values.forEach((key, text) -> entries.put(key, new ConfigFile.Entry(text, key)));
    var tree = new ConfigTree(ConfigFile.Contents.of(entries), Map.of());
    return new ConfigReader(new Reading(tree, Path.of(""), problems, false), "", "");
  }

  /**
   * Whether anything is written at {@code name} or below it, for sections that are read only then;
   * of every one while the keys are learnt.
   */
  public boolean isSet(String name) {
    reading.section(prefix + name, displayPrefix + name); // who mistypes it is told its name
    return reading.isDescribing() || reading.tree().isSet(prefix + name);
  }

  /** The keys below {@code name}. */
  public ConfigReader section(String name) {
    return new ConfigReader(reading, prefix + name + ".", displayPrefix + name + ".");
  }

  /**
   * The sections below {@code name}, by the name the user gave each.
   *
   * @param placeholder what stands for such a name in documentation: {@code <name>}
   */
  public Map<String, ConfigReader> sections(String name, String placeholder) {
    if (reading.isDescribing()) {
      return Map.of(placeholder, section(name).section(placeholder));
    }
    Map<String, ConfigReader> sections = new LinkedHashMap<>();
    if (reading.tree().isNoSection(prefix + name)) {
      problem(name, "expects keys with values, each below a name of yours");
      reading.key(prefix + name, new ConfigKey(displayPrefix + name, "", "", "")); // told
      return sections;
    }
    for (String escaped : reading.tree().names(prefix + name)) {
      String chosen = ConfigTree.display(escaped);
      sections.put(
          chosen,
          new ConfigReader(
              reading,
              prefix + name + "." + escaped + ".",
              displayPrefix + name + "." + chosen + "."));
      reading.section(prefix + name + "." + escaped, displayPrefix + name + "." + placeholder);
    }
    return sections;
  }

  /** The sections that are the items of a list, in order. No variable sets such keys. */
  public List<ConfigReader> list(String name) {
    if (reading.isDescribing()) {
      return List.of(
          new ConfigReader(reading, prefix + name + ITEM + ".", displayPrefix + name + ITEM + "."));
    }
    String full = prefix + name;
    return switch (reading.tree().shape(full)) {
      case NOTHING -> List.of();
      case VALUE, SECTION -> {
        problem(name, "expects a list of keys with values; begin each of its items with a hyphen");
        reading.key(full, new ConfigKey(displayPrefix + name, LIST, "", "")); // told: nothing more
        yield List.of();
      }
      case LIST ->
          reading.tree().names(full).stream()
              .map(Integer::valueOf)
              .sorted()
              .map(i -> item(name, i))
              .toList();
    };
  }

  private ConfigReader item(String name, int index) {
    String display = displayPrefix + name + "[" + index + "]";
    reading.section(prefix + name + "." + index, display);
    return new ConfigReader(reading, prefix + name + "." + index + ".", display + ".");
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the rules are only read
  public final String string(
      String key, String description, String fallback, Check<String>... checks) {
    return value(key, description, fallback, Kind.TEXT, List.of(checks));
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the rules are only read
  public final int integer(String key, String description, int fallback, Check<Integer>... checks) {
    return value(key, description, fallback, Kind.INTEGER, List.of(checks));
  }

  public boolean bool(String key, String description, boolean fallback) {
    return value(key, description, fallback, Kind.BOOLEAN, List.of());
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // the rules are only read
  public final Duration duration(
      String key, String description, Duration fallback, Check<Duration>... checks) {
    return value(key, description, fallback, Kind.DURATION, List.of(checks));
  }

  public InetSocketAddress address(String key, String description, InetSocketAddress fallback) {
    return value(key, description, fallback, Kind.ADDRESS, List.of());
  }

  /** A path, resolved by {@link #resolve}. */
  public Path path(String key, String description, Path fallback) {
    return resolve(value(key, description, fallback, Kind.PATH, List.of()));
  }

  /** The path; a relative one starts at the folder of the configuration file. */
  public Path resolve(Path path) {
    return reading.base().resolve(path);
  }

  /** As {@link #path}, without a fallback. */
  public Optional<Path> optionalPath(String key, String description) {
    return optional(key, description, Kind.PATH).map(this::resolve);
  }

  /** A list of texts; a single value is read as a list of one. */
  public List<String> strings(String key, String description, List<String> fallback) {
    return values(key, description, fallback, Kind.TEXT);
  }

  /** A value of any kind, with a fallback and rules that it must keep. */
  public <T> T value(
      String key, String description, T fallback, Kind<T> kind, List<Check<T>> checks) {
    describe(key, kind.name(), kind.write(fallback), description);
    T value = parsed(key, kind).orElse(fallback);
    for (Check<T> check : checks) {
      check
          .complaint(value)
          .ifPresent(rule -> problem(key, kind.write(value) + " will not do, must be " + rule));
    }
    reading.setting(displayPrefix + key, kind.write(value), prefix + key);
    return value;
  }

  /** A value of any kind that need not be set. */
  public <T> Optional<T> optional(String key, String description, Kind<T> kind) {
    describe(key, kind.name(), "", description);
    Optional<T> value = parsed(key, kind);
    value.ifPresent(set -> reading.setting(displayPrefix + key, kind.write(set), prefix + key));
    return value;
  }

  /** As {@link #optional}; its value is never shown. */
  public <T> Optional<T> secret(String key, String description, Kind<T> kind) {
    describe(key, kind.name(), "", description);
    Optional<T> value = parsed(key, kind);
    value.ifPresent(_ -> reading.setting(displayPrefix + key, "***", prefix + key));
    return value;
  }

  /** A value that must be set; empty (and a problem noted) when it is not or cannot be read. */
  public <T> Optional<T> required(String key, String description, Kind<T> kind) {
    describe(key, kind.name(), ConfigKey.REQUIRED, description);
    if (!reading.isDescribing() && reading.tree().shape(prefix + key) == ConfigTree.Shape.NOTHING) {
      problem(key, "must be set: " + description);
    }
    Optional<T> value = parsed(key, kind);
    value.ifPresent(set -> reading.setting(displayPrefix + key, kind.write(set), prefix + key));
    return value;
  }

  /** A list of values of any kind; a single value is read as a list of one. */
  public <T> List<T> values(String key, String description, List<T> fallback, Kind<T> kind) {
    describe(key, LIST + kind.name(), written(fallback, kind), description);
    List<T> values = new ArrayList<>();
    switch (reading.tree().shape(prefix + key)) {
      case NOTHING -> values.addAll(fallback);
      case SECTION -> problem(key, "expects a list, found keys with values");
      case VALUE, LIST -> {
        reading.tree().deepItems(prefix + key).forEach(item -> notOne(key, item, kind));
        reading
            .tree()
            .items(prefix + key)
            .forEach(text -> parsed(key, text, kind).ifPresent(values::add));
      }
    }
    reading.setting(displayPrefix + key, written(values, kind), prefix + key);
    return List.copyOf(values);
  }

  /** {@code - ghcr.io/acme/frr: v1}, with a blank, is no text to YAML. */
  private void notOne(String key, String item, Kind<?> kind) {
    List<String> names = reading.tree().names(item);
    problem(
        key,
        "each item is one value (%s), and item %d is a %s"
            .formatted(
                kind.name(),
                Integer.parseInt(item.substring(item.lastIndexOf('.') + 1)) + 1,
                reading.tree().shape(item) == ConfigTree.Shape.LIST
                    ? "list of its own"
                    : "key with a value (\"%s\"): a colon with a blank behind it makes a key of what is before it"
                        .formatted(ConfigTree.display(names.getFirst()))));
  }

  /** Notes that the value of {@code key} will not do. */
  public void problem(String key, String message) {
    String full = prefix + key;
    String origin = reading.tree().origin(full);
    reading
        .problems()
        .add(
            origin.equals(ConfigTree.UNKNOWN) ? reading.source() : origin,
            displayPrefix + key + ": " + message);
  }

  private <T> Optional<T> parsed(String key, Kind<T> kind) {
    return switch (reading.tree().shape(prefix + key)) {
      case NOTHING -> Optional.empty();
      case VALUE -> reading.tree().text(prefix + key).flatMap(text -> parsed(key, text, kind));
      case LIST -> {
        problem(key, "expects one value (" + kind.name() + "), found a list");
        yield Optional.empty();
      }
      case SECTION -> {
        problem(key, "expects one value (" + kind.name() + "), found keys with values");
        yield Optional.empty();
      }
    };
  }

  private <T> Optional<T> parsed(String key, String text, Kind<T> kind) {
    try {
      return Optional.of(kind.parse(text));
    } catch (IllegalArgumentException e) {
      String why = e instanceof NumberFormatException ? "" : " (" + e.getMessage() + ")";
      problem(key, "\"" + text + "\" is not " + kind.name() + why);
      return Optional.empty();
    }
  }

  private static <T> String written(List<T> values, Kind<T> kind) {
    return values.stream().map(kind::write).collect(Collectors.joining(", ", "[", "]"));
  }

  private void describe(String key, String kind, String fallback, String description) {
    reading.key(prefix + key, new ConfigKey(displayPrefix + key, kind, fallback, description));
  }
}
