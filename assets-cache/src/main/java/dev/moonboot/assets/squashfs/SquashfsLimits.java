package dev.moonboot.assets.squashfs;

/**
 * How much an image may make us read and remember.
 *
 * @param entries names in all directories
 * @param depth of directories in one another
 * @param bytes of all files, unpacked
 */
public record SquashfsLimits(int entries, int depth, long bytes) {
  /** Far over what Talos and its extensions have; blocks of zeros cost an image nothing. */
  public static final SquashfsLimits DEFAULT = new SquashfsLimits(200_000, 128, 4L << 30);
}
