package dev.moonboot.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashTrieTest {
  /** Few hashes, so that many are the same. */
  private record Key(int number) {
    @Override
    public int hashCode() {
      return number % 7 * 0x01010101;
    }
  }

  private record Value(Key key, int edition) {}

  @Test
  void it_is_what_a_map_is_after_any_changes_and_no_change_is_seen_in_older_ones() {
    Random random = new Random(5);
    Map<Key, Value> expected = new HashMap<>();
    HashTrie<Key, Value> trie = HashTrie.of(Value::key);
    for (int i = 0; i < 3_000; i++) {
      Key key = new Key(random.nextInt(60));
      HashTrie<Key, Value> before = trie;
      Map<Key, Value> then = Map.copyOf(expected);
      if (random.nextInt(3) == 0) {
        trie = trie.without(key);
        expected.remove(key);
      } else {
        trie = trie.with(new Value(key, i));
        expected.put(key, new Value(key, i));
      }
      check(expected, trie);
      check(then, before);
    }
  }

  private static void check(Map<Key, Value> expected, HashTrie<Key, Value> trie) {
    assertEquals(expected.size(), trie.size());
    assertEquals(Set.copyOf(expected.values()), new HashSet<>(trie.values()));
    for (int number = 0; number < 60; number++) {
      Key key = new Key(number);
      assertEquals(expected.get(key), trie.find(key));
    }
  }

  @Test
  void what_was_never_there_changes_nothing() {
    HashTrie<Key, Value> trie = HashTrie.<Key, Value>of(Value::key).with(new Value(new Key(1), 1));
    assertSame(trie, trie.without(new Key(8)));
    assertNull(trie.find(new Key(8)));
  }
}
