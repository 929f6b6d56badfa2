package dev.moonboot.journal;

/**
 * Who did something.
 *
 * @param id the token's name, the node's hardware address, the certificate's fingerprint; never a
 *     secret; empty when there is none
 * @param source where from: {@code 127.0.0.1:52114 admin}; empty for moonboot itself
 */
public record Actor(Type type, String id, String source) {
  /** What kind of one. */
  public enum Type {
    /** A person or program that showed a token. */
    TOKEN,
    /** One that showed a client certificate. */
    CERT,
    /** A computer that boots from us. */
    NODE,
    /** Somebody who showed nothing that is valid. */
    ANONYMOUS,
    /** Moonboot itself. */
    SYSTEM
  }

  /** Moonboot itself. */
  public static final Actor SYSTEM = new Actor(Type.SYSTEM, "", "");
}
