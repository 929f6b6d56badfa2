package dev.moonboot.assets.squashfs;

/**
 * How an image is written. Images differ with everything here but the threads.
 *
 * @param level zstd's from 1 to 22, xz's preset from 1 to 9; 0 packs nothing, and the image only
 *     says that it needs a kernel that knows {@code compression}
 * @param threads that pack at the same time, besides the one that calls; each takes a few megabytes
 */
public record SquashfsSettings(SquashfsCompression compression, int level, int threads) {
  public SquashfsSettings {
    int most = compression == SquashfsCompression.XZ ? 9 : 22;
    if (level < 0 || level > most) {
      throw new IllegalArgumentException(
          "level " + level + " of " + compression + ": from 0 to " + most);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads=" + threads + ": at least 1");
    }
  }

  /** As {@code mksquashfs -comp zstd -Xcompression-level level}. */
  public static SquashfsSettings zstd(int level, int threads) {
    return new SquashfsSettings(SquashfsCompression.ZSTD, level, threads);
  }

  /** As {@code mksquashfs -comp xz -Xdict-size 100%}. */
  public static SquashfsSettings xz(int threads) {
    return new SquashfsSettings(SquashfsCompression.XZ, 6, threads);
  }

  /** The same without packing anything: for tests, and for what is packed again as a whole. */
  public SquashfsSettings stored() {
    return new SquashfsSettings(compression, 0, threads);
  }
}
