package dev.moonboot.secret;

/**
 * What listeners need of machine configs.
 *
 * @param access who may read which
 * @param urls puts their URLs into boot scripts
 */
public record MachineConfigs(ConfigAccess access, ConfigUrls urls) {
  /** Nothing is secret, and nothing is filled in: for listeners without configuration. */
  public static MachineConfigs none() {
    return new MachineConfigs(ConfigAccess.none(), ConfigUrls.none());
  }
}
