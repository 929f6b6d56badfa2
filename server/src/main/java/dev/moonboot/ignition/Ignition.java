package dev.moonboot.ignition;

/** Raw Ignition configs, of spec 3.0.0 to 3.4.0. */
public final class Ignition {
  /** What matchbox answers for a config that it cannot use: one that configures nothing. */
  public static final String BLANK =
      "{\"ignition\":{\"config\":{\"replace\":{\"verification\":{}}},\"proxy\":{},"
          + "\"security\":{\"tls\":{}},\"timeouts\":{},\"version\":\"\"},\"kernelArguments\":{},"
          + "\"passwd\":{},\"storage\":{},\"systemd\":{}}";

  private Ignition() {}

  /** The same config as spec 3.4.0. */
  public static Normalized normalize(String text) {
    return new Normalized.Unusable("raw Ignition is being built: " + text.length());
  }
}
