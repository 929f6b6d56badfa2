package dev.moonboot.provision;

import dev.moonboot.ignition.Ignition;
import dev.moonboot.ignition.Normalized;
import dev.moonboot.profile.ConfigFile;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What raw Ignition files come to, worked out once for each version of a file, and forgotten with
 * it.
 */
final class RawConfigs {
  private final Map<ConfigFile, Normalized> known =
      Collections.synchronizedMap(new WeakHashMap<>());

  Normalized of(ConfigFile file) {
    return known.computeIfAbsent(file, raw -> Ignition.normalize(raw.text()));
  }
}
