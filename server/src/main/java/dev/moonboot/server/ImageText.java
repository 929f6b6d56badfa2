package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.UkiLines;
import java.util.List;

/** What is said of the contents of an image, to people. */
final class ImageText {
  private ImageText() {}

  /** One line: {@code arm64: firmware, found as overlay sbc-raspberrypi, 312 files}. */
  static String summary(Arch arch, Content content, String layout, int files) {
    return arch.id() + ": " + content.id() + ", found as " + layout + ", " + files + " files";
  }

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

  /** What a UKI would boot with by itself. */
  static String uki(UkiLines uki) {
    List<String> ids =
        uki.profiles().stream()
            .map(profile -> profile.id().isEmpty() ? "(no id)" : profile.id())
            .toList();
    return (uki.stub().isEmpty() ? "stub that does not say its version" : uki.stub())
        + (uki.knowsProfiles() ? ", knows profiles" : ", knows no profiles")
        + (ids.isEmpty() ? "" : "; profiles " + String.join(", ", ids))
        + (uki.wipes()
            ? "; started by itself it may WIPE DISKS"
            : "; started by itself it wipes nothing");
  }
}
