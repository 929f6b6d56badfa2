package dev.moonboot.profile;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map that never changes, in two arrays: a third of what a tree takes. There is one in
 * every group.
 */
@SuppressWarnings("JdkObsolete") // a NavigableMap has twenty methods more that nobody needs here
final class SmallSortedMap extends AbstractMap<String, String>
    implements SortedMap<String, String> {
  private final String[] keys;
  private final String[] values;

  private SmallSortedMap(SortedMap<String, String> map) {
    keys = map.keySet().toArray(String[]::new);
    values = map.values().toArray(String[]::new);
  }

  static SortedMap<String, String> copyOf(SortedMap<String, String> map) {
    if (map.isEmpty()) {
      return Collections.emptySortedMap();
    }
    return map instanceof SmallSortedMap ? map : new SmallSortedMap(new TreeMap<>(map));
  }

  @Override
  public @Nullable String get(@Nullable Object key) {
    int index = key instanceof String text ? Arrays.binarySearch(keys, text) : -1;
    return index < 0 ? null : values[index];
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public int size() {
    return keys.length;
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, String>> iterator() {
        return IntStream.range(0, keys.length)
            .mapToObj(i -> Map.entry(keys[i], values[i]))
            .iterator();
      }

      @Override
      public int size() {
        return keys.length;
      }
    };
  }

  @Override
  public @Nullable Comparator<? super String> comparator() {
    return null;
  }

  @Override
  public SortedMap<String, String> subMap(String from, String to) {
    return new TreeMap<>((Map<String, String>) this).subMap(from, to);
  }

  @Override
  public SortedMap<String, String> headMap(String to) {
    return new TreeMap<>((Map<String, String>) this).headMap(to);
  }

  @Override
  public SortedMap<String, String> tailMap(String from) {
    return new TreeMap<>((Map<String, String>) this).tailMap(from);
  }

  @Override
  public String firstKey() {
    return keys[0];
  }

  @Override
  public String lastKey() {
    return keys[keys.length - 1];
  }
}
