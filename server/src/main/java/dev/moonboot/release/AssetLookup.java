package dev.moonboot.release;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Release;

/** What a path below {@code /assets/} means, over HTTP and TFTP alike. */
public sealed interface AssetLookup {
  /**
   * An asset of a release.
   *
   * @param immutable true when the path names the release, false when it names a channel's head
   * @param immutablePath the path that names these bytes for ever, in the same form as the one
   *     asked for: {@code /assets/talos/custom/sha256-<hex>/arm64/vmlinuz}
   */
  record Found(Asset asset, Release release, boolean immutable, String immutablePath)
      implements AssetLookup {}

  /**
   * The checksum file of an asset.
   *
   * @param text one line as {@code sha256sum -c} reads it, with the name the asset was asked by
   */
  record Checksum(Found of, String text) implements AssetLookup {}

  /** The path names a channel that has no release yet. */
  record NotReady(String channel) implements AssetLookup {}

  /** The path names a channel, and nothing that its release has. */
  record Missing(String channel, String why) implements AssetLookup {}

  /** The path names no channel; it may be a static file. */
  record NotOurs() implements AssetLookup {}
}
