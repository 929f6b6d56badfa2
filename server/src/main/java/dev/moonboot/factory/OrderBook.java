package dev.moonboot.factory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which release each order became, those asked for last; kept in a file, so that what is on disk is
 * served after a start without asking anybody.
 */
final class OrderBook {
  private static final Logger LOG = System.getLogger(OrderBook.class.getName());
  private static final int MAX_TOKENS = 100_000;

  private final Path file;
  private final int most;
  private final Map<String, Digest> releases = new LinkedHashMap<>();

  private OrderBook(Path file, int most) {
    this.file = file;
    this.most = most;
  }

  /** What the file says; a damaged one says nothing, since all of it can be had again. */
  static OrderBook open(Path file, int most) {
    OrderBook book = new OrderBook(file, most);
    try {
      if (JsonText.parse(Files.readString(file), MAX_TOKENS) instanceof Json.Obj(var members)) {
        members.forEach((order, digest) -> {
          if (digest instanceof Json.Str(var text)) {
            book.releases.put(order, Digest.parse(text));
          }
        });
      }
    } catch (NoSuchFileException e) {
      LOG.log(Level.DEBUG, "factory orders=none");
    } catch (IOException | JsonException | IllegalArgumentException e) {
      LOG.log(Level.WARNING, "factory orders file=" + file + " left_out=\"" + e + "\"");
      book.releases.clear();
    }
    return book;
  }

  synchronized Optional<Digest> find(Order order) {
    return Optional.ofNullable(releases.get(order.key()));
  }

  /** What has the same kernels and initramfs, whatever the platform: all that was made of them. */
  synchronized Set<Digest> alike(Order order) {
    return releases.entrySet().stream()
        .filter(entry -> order.isAlike(entry.getKey()))
        .map(Map.Entry::getValue)
        .collect(Collectors.toSet());
  }

  /** Whether something was made of that version. */
  synchronized boolean has(String version) {
    return releases.keySet().stream().anyMatch(key -> Order.version(key).equals(version));
  }

  /** The schematics that something was made of, those asked for last at the end. */
  synchronized List<String> schematics() {
    return releases.keySet().stream().map(Order::schematic).toList();
  }

  /** What was made of a schematic for a platform, that asked for last in front. */
  synchronized List<Digest> made(String schematic, String platform, Output output) {
    List<Digest> made = new ArrayList<>();
    releases.forEach((key, digest) -> {
      if (Order.isOf(key, schematic, platform, output)) {
        made.addFirst(digest);
      }
    });
    return made;
  }

  /** It was asked for. Written down with the next that is added. */
  synchronized void use(Order order) {
    use(order.key());
  }

  /** Of what is {@link #alike} that release was asked for. */
  synchronized void useAlike(Order order, Digest release) {
    releases.entrySet().stream()
        .filter(entry -> order.isAlike(entry.getKey()) && entry.getValue().equals(release))
        .map(Map.Entry::getKey)
        .findFirst()
        .ifPresent(this::use);
  }

  private void use(String key) {
    Digest digest = releases.remove(key);
    if (digest != null) {
      releases.put(key, digest);
    }
  }

  synchronized void add(Order order, Digest release) {
    releases.remove(order.key());
    releases.put(order.key(), release);
    while (releases.size() > most) {
      releases.remove(releases.keySet().iterator().next());
    }
    Map<String, Json> members = new LinkedHashMap<>();
    releases.forEach((key, digest) -> members.put(key, new Json.Str(digest.toString())));
    try {
      AtomicFile.replace(file, new Json.Obj(members).pretty().getBytes(UTF_8));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "factory orders cannot be written down: " + e);
    }
  }

  /** All of them: no sweep may delete these. */
  synchronized Set<Digest> releases() {
    return releases.values().stream().collect(Collectors.toSet());
  }
}
