package dev.moonboot.secret;

/** How far a node's request for its machine config is. */
public enum DeviceState {
  /** Nobody has decided yet. */
  PENDING,
  /** The node may have an access token, or has it and has not used it. */
  APPROVED,
  DENIED,
  /** Nobody decided in time, or the node did not take what it was given. */
  EXPIRED,
  /** The machine config was read. */
  USED
}
