package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryReply;
import dev.moonboot.testing.FakeRegistryRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of tags, as registries give them, and as some should not. */
class RepositoryTagsTest {
  private final RegistryLab lab = new RegistryLab(FakeRegistry.startPlain());

  @AfterEach
  void close() {
    lab.close();
  }

  private void push(List<String> tags) {
    tags.forEach(tag -> lab.fake.tag(RegistryLab.REPOSITORY, tag, Digest.of(new byte[0])));
  }

  /** Another answer to every list of tags. */
  private void lists(FakeRegistryFault fault) {
    lab.fake.fault(
        (FakeRegistryRequest request) -> request.path().endsWith("/tags/list"),
        Integer.MAX_VALUE,
        fault);
  }

  private static FakeRegistryReply page(String json, String next) {
    return FakeRegistryReply.of(
        200,
        next.isEmpty() ? Map.of() : Map.of("Link", "<%s>; rel=\"next\"".formatted(next)),
        json.getBytes(UTF_8));
  }

  private RegistryException refused() {
    return assertThrows(RegistryException.class, lab.open()::tags);
  }

  @Test
  void all_pages_are_read() {
    List<String> tags = List.of("a", "b", "c", "d", "e", "v1.0.0", "v1.0.1");
    push(tags);
    lab.fake.tag("acme/other", "z", Digest.of(new byte[0]));
    assertEquals(tags, lab.open().tags());
    assertEquals(
        List.of("n=1000", "n=3&last=3", "n=3&last=6"),
        lab.fake.requests().stream().map(FakeRegistryRequest::query).toList());
  }

  @Test
  void a_repository_without_tags_has_none() {
    lists((_, _) -> page("{\"name\":\"acme/talos\",\"tags\":null}", ""));
    assertEquals(List.of(), lab.open().tags());
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405, 501})
  void a_registry_that_lists_none_is_told_with_the_way_out(int status) {
    lists(FakeRegistryFault.status(status));
    RegistryException refused = refused();
    assertEquals(Reason.NOT_FOUND, refused.reason());
    assertTrue(
        String.valueOf(refused.getMessage())
            .endsWith(
                "/acme/talos: there is no list of its tags: no such repository, or a registry that"
                    + " lists none, of which an exact tag can be named"),
        refused.getMessage());
  }

  @Test
  void a_list_that_is_refused_is_a_matter_of_credentials() {
    lists(FakeRegistryFault.status(403));
    assertEquals(Reason.AUTH_FAILED, refused().reason());
  }

  @Test
  void a_list_is_asked_for_again_after_a_server_error() {
    push(List.of("a"));
    lab.fake.fault(_ -> true, 2, FakeRegistryFault.status(500));
    assertEquals(List.of("a"), lab.open().tags());
  }

  @Test
  void a_list_that_never_ends_is_refused_and_not_cut() {
    AtomicInteger pages = new AtomicInteger();
    lists((_, _) ->
        page("{\"tags\":[\"a\"]}", "/v2/acme/talos/tags/list?last=" + pages.incrementAndGet()));
    assertEquals(Reason.TOO_LARGE, refused().reason());
    assertEquals(Limits.TAG_PAGES, pages.get());
  }

  @Test
  void a_list_that_leads_back_is_refused() {
    lists((_, _) -> page("{\"tags\":[\"a\"]}", "/v2/acme/talos/tags/list?last=a"));
    assertEquals(Reason.MALFORMED, refused().reason());
    assertEquals(2, lab.fake.requests().size());
  }

  @Test
  void a_list_is_not_followed_to_another_place() {
    lists(
        (_, _) -> page("{\"tags\":[\"a\"]}", "http://127.0.0.1:9/v2/acme/talos/tags/list?last=a"));
    assertTrue(String.valueOf(refused().getMessage()).contains("a next page at another place"));
  }

  @Test
  void more_than_four_mebibytes_of_tags_are_refused() {
    String tags = "\"%s\",".formatted("a".repeat(120)).repeat(10_000);
    AtomicInteger pages = new AtomicInteger();
    lists((_, _) ->
        page(
            "{\"tags\":[" + tags + "\"z\"]}",
            "/v2/acme/talos/tags/list?last=" + pages.incrementAndGet()));
    assertEquals(Reason.TOO_LARGE, refused().reason());
    assertEquals(4, pages.get()); // of 1.2 MB each
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>sign in</html>", "[]", "{\"name\":\"acme/talos\"}", ""})
  void what_is_no_list_is_not_taken_for_an_empty_one(String body) {
    lists((_, _) -> page(body, ""));
    assertEquals(Reason.MALFORMED, refused().reason());
  }
}
