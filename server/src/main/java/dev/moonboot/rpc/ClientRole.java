package dev.moonboot.rpc;

import dev.moonboot.config.Kind;
import java.util.Locale;

/** What a client may do. */
public enum ClientRole {
  /** Get, list and select. */
  READ,
  /** Put and delete, too. */
  WRITE;

  static final Kind<ClientRole> KIND =
      new Kind<>("read or write", ClientRole::parse, ClientRole::text);

  private static ClientRole parse(String text) {
    for (ClientRole role : values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    throw new IllegalArgumentException("unknown");
  }

  boolean covers(ClientRole needed) {
    return compareTo(needed) >= 0;
  }

  /** As it is written: {@code read}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
