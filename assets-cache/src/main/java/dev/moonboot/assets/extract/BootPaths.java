package dev.moonboot.assets.extract;

import org.jspecify.annotations.Nullable;

/**
 * Where in an image the boot files are, when they are not where Talos images have them.
 *
 * <p>Each is a path from the image's root without leading slash, or a pattern: {@code *} and {@code
 * ?} stand for anything but a slash, {@code **} for anything. Either {@code uki}, or both {@code
 * kernel} and {@code initramfs}.
 */
public record BootPaths(@Nullable String kernel, @Nullable String initramfs, @Nullable String uki) {
  /** Nothing given: look where Talos images have them. */
  public static final BootPaths KNOWN_LAYOUTS = new BootPaths(null, null, null);

  /**
   * @throws IllegalArgumentException for any other combination
   */
  public BootPaths {
    if ((kernel == null) != (initramfs == null) || (uki != null && kernel != null)) {
      throw new IllegalArgumentException(
          "name the UKI's path, or both the kernel's and the initramfs's");
    }
  }

  /** The pair's paths. */
  public static BootPaths pair(String kernel, String initramfs) {
    return new BootPaths(kernel, initramfs, null);
  }

  /** The unified kernel image's path. */
  public static BootPaths uki(String path) {
    return new BootPaths(null, null, path);
  }
}
