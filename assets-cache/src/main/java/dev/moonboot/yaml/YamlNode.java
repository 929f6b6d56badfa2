package dev.moonboot.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML document as it is written, before scalars are taken for numbers, truths or nulls. */
public sealed interface YamlNode {
  /** Where it begins, from 1. */
  int line();

  /**
   * A scalar.
   *
   * @param text without quotes, escapes replaced
   * @param plain whether it has neither quotes nor is a block: only then it may be more than text
   */
  record Scalar(String text, boolean plain, int line) implements YamlNode {}

  /** A sequence. */
  record Sequence(List<YamlNode> items, int line) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** A mapping, in the order of the text. */
  record Mapping(Map<String, YamlNode> members, int line) implements YamlNode {
    public Mapping {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }
}
