package dev.moonboot.profile;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives values that are the same as one object: of a hundred thousand groups most say much the
 * same. Knows the values of late, one for each slot of a small table, so that it takes no more
 * memory however many there are. Threads that use it at once may miss each other's values.
 */
final class SharedValues {
  private static final int SLOTS = 1 << 13;

  private final Object[] recent = new Object[SLOTS];

  Group of(Group group) {
    return new Group(
        group.file(),
        group.id().equals(group.file()) ? group.file() : group.id(),
        shared(group.name()),
        shared(group.profile()),
        of(group.selector()),
        group.lists(),
        of(group.metadata()),
        group.extensions());
  }

  private SortedMap<String, String> of(SortedMap<String, String> selector) {
    SortedMap<String, String> values = new TreeMap<>();
    selector.forEach((key, value) -> values.put(shared(key), shared(value)));
    return values;
  }

  private Json.Obj of(Json.Obj object) {
    Map<String, Json> members = new LinkedHashMap<>();
    object.members().forEach((key, value) -> members.put(shared(key), of(value)));
    return shared(new Json.Obj(members));
  }

  private Json of(Json value) {
    return switch (value) {
      case Json.Obj object -> of(object);
      case Json.Arr(var items) -> shared(new Json.Arr(items.stream().map(this::of).toList()));
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> shared(value);
    };
  }

  @SuppressWarnings("unchecked") // what equals a value is of its class, for all that come here
  private <T> T shared(T value) {
    int hash = value.hashCode();
    int slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
    Object known = recent[slot];
    if (value.equals(known)) {
      return (T) known;
    }
    recent[slot] = value;
    return value;
  }
}
