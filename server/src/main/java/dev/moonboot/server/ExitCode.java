package dev.moonboot.server;

/** What the program ends with; 73 and 78 as {@code sysexits.h} numbers them. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** Another process has the cache (EX_CANTCREAT). Starting again would not help. */
  static final int CACHE_IN_USE = 73;

  /** The configuration cannot be used (EX_CONFIG). Starting again would not help. */
  static final int CONFIGURATION = 78;

  private ExitCode() {}
}
