package dev.moonboot.assets.extension;

import java.util.Locale;

/** How bad a {@link Finding} is. */
public enum Severity {
  /** The extension is refused: a node would not boot with it, or it would not work. */
  ERROR,
  /** To be looked at; refuses the extension only where a composition is strict. */
  WARNING;

  /** As it is written: {@code error}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
