package dev.moonboot.assets.registry;

/** The largest things taken from a registry; Talos images stay far below all of them. */
final class Limits {
  /** An index or manifest in bytes: what other registries allow too (distribution, zot). */
  static final int MANIFEST = 4 << 20;

  /** An image configuration in bytes. */
  static final int CONFIG = 4 << 20;

  /** A token server's answer in bytes. */
  static final int TOKEN = 64 << 10;

  /** A manifest that is looked at only to see what it belongs to, in bytes. */
  static final int ARTIFACT = 64 << 10;

  /** All pages of one list of referrers, in bytes. */
  static final int REFERRERS = 4 << 20;

  static final int REFERRER_PAGES = 10;

  /** All pages of one list of tags, in bytes. */
  static final int TAGS = 4 << 20;

  static final int TAG_PAGES = 100;

  /** JSON tokens in a list of referrers, signatures or tags, which may be long. */
  static final int LIST_TOKENS = 200_000;

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
