package dev.moonboot.config;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All entries as one tree, environment over file, and where each came from. */
final class ConfigTree {
  /** The origin of what was not written anywhere. */
  static final String UNKNOWN = "configuration";

  /** A flat map does not say what is a list: where all names are numbers, it is one. */
  private static final Predicate<String> ITEM = Pattern.compile("\\d{1,9}").asMatchPredicate();

  private final Config config;
  private final Map<String, String> origins = new HashMap<>();
  private final Map<String, String> places = new HashMap<>();
  private final Set<String> emptyLists;
  private final Set<String> emptyMaps;
  private final Set<String> nothings;

  ConfigTree(ConfigFile.Contents file, Map<String, ConfigFile.Entry> environment) {
    places.putAll(file.places());
    emptyLists = file.emptyLists();
    emptyMaps = file.emptyMaps();
    nothings = file.nothings();
    file.entries().forEach((key, entry) -> origins.put(key, entry.where()));
    environment.forEach((key, entry) -> origins.put(key, entry.where()));
    this.config =
        Config.builder(
                ConfigSources.create(texts(environment)),
                ConfigSources.create(texts(file.entries())))
            .disableEnvironmentVariablesSource()
            .disableSystemPropertiesSource()
            .disableFilterServices()
            .disableKeyResolving()
            .disableValueResolving()
            .disableMapperServices()
            .disableParserServices()
            .build();
  }

  private static Map<String, String> texts(Map<String, ConfigFile.Entry> entries) {
    Map<String, String> texts = new HashMap<>();
    entries.forEach((key, entry) -> texts.put(key, entry.text()));
    return texts;
  }

  /** A name as it stands between the dots of a full key: a host's own dots are hidden. */
  static String escape(String name) {
    return Config.Key.escapeName(name);
  }

  /** A full key as people write it. */
  static String display(String key) {
    return Config.Key.unescapeName(key);
  }

  /** What stands at {@code key}. */
  enum Shape {
    NOTHING,
    VALUE,
    LIST,
    SECTION
  }

  Shape shape(String key) {
    Config node = config.get(key);
    return switch (node.type()) {
      case MISSING -> emptyLists.contains(key) ? Shape.LIST : Shape.NOTHING;
      case VALUE -> Shape.VALUE;
      case LIST -> Shape.LIST;
      case OBJECT -> names(key).stream().allMatch(ITEM) ? Shape.LIST : Shape.SECTION;
    };
  }

  /** Whether something stands at {@code key} that has no names below it. */
  boolean isNoSection(String key) {
    return emptyLists.contains(key) || shape(key) == Shape.VALUE;
  }

  /** Whether anything stands at {@code key}, be it a list or a map with nothing in it. */
  boolean isSet(String key) {
    return shape(key) != Shape.NOTHING || emptyMaps.contains(key);
  }

  Optional<String> text(String key) {
    return config.get(key).asString().asOptional();
  }

  /** The items of the list at {@code key}; a single value is a list of one. */
  List<String> items(String key) {
    Config node = config.get(key);
    return node.isLeaf()
        ? List.of(node.asString().get())
        : itemNodes(key)
            .filter(Config::isLeaf)
            .flatMap(item -> item.asString().asOptional().stream())
            .toList();
  }

  /** The full keys of those items that are lists or have keys themselves, in order. */
  List<String> deepItems(String key) {
    return config.get(key).isLeaf()
        ? List.of()
        : itemNodes(key)
            .filter(item -> !item.isLeaf())
            .map(item -> key + "." + item.key().name())
            .toList();
  }

  private Stream<Config> itemNodes(String key) {
    return config.get(key).asNodeList().orElse(List.of()).stream()
        .sorted(Comparator.comparingInt(item -> Integer.parseInt(item.key().name())));
  }

  /** The escaped names right below {@code key}. */
  List<String> names(String key) {
    Stream<String> set =
        config.get(key).asNodeList().orElse(List.of()).stream()
            .map(node -> escape(node.key().name()));
    String prefix = key + ".";
    Stream<String> empty =
        emptyKeys().stream()
            .filter(of -> of.startsWith(prefix))
            .map(of -> of.substring(prefix.length()).replaceFirst("\\..*", ""));
    return Stream.concat(set, empty).distinct().sorted().toList();
  }

  /** Where {@code key}, or what it would stand in, was written. */
  String origin(String key) {
    for (String part = key; ; part = part.substring(0, part.lastIndexOf('.'))) {
      String where = origins.getOrDefault(part, places.get(part));
      if (where != null) {
        return where;
      } else if (part.indexOf('.') < 0) {
        return UNKNOWN;
      }
    }
  }

  /** Every key that is set to nothing, or to a list or a map with nothing in it. */
  Set<String> emptyKeys() {
    Set<String> empty = new LinkedHashSet<>(emptyLists);
    empty.addAll(emptyMaps);
    empty.addAll(nothings);
    return empty;
  }

  /** Every key with a value; items of lists are {@code key.0} …. */
  Set<String> keys() {
    return new LinkedHashSet<>(origins.keySet());
  }
}
