package dev.moonboot.assets.registry;

/** The largest things taken from a registry; Talos images stay far below all of them. */
final class Limits {
  /** An index or manifest in bytes: what other registries allow too (distribution, zot). */
  static final int MANIFEST = 4 << 20;

  /** An image configuration in bytes. */
  static final int CONFIG = 4 << 20;

  /** A token server's answer in bytes. */
  static final int TOKEN = 64 << 10;

  /** JSON tokens in one document: bounds memory, which a megabyte of "{}," would take much of. */
  static final int JSON_TOKENS = 50_000;

  static final int LAYERS = 64;
  static final int INDEX_ENTRIES = 64;

  /** One layer, compressed, in bytes. */
  static final long LAYER = 2L << 30;

  /** All layers of an image, compressed, in bytes. */
  static final long IMAGE = 4L << 30;

  static final int REDIRECTS = 5;

  private Limits() {}
}
