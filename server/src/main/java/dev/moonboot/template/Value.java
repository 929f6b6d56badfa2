package dev.moonboot.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a template is given: the values that Go's encoding/json makes of JSON. Immutable. */
public sealed interface Value extends Operand {
  /** A string. */
  record Text(String text) implements Value {}

  /** A number of JSON: 64-bit floating point. */
  record Num(double number) implements Value {}

  /** A truth value. */
  record Flag(boolean flag) implements Value {}

  /** JSON's null. */
  record Nil() implements Value {}

  /** A list. */
  record Items(List<Value> items) implements Value {
    public Items {
      items = Collections.unmodifiableList(new ArrayList<>(items));
    }
  }

  /** An object: {@code map[string]interface{}}. Keys are in the order of their UTF-8 bytes. */
  record Members(Map<String, Value> members) implements Value {
    public Members {
      members = sorted(members);
    }
  }

  /**
   * An object of nothing but strings: {@code map[string]string}. Unlike in {@link Members} what is
   * absent reads, through {@code index}, as the empty text.
   */
  record Texts(Map<String, String> texts) implements Value {
    public Texts {
      texts = sorted(texts);
    }
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    SortedMap<String, V> sorted = new TreeMap<>(Value::compareAsUtf8);
    sorted.putAll(map);
    return Collections.unmodifiableMap(sorted);
  }

  /** By the bytes of their UTF-8, which is by code point, as Go sorts keys. */
  static int compareAsUtf8(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    for (int i = 0; i < shorter; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean sameKind = Character.isSurrogate(x) == Character.isSurrogate(y);
        return sameKind ? x - y : Character.isSurrogate(x) ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }
}
