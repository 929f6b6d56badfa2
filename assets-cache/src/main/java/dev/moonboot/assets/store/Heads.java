package dev.moonboot.assets.store;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Head;
import dev.moonboot.assets.Recovery;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.store.ChannelRecord.Mark;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the channels of a store name and named: the part of it that no registry can give back.
 * Writes go through its contents, one at a time.
 */
public final class Heads {
  private static final Logger LOG = System.getLogger(Heads.class.getName());

  private final StoreContents contents;
  private final StoreLayout layout;
  private final Set<String> lost; // channels whose state is there and cannot be read
  private final boolean allLost; // releases, and no state at all
  private boolean read; // whether all that the state holds is known
  private final List<Recovery> recoveries = new ArrayList<>();

  /**
   * @param contents as they are at the store's start
   */
  Heads(StoreContents contents, StoreLayout layout, StoreReader reader) {
    Holdings found = contents.holdings();
    StateReader state = reader.state();
    this.contents = contents;
    this.layout = layout;
    this.read = state.isRead();
    this.lost = new HashSet<>(state.lost().keySet());
    this.allLost = !reader.hadState() && !found.releases().isEmpty();
    state
        .damaged()
        .forEach((channel, why) -> {
          Digest head = found.channel(channel).head().map(Mark::release).orElse(null);
          recoveries.add(new Recovery(channel, head, why + "; the state before it is in force"));
        });
  }

  /** Writes what was read over slots that are damaged. */
  void heal() {
    recoveries().forEach(recovery -> heal(recovery.channel()));
  }

  private void heal(String channel) {
    try {
      change(channel, ChannelRecord::again);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "state channel=" + channel + " unwritten why=\"" + e + "\"");
    }
  }

  /** What the channel names, whether that release is held or not. */
  public Optional<Digest> head(Channel channel) {
    return record(channel).head().map(Mark::release);
  }

  /** True when that is what the channel names, on disk as well as here, and it is held. */
  public boolean isHead(Channel channel, Digest release) {
    return head(channel).equals(Optional.of(release)) && contents.release(release).isPresent();
  }

  /** The head, then all that are known to have been head before, newest first. */
  public List<Head> history(Channel channel) {
    return record(channel).marks().stream()
        .map(mark -> new Head(mark.release(), mark.since()))
        .toList();
  }

  /** Whether the channel named that release once, of the image it follows now, and then another. */
  public boolean isSuperseded(Channel channel, Digest release) {
    return record(channel).hasSuperseded(release, channel.followed());
  }

  /** Whether the head is of the image that the channel follows now. */
  public boolean isOfImage(Channel channel) {
    String followed = channel.followed();
    return record(channel).head().filter(mark -> mark.image().equals(followed)).isPresent();
  }

  public boolean isAccepted(Channel channel, Digest release) {
    return record(channel).accepted().contains(release);
  }

  private ChannelRecord record(Channel channel) {
    return contents.holdings().channel(channel.name());
  }

  /**
   * Makes a release that is held the head of a channel.
   *
   * @throws IOException when it is not known whether that lasts; here nothing changed then
   */
  public void advance(Channel channel, Digest release) throws IOException {
    Mark head = new Mark(release, Instant.now().truncatedTo(ChronoUnit.MILLIS), channel.followed());
    change(
        channel.name(),
        now -> {
          if (contents.release(release).isEmpty()) {
            throw new StoreException(
                StoreException.Reason.DAMAGED, release + " is not held whole any more");
          }
          return now.advanced(head);
        });
  }

  /**
   * Lets the channel go back, once, to a release that was replaced.
   *
   * @throws IOException as {@link #advance}
   */
  public void accept(Channel channel, Digest release) throws IOException {
    change(channel.name(), now -> now.accepting(release));
  }

  /** On disk first, and never over what could not be read. */
  private void change(String channel, StoreContents.Change change) throws IOException {
    synchronized (contents.monitor()) {
      need();
      contents.change(channel, change);
    }
  }

  /**
   * Before a write, with the store locked: a state that could not be read at the start, and can be
   * now, may hold more than is known here, which must not be written over.
   */
  private void need() throws IOException {
    layout.makeState();
    if (read) {
      return;
    }
    StateReader state = StateReader.read(layout);
    if (!state.isRead()) {
      throw new IOException("the state " + layout.state() + " cannot be read");
    }
    read = true;
    if (!state.channels().isEmpty()) {
      contents.learn(state.channels().values());
      throw new IOException(
          "the state " + layout.state() + " can be read again; it holds from the next look on");
    }
  }

  /**
   * Gives a channel whose state is lost the newest release that came from its image as its head,
   * and the older ones as its history; does nothing for any other channel.
   */
  public void recover(Channel channel) {
    if (contents.holdings().channels().containsKey(channel.name())) {
      return;
    }
    synchronized (recoveries) {
      if (!lost.remove(channel.name()) && !allLost) {
        return;
      }
      List<Mark> marks = marksOf(channel);
      if (marks.isEmpty() || contents.holdings().channels().containsKey(channel.name())) {
        return;
      }
      ChannelRecord rebuilt = new ChannelRecord(channel.name(), 1, marks, List.of());
      try {
        change(channel.name(), _ -> rebuilt);
        heal(channel.name());
      } catch (IOException e) {
        LOG.log(Level.WARNING, "state channel=" + channel.name() + " unwritten why=\"" + e + "\"");
        contents.learn(List.of(rebuilt));
      }
      Digest head = marks.getFirst().release();
      recoveries.add(
          new Recovery(
              channel.name(),
              head,
              "its state was lost; the newest release of %s that is held is its head"
                  .formatted(channel.image())));
      LOG.log(Level.ERROR, "state channel={0} rebuilt head={1}", channel.name(), head);
    }
  }

  private List<Mark> marksOf(Channel channel) {
    String image = channel.image().toString();
    return contents.holdings().releases().values().stream()
        .filter(release -> release.source().equals(image))
        .sorted(Comparator.comparing(Release::created).reversed().thenComparing(Release::digest))
        .map(release -> new Mark(release.digest(), release.created(), channel.followed()))
        .toList();
  }

  /** What was found damaged or lost since the start, and what is in force instead. */
  public List<Recovery> recoveries() {
    synchronized (recoveries) {
      return List.copyOf(recoveries);
    }
  }
}
