package dev.moonboot.tftp;

import dev.moonboot.assets.Digest;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.Served;

/** What the assets are called, without knowing who keeps them. */
@FunctionalInterface
public interface AssetPaths {
  /**
   * What {@code path} names for this client now. Answers from memory, at once.
   *
   * @param path below {@code /assets/}, without a leading slash: {@code talos/custom/vmlinuz-arm64}
   * @param client its address, without a port
   */
  AssetLookup lookup(String path, String client);

  /** A file of the release is on its way to a client until the result is closed. */
  default Served.Use begin(Digest release) {
    return () -> {};
  }
}
