package dev.moonboot.firmware;

import java.util.Optional;

/** Names that mean something else to each node, over TFTP and HTTP alike. */
@FunctionalInterface
public interface NodeTree {
  /**
   * What a name means to whoever asks. May wait for the disk; never for a name server or a
   * registry.
   *
   * @param path without a leading slash, segments parted by single slashes, none of them {@code ..}
   * @return empty for a name that is none of this tree's
   */
  Optional<NodeFile> find(String path, Asker who);
}
