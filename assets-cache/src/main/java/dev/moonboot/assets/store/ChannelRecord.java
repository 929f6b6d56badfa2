package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The digests of a channel's releases, newest first, in two slots that are written in turn: should
 * one be damaged, the other holds the state before it.
 *
 * @param serial counts the states of this channel; the higher of two slots is the newer
 * @param history the head, then what was head before; without repetition
 */
record ChannelRecord(String channel, long serial, List<Digest> history) {
  ChannelRecord {
    history = List.copyOf(history);
  }

  static ChannelRecord none(String channel) {
    return new ChannelRecord(channel, 0, List.of());
  }

  ChannelRecord next(List<Digest> nextHistory) {
    return new ChannelRecord(channel, serial + 1, nextHistory.stream().distinct().toList());
  }

  void write(StoreLayout layout) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("schema", SealedFile.schema());
    members.put("channel", new Json.Str(channel));
    members.put("serial", Json.Num.of(serial));
    members.put(
        "history",
        new Json.Arr(history.stream().<Json>map(d -> new Json.Str(d.toString())).toList()));
    SealedFile.write(layout.slot(channel, serial), new Json.Obj(members));
  }

  /**
   * The newest state of a channel that can be read; empty when there is none.
   *
   * @param broken told of a slot that is there and cannot be used
   */
  static Optional<ChannelRecord> read(
      StoreLayout layout, String channel, Consumer<IOException> broken) {
    ChannelRecord newest = null;
    for (int slot = 0; slot < 2; slot++) {
      Path file = layout.slot(channel, slot);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        try {
          ChannelRecord found = parse(file, channel, SealedFile.read(file));
          newest = newest == null || found.serial > newest.serial ? found : newest;
        } catch (IOException e) {
          broken.accept(e);
        }
      }
    }
    return Optional.ofNullable(newest);
  }

  private static ChannelRecord parse(Path file, String channel, Json.Obj json)
      throws StoreException {
    try {
      if (!json.text("channel").orElseThrow().equals(channel)) {
        throw SealedFile.broken(file, "it is that of another channel");
      }
      return new ChannelRecord(
          channel,
          json.integer("serial").orElseThrow(),
          json.array("history").orElseThrow().stream()
              .map(item -> Digest.parse(((Json.Str) item).value()))
              .toList());
    } catch (RuntimeException e) { // a member is missing or not what it should be
      throw SealedFile.broken(file, e.toString());
    }
  }

  /** The channel that a slot belongs to; empty for other files. */
  static Optional<String> channelOf(Path slot) {
    String name = slot.getFileName().toString();
    return name.length() > 2
            && !name.startsWith(".")
            && (name.endsWith(".0") || name.endsWith(".1"))
        ? Optional.of(name.substring(0, name.length() - 2))
        : Optional.empty();
  }
}
