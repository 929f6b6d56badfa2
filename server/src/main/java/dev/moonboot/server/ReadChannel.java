package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Content;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel as it was read, with what others that are like it or made of it take over.
 *
 * @param channel null when it has problems
 * @param composition null when it has problems, or is none
 * @param isDefault whether paths without a channel are to mean it
 */
record ReadChannel(
    @Nullable Channel channel,
    @Nullable Composition composition,
    List<Arch> arches,
    Content content,
    boolean isDefault) {
  ReadChannel {
    arches = List.copyOf(arches);
  }
}
