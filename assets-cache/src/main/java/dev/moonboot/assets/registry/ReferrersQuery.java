package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the referrers API (distribution-spec 1.1, "Listing Referrers"), page by page. The list may
 * be filtered by the registry or not ({@code OCI-Filters-Applied}): it is filtered here in any
 * case.
 */
final class ReferrersQuery {
  private static final Map<String, String> ACCEPT = Map.of("Accept", MediaTypes.OCI_INDEX);

  private final RegistryRequests requests;
  private final ReferrerList list;
  private final Set<URI> seen = new HashSet<>();
  private int room = Limits.REFERRERS;

  private ReferrersQuery(RegistryRequests requests, String artifactType) {
    this.requests = requests;
    this.list = new ReferrerList(artifactType);
  }

  /**
   * The artifacts; empty when the registry has no such API.
   *
   * @throws IOException when another try may succeed
   */
  static Optional<Referrers> run(RegistryRequests requests, Digest subject, String artifactType)
      throws IOException {
    String filter = URLEncoder.encode(artifactType, StandardCharsets.UTF_8);
    URI first = requests.uri("referrers/" + subject + "?artifactType=" + filter);
    return new ReferrersQuery(requests, artifactType).pages(first);
  }

  private Optional<Referrers> pages(URI first) throws IOException {
    Optional<URI> next = Optional.of(first);
    while (next.isPresent()) {
      URI page = next.get();
      if (seen.size() == Limits.REFERRER_PAGES || !seen.add(page)) {
        return Optional.of(list.found(true));
      }
      Optional<Answer> known = requests.sendUnlessUnknown(page, ACCEPT);
      if (known.isEmpty()) {
        return seen.size() == 1 ? Optional.empty() : Optional.of(list.found(true));
      }
      try (Answer answer = known.get()) {
        if (!MediaTypes.OCI_INDEX.equals(MediaTypes.ofHeader(answer.header("Content-Type")))) {
          return Optional.empty(); // a page for people, or whatever else lies at that address
        }
        next = requests.next(answer);
        list.add(page.toString(), body(answer));
      } catch (Body.TooLong e) {
        return Optional.of(list.found(true));
      }
    }
    return Optional.of(list.found(false));
  }

  private byte[] body(Answer answer) throws IOException {
    byte[] bytes = answer.body().all(room);
    room -= bytes.length;
    return bytes;
  }
}
