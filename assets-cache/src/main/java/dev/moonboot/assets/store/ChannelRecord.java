package dev.moonboot.assets.store;

import dev.moonboot.assets.Digest;
import dev.moonboot.files.BrokenFileException;
import dev.moonboot.files.TwoSlots;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a channel names and named, in two slots that are written in turn: should one be damaged, the
 * other holds the state before it. Head, former heads and what was accepted change in one write.
 *
 * @param serial counts the states of this channel; the higher of two slots is the newer
 * @param marks the head, then what was head before, newest first; the 1,024 newest of those
 * @param accepted what the channel's tag may go back to though it was replaced, newest first
 */
record ChannelRecord(String channel, long serial, List<Mark> marks, List<Digest> accepted) {
  static final int MOST_SUPERSEDED = 1024;
  static final int MOST_ACCEPTED = 64;

  /**
   * That a release became head.
   *
   * @param image what the channel followed then: under another name it is another tag's history
   */
  record Mark(Digest release, Instant since, String image) {
    boolean isOf(Digest other, String otherImage) {
      return release.equals(other) && image.equals(otherImage);
    }
  }

  ChannelRecord {
    marks = List.copyOf(marks);
    accepted = List.copyOf(accepted);
  }

  static ChannelRecord none(String channel) {
    return new ChannelRecord(channel, 0, List.of(), List.of());
  }

  Optional<Mark> head() {
    return marks.stream().findFirst();
  }

  /** The digests of the head and of what was head before, newest first, without repetition. */
  List<Digest> history() {
    return marks.stream().map(Mark::release).distinct().toList();
  }

  /** Whether another release of that image replaced it. */
  boolean hasSuperseded(Digest release, String image) {
    return marks.stream()
        .filter(mark -> mark.image().equals(image))
        .skip(1)
        .anyMatch(mark -> mark.release().equals(release));
  }

  /** The state with that head; what was accepted of it is used up. */
  ChannelRecord advanced(Mark head) {
    Optional<Mark> now = head();
    boolean isHead = now.isPresent() && now.get().isOf(head.release(), head.image());
    Stream<Mark> before = marks.stream().filter(mark -> !mark.isOf(head.release(), head.image()));
    return new ChannelRecord(
        channel,
        serial + 1,
        Stream.concat(Stream.of(isHead ? now.get() : head), before)
            .limit(1L + MOST_SUPERSEDED)
            .toList(),
        accepted.stream().filter(release -> !release.equals(head.release())).toList());
  }

  /** The same once more, in the other slot. */
  ChannelRecord again() {
    return new ChannelRecord(channel, serial + 1, marks, accepted);
  }

  ChannelRecord accepting(Digest release) {
    return new ChannelRecord(
        channel,
        serial + 1,
        marks,
        Stream.concat(Stream.of(release), accepted.stream())
            .distinct()
            .limit(MOST_ACCEPTED)
            .toList());
  }

  void write(StoreLayout layout) throws IOException {
    List<Json> heads = new ArrayList<>();
    for (Mark mark : marks) {
      Map<String, Json> head = new LinkedHashMap<>();
      head.put("release", new Json.Str(mark.release().toString()));
      head.put("since", new Json.Str(mark.since().toString()));
      head.put("image", new Json.Str(mark.image()));
      heads.add(new Json.Obj(head));
    }
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("channel", new Json.Str(channel));
    members.put("heads", new Json.Arr(heads));
    members.put(
        "accepted",
        new Json.Arr(accepted.stream().<Json>map(d -> new Json.Str(d.toString())).toList()));
    layout.channel(channel).write(serial, new Json.Obj(members));
  }

  /**
   * What was found of a channel.
   *
   * @param record the newest state that can be read; empty when there is none
   * @param broken a slot that is there and cannot be used
   */
  record Found(Optional<ChannelRecord> record, List<IOException> broken) {
    Found {
      broken = List.copyOf(broken);
    }
  }

  static Found read(StoreLayout layout, String channel) {
    TwoSlots slots = layout.channel(channel);
    TwoSlots.Found found = slots.read(state -> parse(slots, 1, state));
    try {
      return new Found(
          found.state().isPresent()
              ? Optional.of(parse(slots, found.serial(), found.state().get()))
              : Optional.empty(),
          found.broken());
    } catch (IOException e) {
      throw new AssertionError("it was read a moment ago", e);
    }
  }

  private static ChannelRecord parse(TwoSlots slots, long serial, Json.Obj json)
      throws BrokenFileException {
    Path file = slots.directory().resolve(slots.name());
    try {
      if (!want(json, "channel").equals(slots.name())) {
        throw new BrokenFileException(file, "it is that of another channel");
      }
      return new ChannelRecord(
          slots.name(),
          serial,
          json.array("heads").orElseThrow().stream().map(ChannelRecord::mark).toList(),
          json.array("accepted").orElseThrow().stream()
              .map(item -> Digest.parse(((Json.Str) item).value()))
              .toList());
    } catch (RuntimeException e) { // a member is missing or not what it should be
      throw new BrokenFileException(file, e.toString());
    }
  }

  private static Mark mark(Json item) {
    Json.Obj head = (Json.Obj) item;
    return new Mark(
        Digest.parse(want(head, "release")),
        Instant.parse(want(head, "since")),
        want(head, "image"));
  }

  private static String want(Json.Obj json, String name) {
    return json.text(name).orElseThrow(() -> new NoSuchElementException("no " + name));
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
