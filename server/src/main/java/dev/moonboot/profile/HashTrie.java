package dev.moonboot.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values by keys that they know themselves. Immutable: a change gives another trie, which shares
 * nearly all with this one, so that a look-up and a change cost the same (some microseconds)
 * however many values there are.
 *
 * <p>Each level of the tree takes five bits of the key's hash (a hash array mapped trie); below the
 * last one, values whose hashes are the same stand in a list.
 */
final class HashTrie<K, V> {
  private static final int BITS = 5;
  private static final int MASK = (1 << BITS) - 1;

  /** Children and values in the order of their bits; a list of one hash has no bits. */
  private static final class Node {
    static final Node EMPTY = new Node(0, new Object[0]);

    private final int bitmap;
    private final Object[] slots;

    Node(int bitmap, Object[] slots) {
      this.bitmap = bitmap;
      this.slots = slots;
    }

    private static int bit(int hash, int shift) {
      return 1 << ((hash >>> shift) & MASK);
    }

    private int index(int bit) {
      return Integer.bitCount(bitmap & (bit - 1));
    }

    private Node replaced(int index, Object slot) {
      Object[] copy = slots.clone();
      copy[index] = slot;
      return new Node(bitmap, copy);
    }

    private Node inserted(int bit, int index, Object slot) {
      Object[] copy = new Object[slots.length + 1];
      System.arraycopy(slots, 0, copy, 0, index);
      copy[index] = slot;
      System.arraycopy(slots, index, copy, index + 1, slots.length - index);
      return new Node(bitmap | bit, copy);
    }

    private Node removed(int bit, int index) {
      Object[] copy = new Object[slots.length - 1];
      System.arraycopy(slots, 0, copy, 0, index);
      System.arraycopy(slots, index + 1, copy, index, copy.length - index);
      return new Node(bitmap & ~bit, copy);
    }
  }

  private final Function<V, K> keyOf;
  private final Node root;
  private final int size;

  private HashTrie(Function<V, K> keyOf, Node root, int size) {
    this.keyOf = keyOf;
    this.root = root;
    this.size = size;
  }

  /**
   * One without values.
   *
   * @param keyOf the key that a value knows
   */
  static <K, V> HashTrie<K, V> of(Function<V, K> keyOf) {
    return new HashTrie<>(keyOf, Node.EMPTY, 0);
  }

  int size() {
    return size;
  }

  /** The value of that key; null when there is none. */
  @Nullable V find(K key) {
    int hash = spread(key);
    Node node = root;
    for (int shift = 0; shift < Integer.SIZE; shift += BITS) {
      int bit = Node.bit(hash, shift);
      if ((node.bitmap & bit) == 0) {
        return null;
      }
      Object slot = node.slots[node.index(bit)];
      if (!(slot instanceof Node child)) {
        V value = value(slot);
        return keyOf.apply(value).equals(key) ? value : null;
      }
      node = child;
    }
    int index = indexOf(node, key);
    return index < 0 ? null : value(node.slots[index]);
  }

  /** With that value, in place of the one of its key where there is one. */
  HashTrie<K, V> with(V value) {
    K key = keyOf.apply(value);
    int grown = find(key) == null ? size + 1 : size;
    return new HashTrie<>(keyOf, put(root, 0, spread(key), key, value), grown);
  }

  /** Without the value of that key. */
  HashTrie<K, V> without(K key) {
    return find(key) == null
        ? this
        : new HashTrie<>(keyOf, remove(root, 0, spread(key), key), size - 1);
  }

  /** Each value, in no order. */
  void forEach(Consumer<V> action) {
    forEach(root, action);
  }

  /** All values, in no order. */
  List<V> values() {
    List<V> values = new ArrayList<>(size);
    forEach(values::add);
    return values;
  }

  private void forEach(Node node, Consumer<V> action) {
    for (Object slot : node.slots) {
      if (slot instanceof Node child) {
        forEach(child, action);
      } else {
        action.accept(value(slot));
      }
    }
  }

  private Node put(Node node, int shift, int hash, K key, V value) {
    if (shift >= Integer.SIZE) {
      int index = indexOf(node, key);
      return index < 0 ? node.inserted(0, node.slots.length, value) : node.replaced(index, value);
    }
    int bit = Node.bit(hash, shift);
    int index = node.index(bit);
    if ((node.bitmap & bit) == 0) {
      return node.inserted(bit, index, value);
    }
    Object slot = node.slots[index];
    if (slot instanceof Node child) {
      return node.replaced(index, put(child, shift + BITS, hash, key, value));
    }
    V other = value(slot);
    K otherKey = keyOf.apply(other);
    if (otherKey.equals(key)) {
      return node.replaced(index, value);
    }
    Node below = put(Node.EMPTY, shift + BITS, spread(otherKey), otherKey, other);
    return node.replaced(index, put(below, shift + BITS, hash, key, value));
  }

  private Node remove(Node node, int shift, int hash, K key) {
    if (shift >= Integer.SIZE) {
      return node.removed(0, indexOf(node, key));
    }
    int bit = Node.bit(hash, shift);
    int index = node.index(bit);
    if (!(node.slots[index] instanceof Node child)) {
      return node.removed(bit, index);
    }
    Node left = remove(child, shift + BITS, hash, key);
    boolean single = left.slots.length == 1 && !(left.slots[0] instanceof Node);
    return node.replaced(index, single ? left.slots[0] : left);
  }

  private int indexOf(Node list, K key) {
    return Arrays.stream(list.slots).map(slot -> keyOf.apply(value(slot))).toList().indexOf(key);
  }

  /** Hashes of texts that differ little differ in few bits, and all levels need some. */
  private static int spread(Object key) {
    int mixed = key.hashCode() * 0x9E3779B9;
    return mixed ^ (mixed >>> 15);
  }

  @SuppressWarnings("unchecked") // what is no node was put in as a value
  private V value(Object slot) {
    return (V) slot;
  }
}
