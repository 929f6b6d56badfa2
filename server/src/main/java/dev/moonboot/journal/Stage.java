package dev.moonboot.journal;

/** The stages of a boot, in their order. Few boots show all of them. */
public enum Stage {
  /** DHCP told it what to load. */
  DHCP,
  /** What firmware loads first: a boot program, or a Raspberry Pi's own firmware. */
  PROGRAM,
  /** It was told what to boot: by a script, a menu for U-Boot, a {@code config.txt}. */
  SCRIPT,
  KERNEL,
  INITRAMFS,
  /** Its kernel runs and reads its configuration. */
  CONFIG,
  /** Talos tells of itself. */
  TALOS
}
