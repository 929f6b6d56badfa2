package dev.moonboot.secret;

import dev.moonboot.config.Kind;
import java.util.Locale;

/** Who may read a machine config. */
public enum Access {
  /** Everybody who can reach the boot listener, as with matchbox. */
  OPEN,
  /** Who asks from an address of the subnets. */
  SUBNET,
  /** Who shows a ticket from its own boot script, from the address that got the script. */
  TICKET,
  /** Whose request somebody has approved, once: the device flow of OAuth 2.0. */
  APPROVAL;

  static final Kind<Access> KIND =
      new Kind<>("open, subnet, ticket or approval", Access::parse, Access::toString);

  private static Access parse(String text) {
    for (Access access : values()) {
      if (access.toString().equals(text)) {
        return access;
      }
    }
    throw new IllegalArgumentException("none of them");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
