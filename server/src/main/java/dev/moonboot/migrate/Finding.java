package dev.moonboot.migrate;

/**
 * Something about a file of matchbox that its owner should know.
 *
 * @param file below the data directory: {@code groups/pi.json}; below {@code assets/} for assets
 * @param what what is so, why, and what to do
 */
public record Finding(Verdict verdict, String file, String what) {
  /** What it means for nodes. */
  public enum Verdict {
    /** Nodes get something else than from matchbox. */
    DIFFERENT,
    /** It does not work with matchbox either. */
    BROKEN,
    /** Nodes get the same. */
    NOTE
  }

  static Finding different(String file, String what) {
    return new Finding(Verdict.DIFFERENT, file, what);
  }

  static Finding broken(String file, String what) {
    return new Finding(Verdict.BROKEN, file, what);
  }

  static Finding note(String file, String what) {
    return new Finding(Verdict.NOTE, file, what);
  }
}
