package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tags of a repository (distribution-spec, "Listing tags"), page by page. */
final class RepositoryTags {
  private final RegistryRequests requests;
  private final String name;
  private final Set<URI> seen = new HashSet<>();
  private final List<String> tags = new ArrayList<>();
  private int room = Limits.TAGS;

  private RepositoryTags(RegistryRequests requests, String name) {
    this.requests = requests;
    this.name = name;
  }

  /**
   * All of them, or none: a list that was cut would say that the newest are gone.
   *
   * @throws IOException when another try may succeed
   * @throws RegistryException when none will
   */
  static List<String> of(RegistryRequests requests, SourceImage.Repository source)
      throws IOException {
    return new RepositoryTags(requests, source.display()).read();
  }

  private List<String> read() throws IOException {
    URI page = requests.uri("tags/list?n=1000");
    while (page != null) {
      if (!seen.add(page)) {
        throw wrong(Reason.MALFORMED, "its list of tags leads back to where it has been", null);
      }
      if (seen.size() > Limits.TAG_PAGES) {
        throw wrong(Reason.TOO_LARGE, "more than " + Limits.TAG_PAGES + " pages of tags", null);
      }
      page = read(page);
    }
    return List.copyOf(tags);
  }

  /** Where the next page is; null after the last. */
  private @Nullable URI read(URI page) throws IOException {
    Optional<Answer> answered = requests.sendUnlessUnknown(page, Map.of());
    if (answered.isEmpty()) {
      throw wrong(
          Reason.NOT_FOUND,
          "there is no list of its tags: no such repository, or a registry that lists none, of which"
              + " an exact tag can be named",
          null);
    }
    try (Answer answer = answered.get()) {
      byte[] bytes = answer.body().all(room);
      room -= bytes.length;
      add(new String(bytes, UTF_8));
      return requests.next(answer).orElse(null);
    } catch (Body.TooLong e) {
      throw wrong(Reason.TOO_LARGE, "more than 4 MiB of tags", e);
    }
  }

  private void add(String page) {
    try {
      // "tags": null is what some answer when there are none
      if (!(JsonText.parse(page, Limits.LIST_TOKENS) instanceof Json.Obj list)
          || !list.members().containsKey("tags")) {
        throw wrong(Reason.MALFORMED, "what it lists are no tags", null);
      }
      for (Json tag : list.array("tags").orElse(List.of())) {
        if (tag instanceof Json.Str(var text)) {
          tags.add(text);
        }
      }
    } catch (JsonException e) {
      throw wrong(Reason.MALFORMED, "its list of tags: " + e.getMessage(), e);
    }
  }

  private RegistryException wrong(Reason reason, String why, @Nullable Throwable cause) {
    return new RegistryException(reason, name + ": " + why, cause, null);
  }
}
