package dev.moonboot.admin;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a token lets its bearer do. Each role may do what those before it may. */
public enum Role {
  /** See everything. */
  READ,
  /** Decide what nodes boot, among what the policy admits. */
  OPERATE,
  /** Change groups and profiles, and let a channel go back. */
  ADMIN;

  /** True when a bearer of this role may do what {@code needed} is asked for. */
  boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** The role of that name: {@code read}, {@code operate} or {@code admin}. */
  public static Optional<Role> of(String name) {
    return Stream.of(values()).filter(role -> role.text().equals(name)).findFirst();
  }

  /** As it is written: {@code read}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
