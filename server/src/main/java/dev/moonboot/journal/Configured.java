package dev.moonboot.journal;

/**
 * A node asked for its configuration.
 *
 * @param client address without port, as the connection shows it
 * @param mac with colons; empty where the node did not say it
 * @param kind of configuration
 * @param bytes how many were sent
 * @param refused why it got none; empty when it got it
 */
public record Configured(String client, String mac, Kind kind, long bytes, String refused) {
  /** What a node reads, once its kernel runs. */
  public enum Kind {
    /** Talos's machine config, by ticket or approval. */
    MACHINE,
    IGNITION,
    GENERIC,
    CLOUD,
    METADATA
  }
}
