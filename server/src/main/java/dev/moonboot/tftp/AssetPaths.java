package dev.moonboot.tftp;

import dev.moonboot.release.AssetLookup;

/** What the assets are called, without knowing who keeps them. */
@FunctionalInterface
public interface AssetPaths {
  /**
   * What {@code path} names now. Answers from memory, at once.
   *
   * @param path below {@code /assets/}, without a leading slash: {@code talos/custom/vmlinuz-arm64}
   */
  AssetLookup lookup(String path);
}
