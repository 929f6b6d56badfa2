package dev.moonboot.assets;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one release has for one architecture.
 *
 * @param content what the files are
 * @param manifest digest of the platform manifest the files came from
 * @param layers digests of all its layers, base first: equal layers give equal assets
 * @param layout what the files were found as, for people: {@code installer UKI}, {@code plain pair}
 * @param talosVersion {@code v1.13.6}; empty when the image does not say
 * @param kernelRelease {@code 6.12.31-talos}; empty when the kernel does not say
 * @param extensions name and version of each system extension in the initramfs ({@code hello
 *     v1.0.0}), in order
 * @param uki what its unified kernel image would boot with; null when it has none, or nobody has
 *     looked
 * @param assets by name; always holds the record, and where nodes boot it kernel, initramfs and
 *     command line
 */
public record Build(
    Content content,
    Digest manifest,
    List<Digest> layers,
    String layout,
    String talosVersion,
    String kernelRelease,
    List<String> extensions,
    @Nullable UkiLines uki,
    Map<AssetName, Asset> assets) {
  public Build {
    layers = List.copyOf(layers);
    extensions = List.copyOf(extensions);
    assets = Map.copyOf(assets);
  }

  /** What nodes boot, without a unified kernel image. */
  public Build(
      Digest manifest,
      List<Digest> layers,
      String layout,
      String talosVersion,
      String kernelRelease,
      List<String> extensions,
      Map<AssetName, Asset> assets) {
    this(
        Content.BOOT,
        manifest,
        layers,
        layout,
        talosVersion,
        kernelRelease,
        extensions,
        null,
        assets);
  }

  /** The same with that known of its unified kernel image. */
  public Build with(UkiLines lines) {
    return new Build(
        content, manifest, layers, layout, talosVersion, kernelRelease, extensions, lines, assets);
  }
}
