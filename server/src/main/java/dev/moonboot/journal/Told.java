package dev.moonboot.journal;

import java.util.List;

/**
 * A node was told what to boot.
 *
 * @param node what is known of it
 * @param answer by what rules
 * @param form of what it was told
 * @param files what it is to load: the kernel, or the UKI, first, then each initramfs; as they
 *     stand on its lines, or the path below the root as it will be asked for
 * @param args kernel arguments; what is secret in them is not kept
 */
public record Told(
    Boot.Node node, Boot.Answer answer, Form form, List<String> files, List<String> args) {
  /** In what form a node is told what to boot. */
  public enum Form {
    /** A script of iPXE. */
    IPXE,
    GRUB,
    /** A file below {@code pxelinux.cfg/}, for U-Boot and PXELINUX. */
    EXTLINUX,
    /** A Raspberry Pi's {@code config.txt}. */
    CONFIG_TXT,
    /** None: firmware loads kernel, initramfs and arguments in one file. */
    UKI
  }

  public Told {
    files = List.copyOf(files);
    args = List.copyOf(args);
  }
}
