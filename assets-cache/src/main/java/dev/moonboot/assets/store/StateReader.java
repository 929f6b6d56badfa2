package dev.moonboot.assets.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the state says of all channels.
 *
 * @param isRead whether it could be looked at at all
 * @param channels those of which a state can be read
 * @param damaged why the newest state of some of them is perhaps not the one that was read
 * @param lost why nothing can be read of others, which are there
 */
record StateReader(
    boolean isRead,
    Map<String, ChannelRecord> channels,
    Map<String, String> damaged,
    Map<String, String> lost) {
  private static final Logger LOG = System.getLogger(StateReader.class.getName());

  StateReader {
    channels = Map.copyOf(channels);
    damaged = Map.copyOf(damaged);
    lost = Map.copyOf(lost);
  }

  static StateReader read(StoreLayout layout) {
    TreeSet<String> names = new TreeSet<>();
    try (var slots = Files.newDirectoryStream(layout.channels())) {
      for (Path slot : slots) {
        ChannelRecord.channelOf(slot).ifPresent(names::add);
      }
    } catch (IOException e) {
      LOG.log(Level.ERROR, "state=unreadable why=\"" + e + "\"");
      return new StateReader(false, Map.of(), Map.of(), Map.of());
    }
    Map<String, ChannelRecord> channels = new HashMap<>();
    Map<String, String> damaged = new HashMap<>();
    Map<String, String> lost = new HashMap<>();
    for (String name : names) {
      ChannelRecord.Found found = ChannelRecord.read(layout, name);
      found.record().ifPresent(record -> channels.put(name, record));
      for (IOException broken : found.broken()) {
        LOG.log(Level.ERROR, "state channel=" + name + " why=\"" + broken.getMessage() + "\"");
        (found.record().isPresent() ? damaged : lost)
            .put(name, String.valueOf(broken.getMessage()));
      }
    }
    return new StateReader(true, channels, damaged, lost);
  }

  /** False when something could not be read, so that nothing may be called unused because of it. */
  boolean isSure() {
    return isRead && damaged.isEmpty() && lost.isEmpty();
  }
}
