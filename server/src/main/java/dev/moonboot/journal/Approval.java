package dev.moonboot.journal;

/**
 * A node waits until somebody lets it read its machine config (RFC 8628).
 *
 * @param client address without port, as the connection shows it
 * @param mac with colons; empty where the node did not say it
 * @param state how it stands
 */
public record Approval(String client, String mac, State state) {
  /** How it stands with an approval. */
  public enum State {
    WAITS,
    APPROVED,
    DENIED
  }
}
