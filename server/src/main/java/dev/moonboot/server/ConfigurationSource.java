package dev.moonboot.server;

import dev.moonboot.config.Configuration;

/** Where the service's configuration comes from. */
@FunctionalInterface
interface ConfigurationSource {
  /**
   * Reads it, at start and whenever it is to be read again.
   *
   * @throws dev.moonboot.config.ConfigException when it cannot be used
   */
  Configuration<ApplianceConfig> read();

  /** The service has ended, and nothing of what was configured is in use any more. */
  default void ended() {}
}
