package dev.moonboot.e2e;

import dev.moonboot.assets.Arch;
import java.util.Locale;

/** What an image holds, and how; also the name of the channel that follows it. */
enum Layout {
  /** Kernel and initramfs side by side, as Talos's imager image. */
  PLAIN,
  /** Both in nothing but a UKI, as installer images since Talos 1.10. */
  UKI,
  /** As {@link #PLAIN}, for arm64 alone, with a kernel that only EFI firmware can unpack. */
  ZBOOT,
  /** No kernel but iPXE, where siderolabs/ipxe has it. */
  LOADERS,
  /** No kernel but what a Raspberry Pi loads before one. */
  FIRMWARE;

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** An arch of which it has a kernel. */
  Arch arch() {
    return this == ZBOOT ? Arch.ARM64 : Arch.AMD64;
  }

  boolean isBootable() {
    return this != LOADERS && this != FIRMWARE;
  }

  /** The tag that {@code mkimages} gives the image. */
  String tag(int release) {
    return isBootable() ? id() + "-" + release : id();
  }

  /** The channel, as a line of the configuration. */
  String channel(int registry) {
    String image = "image: \"127.0.0.1:%d/e2e/%s:stable\"".formatted(registry, id());
    return switch (this) {
      case PLAIN, UKI -> "  %s: {%s}%n".formatted(id(), image);
      case ZBOOT -> "  %s: {%s, arch: arm64}%n".formatted(id(), image);
      // for arm64 only: programs for amd64 come from the folder
      case LOADERS -> "  %s: {%s, arch: arm64, content: loaders}%n".formatted(id(), image);
      case FIRMWARE -> "  %s: {%s, arch: arm64, content: firmware}%n".formatted(id(), image);
    };
  }
}
