package dev.moonboot.assets;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the images of a channel hold for us, and so what a release of it has. */
public enum Content {
  /** Kernel, initramfs, command line, and what follows from them: nodes boot it. */
  BOOT,
  /** Network boot programs: {@code ipxe.efi}, {@code snp.efi}, {@code undionly.kpxe}. */
  LOADERS,
  /** What a Raspberry Pi's ROM loads before any of ours: {@code start4.elf}, {@code overlays/…}. */
  FIRMWARE;

  /** As it is written: {@code boot}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What {@link #id} wrote; empty for anything else. */
  public static Optional<Content> parse(String id) {
    return Arrays.stream(values()).filter(content -> content.id().equals(id)).findFirst();
  }
}
