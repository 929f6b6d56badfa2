package dev.moonboot.assets.extension;

import java.util.Locale;

/** What is looked at in an extension. The {@link #id} of each is a stable word. */
public enum LintRule {
  /** The image holds exactly {@code manifest.yaml} and {@code rootfs/}. */
  LAYOUT,
  /** {@code manifest.yaml} is one that Talos reads. */
  MANIFEST,
  /** The extension is made for this version of Talos. */
  VERSION_CONSTRAINT,
  /** From Talos 1.10 {@code lib lib64 bin sbin} are symbolic links, which nothing may hide. */
  REAL_LIB_DIRECTORY,
  /** No file or link stands where Talos has a directory. */
  HIDDEN_DIRECTORY,
  /** Nothing lies over a file that Talos has at the same place. */
  HIDES_BASE_FILE,
  /** Kernel modules are for the kernel they come to. */
  MODULE_RELEASE,
  /** Programs are for the node's architecture. */
  FOREIGN_ELF,
  /** Files stand only where Talos's own rules for extensions allow. */
  OUTSIDE_ALLOWED_PATHS,
  /** No devices, fifos and sockets. */
  SPECIAL_FILE,
  /** Nothing can be written by everybody, but directories with the sticky bit. */
  WORLD_WRITABLE,
  /** No file runs with the rights of its owner or group. */
  SETUID,
  /** Absolute symbolic links lead to something in the same file system. */
  ABSOLUTE_SYMLINK,
  /** {@code rootfs} has mode 0755, which becomes the mode of the node's root directory. */
  ROOT_MODE,
  /** Directories that Talos has keep their modes. */
  DIRECTORY_MODE,
  /** No file has extended attributes: they are not kept. */
  LOST_ATTRIBUTES,
  /** No layer has files below what another entry makes a symbolic link. */
  REPLACED_LINK,
  /** The description of a service can be read. */
  SERVICE_FILE,
  /** A service's file is called as the service is. */
  SERVICE_NAME,
  /** What a service starts is there and can be started. */
  SERVICE_ENTRYPOINT,
  /** Nothing is hidden by an extension further up. */
  HIDDEN_BY_LATER,
  /** No two extensions have one name. */
  SAME_NAME;

  /** As it is written: {@code real-lib-directory}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
