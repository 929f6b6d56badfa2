package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import java.util.List;

/** What is said of the contents of an image, to people. */
final class ImageText {
  private ImageText() {}

  /** One line: {@code arm64: Talos v1.13.6, kernel 6.18.9-talos, as installer UKI, with …}. */
  static String summary(
      Arch arch, String layout, String talosVersion, String kernel, List<String> extensions) {
    return arch.id()
        + ": Talos "
        + (talosVersion.isEmpty() ? "(version not said)" : talosVersion)
        + ", kernel "
        + (kernel.isEmpty() ? "(release not said)" : kernel)
        + ", found as "
        + layout
        + (extensions.isEmpty()
            ? ", no extensions"
            : ", extensions: " + String.join(", ", extensions));
  }
}
