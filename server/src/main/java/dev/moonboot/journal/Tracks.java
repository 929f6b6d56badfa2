package dev.moonboot.journal;

import dev.moonboot.journal.Boot.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The boots that are kept, and by what they are found; guarded by the log. So many in all, so many
 * of one address, and a quarter of all of those that nothing but requests by UDP tell of: whoever
 * sends them can make up hardware addresses and IP addresses as he likes.
 */
final class Tracks {
  private static final int MOST_CLIENTS = 4;

  private final int most;
  private final int mostOfOneAddress;
  private final LinkedHashMap<Long, Track> all = new LinkedHashMap<>();
  private final LinkedHashMap<Long, Track> unproven = new LinkedHashMap<>();
  private final Map<String, Deque<Track>> byClient = new HashMap<>();
  private final Map<String, Track> byName = new HashMap<>();

  Tracks(int most, int mostOfOneAddress) {
    this.most = most;
    this.mostOfOneAddress = mostOfOneAddress;
  }

  void add(Track track) {
    all.put(track.id, track);
    unproven.put(track.id, track);
    know(track);
    if (unproven.size() > Math.max(1, most / 4)) {
      forget(unproven.firstEntry().getValue());
    }
    if (all.size() > most) {
      forget(all.firstEntry().getValue());
    }
  }

  /** Finds it from now on by all that is known of its node. */
  void know(Track track) {
    List<String> names = names(track.node());
    track.names.stream()
        .filter(name -> !names.contains(name))
        .forEach(name -> byName.remove(name, track)); // a node may say another one each time
    track.names = names;
    names.forEach(name -> byName.put(name, track));
    String client = track.node().client();
    if (client.isEmpty()
        || track.clients.size() >= MOST_CLIENTS
        || !all.containsKey(track.id)
        || !track.clients.add(client)) {
      return;
    }
    Deque<Track> own = byClient.computeIfAbsent(client, _ -> new ArrayDeque<>());
    own.addFirst(track);
    if (own.size() > mostOfOneAddress) {
      forget(own.getLast());
    }
  }

  /** Its node answered what was sent to its address, so neither is made up. */
  void prove(Track track) {
    unproven.remove(track.id);
  }

  private void forget(Track gone) {
    all.remove(gone.id);
    unproven.remove(gone.id);
    gone.names.forEach(name -> byName.remove(name, gone));
    gone.clients.forEach(client ->
        byClient.computeIfPresent(
            client,
            (_, theirs) -> {
              theirs.remove(gone);
              return theirs.isEmpty() ? null : theirs;
            }));
  }

  private static List<String> names(Node node) {
    List<String> names = new ArrayList<>(3);
    if (!node.mac().isEmpty()) {
      names.add("mac " + node.mac());
    }
    if (!node.uuid().isEmpty()) {
      names.add("uuid " + node.uuid());
    }
    if (!node.serial().isEmpty()) {
      names.add("serial " + node.serial());
    }
    return names;
  }

  /** The latest boot of that node, by the surest name it has. */
  Optional<Track> latest(Node node) {
    return names(node).stream()
        .flatMap(name -> Optional.ofNullable(byName.get(name)).stream())
        .findFirst();
  }

  /** The latest boot of that address that will do. */
  Optional<Track> latest(String client, Predicate<Track> will) {
    Deque<Track> own = byClient.get(client);
    return own == null ? Optional.empty() : own.stream().filter(will).findFirst();
  }

  /** By how many names they are found. */
  int names() {
    return byName.size();
  }

  Optional<Track> find(long id) {
    return Optional.ofNullable(all.get(id));
  }

  /** All, newest first. */
  Collection<Track> newestFirst() {
    return all.sequencedValues().reversed();
  }
}
