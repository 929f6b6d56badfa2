package dev.moonboot.provision;

import dev.moonboot.ignition.Ignition;
import dev.moonboot.ignition.Normalized;
import dev.moonboot.profile.ConfigFile;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What raw Ignition files come to, worked out once for each version of a file. */
final class RawConfigs {
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(ConfigFile file, Normalized is) {
    /** A file is the same object for as long as it is the same. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(ConfigFile other) {
      return file == other;
    }
  }

  Normalized of(ConfigFile file) {
    Known last = known.get(file.name());
    if (last != null && last.isOf(file)) {
      return last.is();
    }
    Normalized is = Ignition.normalize(file.text());
    known.put(file.name(), new Known(file, is));
    return is;
  }
}
