package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.BrokenFileException;
import dev.moonboot.files.TwoSlots;
import dev.moonboot.json.Json;
import java.io.IOException;
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
    members.put("channel", new Json.Str(channel));
    members.put(
        "history",
        new Json.Arr(history.stream().<Json>map(d -> new Json.Str(d.toString())).toList()));
    layout.channel(channel).write(serial, new Json.Obj(members));
  }

  /**
   * The newest state of a channel that can be read; empty when there is none.
   *
   * @param broken told of a slot that is there and cannot be used
   */
  static Optional<ChannelRecord> read(
      StoreLayout layout, String channel, Consumer<IOException> broken) {
    TwoSlots slots = layout.channel(channel);
    TwoSlots.Found found = slots.read();
    found.broken().forEach(broken);
    try {
      return found.state().isPresent()
          ? Optional.of(parse(slots, found.serial(), found.state().get()))
          : Optional.empty();
    } catch (IOException e) {
      broken.accept(e);
      return Optional.empty();
    }
  }

  private static ChannelRecord parse(TwoSlots slots, long serial, Json.Obj json)
      throws BrokenFileException {
    Path file = slots.directory().resolve(slots.name());
    try {
      if (!json.text("channel").orElseThrow().equals(slots.name())) {
        throw new BrokenFileException(file, "it is that of another channel");
      }
      return new ChannelRecord(
          slots.name(),
          serial,
          json.array("history").orElseThrow().stream()
              .map(item -> Digest.parse(((Json.Str) item).value()))
              .toList());
    } catch (RuntimeException e) { // a member is missing or not what it should be
      throw new BrokenFileException(file, e.toString());
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
