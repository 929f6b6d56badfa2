package dev.moonboot.secret;

/**
 * What listeners need of machine configs.
 *
 * @param access who may read which
 * @param urls puts their URLs into boot scripts
 * @param devices lets nodes have what somebody approves
 */
public record MachineConfigs(ConfigAccess access, ConfigUrls urls, DeviceFlow devices) {
  /** Nothing is secret, and nothing is filled in: for listeners without configuration. */
  public static MachineConfigs none() {
    return new MachineConfigs(ConfigAccess.none(), ConfigUrls.none(), DeviceFlow.none());
  }
}
