package dev.moonboot.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML file as flat entries that remember where they stand. It is never made into objects: only
 * text, lists and maps exist, whatever tags the file carries.
 */
final class ConfigFile {
  /** A configuration needs a few KiB; more is a mistake or an attack. */
  static final int MAX_BYTES = 1 << 20;

  private static final Set<Tag> TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ);
  private static final Pattern VARIABLE = Pattern.compile("\\$\\$|\\$\\{([^}]*)}");
  private static final int MAX_DEPTH = 16;

  /**
   * One value.
   *
   * @param where {@code file:line:column} of its key
   */
  record Entry(String text, String where) {}

  /**
   * What a file holds. Names between dots are escaped ({@link ConfigTree#escape}).
   *
   * @param entries values by full key; items of a list are {@code key.0}, {@code key.1} …
   * @param places where each key stands, those that hold other keys included
   * @param emptyLists keys that are set to a list without items
   * @param emptyMaps keys that are set to a map without keys
   * @param nothings keys behind which nothing stands: as if they were not there, but for their
   *     names
   */
  record Contents(
      Map<String, Entry> entries,
      Map<String, String> places,
      Set<String> emptyLists,
      Set<String> emptyMaps,
      Set<String> nothings) {
    static final Contents NONE = of(Map.of());

    /** Values alone. */
    static Contents of(Map<String, Entry> entries) {
      return new Contents(entries, Map.of(), Set.of(), Set.of(), Set.of());
    }

    /** The same without what {@code keys} and all below them are set to. */
    Contents without(Set<String> keys) {
      Map<String, Entry> rest = new LinkedHashMap<>(entries);
      rest.keySet().removeIf(key -> keys.stream().anyMatch(k -> (key + ".").startsWith(k + ".")));
      Set<String> restEmpty = new HashSet<>(emptyLists);
      restEmpty.removeAll(keys);
      return new Contents(rest, places, restEmpty, emptyMaps, nothings);
    }
  }

  private final String name;
  private final Map<String, String> environment;
  private final ConfigProblems problems;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> places = new LinkedHashMap<>();
  private final Set<String> emptyLists = new HashSet<>();
  private final Set<String> emptyMaps = new HashSet<>();
  private final Set<String> nothings = new HashSet<>();

  private ConfigFile(String name, Map<String, String> environment, ConfigProblems problems) {
    this.name = name;
    this.environment = environment;
    this.problems = problems;
  }

  /**
   * Reads the file; what is wrong with its values goes to {@code problems}.
   *
   * @throws ConfigException when it cannot be read as YAML at all
   */
  static Contents read(Path file, Map<String, String> environment, ConfigProblems problems) {
    var reader = new ConfigFile(file.toString(), environment, problems);
    Optional<Node> root = text(file, problems).flatMap(reader::compose);
    problems.check(); // what is no YAML says nothing about its keys
    root.ifPresent(reader::walkRoot);
    return new Contents(
        reader.entries, reader.places, reader.emptyLists, reader.emptyMaps, reader.nothings);
  }

  private static Optional<String> text(Path file, ConfigProblems problems) {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        problems.add(file.toString(), "larger than 1 MiB; is this a configuration?");
        return Optional.empty();
      }
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (NoSuchFileException e) {
      problems.add(file.toString(), "there is no such file");
    } catch (AccessDeniedException e) {
      problems.add(
          file.toString(),
          "you may not read it (user %s)".formatted(System.getProperty("user.name")));
    } catch (CharacterCodingException e) {
      problems.add(file.toString(), "not UTF-8 text");
    } catch (IOException e) {
      problems.add(file.toString(), "cannot be read: " + e.getMessage());
    }
    return Optional.empty();
  }

  private Optional<Node> compose(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(name)
            .setMaxAliasesForCollections(0)
            .setAllowRecursiveKeys(false)
            .setCodePointLimit(MAX_BYTES)
            .build();
    try {
      return new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      String where = e.getProblemMark().map(this::at).orElse(name);
      problems.add(where, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add(name, "not usable as YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  private void walkRoot(Node root) {
    if (root instanceof MappingNode map) {
      walkMap("", map, 0);
    } else if (!root.getTag().equals(Tag.NULL)) {
      problems.add(at(root), "the file must hold keys with values");
    }
  }

  private void walk(String key, Node node, int depth) {
    if (!TAGS.contains(node.getTag())) {
      problems.add(
          at(node), ConfigTree.display(key) + ": tag " + node.getTag() + " is not allowed");
    } else if (depth > MAX_DEPTH || node.isRecursive()) {
      problems.add(at(node), ConfigTree.display(key) + ": nested too deep");
    } else {
      switch (node) {
        case MappingNode map -> {
          if (map.getValue().isEmpty()) {
            emptyMaps.add(key);
          }
          walkMap(key + ".", map, depth);
        }
        case SequenceNode list -> walkList(key, list, depth);
        case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> nothings.add(key);
        case ScalarNode scalar ->
            entries.put(key, new Entry(substitute(scalar), places.getOrDefault(key, at(scalar))));
        default -> problems.add(at(node), ConfigTree.display(key) + ": not a value");
      }
    }
  }

  private void walkMap(String prefix, MappingNode map, int depth) {
    Map<String, Node> seen = new HashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        problems.add(at(tuple.getKeyNode()), "a key must be a word");
        continue;
      }
      String key = prefix + ConfigTree.escape(keyNode.getValue());
      Node first = seen.putIfAbsent(key, keyNode);
      if (first != null) {
        problems.add(at(keyNode), ConfigTree.display(key) + " is set twice, first at " + at(first));
      } else {
        places.put(key, at(keyNode));
        walk(key, tuple.getValueNode(), depth + 1);
      }
    }
  }

  private void walkList(String key, SequenceNode list, int depth) {
    List<Node> items = list.getValue();
    if (items.isEmpty()) {
      emptyLists.add(key);
    }
    for (int i = 0; i < items.size(); i++) {
      Node item = items.get(i);
      if (isNothing(item)) {
        problems.add(at(item), "an item of " + ConfigTree.display(key) + " is empty");
        continue;
      } else if (item instanceof MappingNode map) {
        places.put(key + "." + i, at(map));
      }
      walk(key + "." + i, item, depth + 1);
    }
  }

  private static boolean isNothing(Node item) {
    return item.getTag().equals(Tag.NULL)
        || (item instanceof CollectionNode<?> nested && nested.getValue().isEmpty());
  }

  /** Puts environment variables in for {@code ${NAME}}; {@code $$} stands for one dollar sign. */
  private String substitute(ScalarNode scalar) {
    return VARIABLE
        .matcher(scalar.getValue())
        .replaceAll(match -> Matcher.quoteReplacement(substitute(match.group(1), scalar)));
  }

  private String substitute(@Nullable String variable, Node where) {
    if (variable == null) {
      return "$";
    }
    String value = environment.get(variable);
    if (value == null) {
      problems.add(
          at(where),
          "${"
              + variable
              + "}: there is no such environment variable; set it, or write $${ for a literal ${");
      return "";
    }
    return value;
  }

  private String at(Node node) {
    return node.getStartMark().map(this::at).orElse(name);
  }

  private String at(Mark mark) {
    return name + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }
}
