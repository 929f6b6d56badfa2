package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tags of a repository (distribution-spec, "Listing tags"). */
public final class RepositoryTags {
  private static final int PAGES = 100;
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final RegistryRequests requests;
  private final SourceImage.Repository source;
  private final List<String> tags = new ArrayList<>();
  private int room = Limits.MANIFEST;

  private RepositoryTags(RegistryRequests requests, SourceImage.Repository source) {
    this.requests = requests;
    this.source = source;
  }

  /**
   * All tags, in the registry's order: at most 100 pages and 4 MiB are read.
   *
   * @throws RegistryException when they cannot be had
   */
  public static List<String> of(SourceImage.Repository source, RegistrySettings settings) {
    Retry retry = new Retry(settings.timeouts().backoff(), RepositoryTags::pause);
    try (var requests = new RegistryRequests(Network.SYSTEM, source, settings)) {
      while (true) {
        try {
          return new RepositoryTags(requests, source).read();
        } catch (IOException e) {
          retry.after(e);
        }
      }
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.compareTo(LONGEST) < 0 ? time : LONGEST);
    } catch (InterruptedException e) {
      throw Interrupted.now(e);
    }
  }

  private List<String> read() throws IOException {
    URI page = requests.uri("tags/list?n=1000");
    for (int i = 0; i < PAGES && page != null; i++) {
      page = read(page);
    }
    return List.copyOf(tags);
  }

  /** Where the next page is; null after the last. */
  private @Nullable URI read(URI page) throws IOException {
    Optional<Answer> answered = requests.sendUnlessUnknown(page, Map.of());
    if (answered.isEmpty()) {
      throw new RegistryException(
          Reason.NOT_FOUND, source.display() + ": there is no list of tags (404)");
    }
    try (Answer answer = answered.get()) {
      byte[] bytes = answer.body().all(room);
      room -= bytes.length;
      add(new String(bytes, UTF_8));
      return requests.next(answer).orElse(null);
    } catch (Body.TooLong e) {
      throw new RegistryException(
          Reason.TOO_LARGE, source.display() + ": more than 4 MiB of tags", e, null);
    }
  }

  private void add(String page) {
    try {
      if (JsonText.parse(page, Limits.LIST_TOKENS) instanceof Json.Obj list) {
        for (Json tag : list.array("tags").orElse(List.of())) {
          if (tag instanceof Json.Str(var text)) {
            tags.add(text);
          }
        }
      }
    } catch (JsonException e) {
      throw new RegistryException(
          Reason.MALFORMED, source.display() + ": its list of tags: " + e.getMessage(), e, null);
    }
  }
}
