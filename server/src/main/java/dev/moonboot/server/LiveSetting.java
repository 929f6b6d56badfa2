package dev.moonboot.server;

import java.util.function.Consumer;

/**
 * A part of the configuration that can be changed while all runs.
 *
 * @param key the key, or what all its keys begin with
 * @param apply puts it in force, whether it has changed or not: what a key names, such as a file,
 *     may have. Must not fail: whatever can be wrong is found while the configuration is read
 */
record LiveSetting(String key, Consumer<ApplianceConfig> apply) {
  boolean covers(String other) {
    return other.equals(key) || other.startsWith(key + ".");
  }
}
