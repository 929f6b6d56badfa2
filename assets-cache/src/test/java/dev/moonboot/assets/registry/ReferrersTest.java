package dev.moonboot.assets.registry;

import static dev.moonboot.assets.registry.RegistryLab.REPOSITORY;
import static dev.moonboot.assets.registry.RegistryLab.assertFails;
import static dev.moonboot.assets.registry.RegistryLab.content;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.testing.Attachments;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryReply;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.LayoutFixture;
import dev.moonboot.testing.RegistryFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of artifacts: paged, lying, endless, missing. */
class ReferrersTest {
  private static final String TYPE = "application/x.signature";

  private final RegistryLab lab = new RegistryLab();
  private final Registry registry = lab.open();
  private final Digest image = lab.fake.image(REPOSITORY, Arch.ARM64, content(100));

  @AfterEach
  void close() {
    lab.close();
  }

  private List<Digest> attach(RegistryFixture fixture, int count) {
    var attachments = new Attachments(fixture, REPOSITORY);
    List<Digest> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(attachments.attach(image, TYPE, content(10 + i)));
    }
    return all.stream().sorted().toList();
  }

  private static List<Digest> digests(Referrers referrers) {
    return referrers.artifacts().stream().map(Descriptor::digest).sorted().toList();
  }

  @Test
  void pages_are_followed_to_the_end() {
    List<Digest> all = attach(lab.fake, 7);
    lab.fake.referrersPage(2);
    Referrers found = registry.referrers(image, TYPE);
    assertEquals(all, digests(found));
    assertEquals(4, lab.fake.count(Kind.REFERRERS));
    assertEquals(
        "artifactType=application/x.signature",
        lab.fake.requests(Kind.REFERRERS).getFirst().query());
  }

  @Test
  void s_10_at_most_ten_pages_are_read() {
    attach(lab.fake, 15);
    lab.fake.referrersPage(1);
    Referrers found = registry.referrers(image, TYPE);
    assertEquals(10, found.artifacts().size());
    assertTrue(found.cut());
    assertEquals(10, lab.fake.count(Kind.REFERRERS));
  }

  @Test
  void s_10_pages_in_a_circle_end() {
    List<Digest> all = attach(lab.fake, 1);
    lab.fake.fault(
        Kind.REFERRERS,
        FakeRegistryFault.header(
            "Link", "</v2/" + REPOSITORY + "/referrers/" + image + "?last=0>; rel=\"next\""));
    Referrers found = registry.referrers(image, TYPE);
    assertEquals(all, digests(found));
    assertTrue(found.cut());
    assertEquals(2, lab.fake.count(Kind.REFERRERS));
  }

  @Test
  void s_10_a_list_of_50_mib_is_read_for_4() {
    attach(lab.fake, 1);
    lab.fake.fault(Kind.REFERRERS, FakeRegistryFault.body(" ".repeat(50 << 20).getBytes(UTF_8)));
    assertEquals(new Referrers(List.of(), true), registry.referrers(image, TYPE));
    assertEquals(1, lab.fake.count(Kind.REFERRERS));
  }

  @Test
  void a_next_page_at_another_place_is_not_asked_for() {
    attach(lab.fake, 1);
    lab.fake.fault(
        Kind.REFERRERS, FakeRegistryFault.header("Link", "<https://evil.example/x>; rel=\"next\""));
    assertFails(Reason.REDIRECT_REFUSED, () -> registry.referrers(image, TYPE));
  }

  /** As ghcr.io answers: a redirect to pages for people. */
  @ParameterizedTest
  @ValueSource(ints = {303, 307, 400, 404, 405, 406, 501})
  void a_registry_that_does_not_know_referrers_is_asked_for_the_tag(int status) {
    lab.fake.referrersPage(0);
    List<Digest> all = attach(lab.fake, 2);
    lab.fake.fault(
        Kind.REFERRERS,
        (request, right) ->
            FakeRegistryFault.status(status)
                .apply(request, right)
                .withHeader("Location", "https://github.example/-/v2/packages"));
    assertEquals(all, digests(registry.referrers(image, TYPE)));
    assertEquals(1, lab.fake.count(Kind.REFERRERS));
  }

  @Test
  void a_page_for_people_is_no_list() {
    lab.fake.referrersPage(0);
    List<Digest> all = attach(lab.fake, 1);
    lab.fake.fault(
        Kind.REFERRERS,
        (request, right) ->
            FakeRegistryReply.of(
                200, Map.of("Content-Type", "text/html"), "<html>".getBytes(UTF_8)));
    assertEquals(all, digests(registry.referrers(image, TYPE)));
  }

  @Test
  void a_fault_is_not_an_empty_list() {
    lab.fake.fault(Kind.REFERRERS, FakeRegistryFault.status(500));
    assertFails(Reason.UNREACHABLE, () -> registry.referrers(image, TYPE));
    lab.fake.heal();
    lab.fake.fault(Kind.REFERRERS, FakeRegistryFault.status(403));
    assertFails(Reason.AUTH_FAILED, () -> registry.referrers(image, TYPE));
    lab.fake.heal();
    lab.fake.fault(Kind.REFERRERS, FakeRegistryFault.body("{}".getBytes(UTF_8)));
    assertFails(Reason.MALFORMED, () -> registry.referrers(image, TYPE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_layout_lists_them_in_its_index_or_by_the_tag(boolean inIndex, @TempDir Path directory) {
    var fixture = new LayoutFixture(directory.resolve("layout"), inIndex);
    Digest copied = fixture.image(REPOSITORY, Arch.ARM64, content(100));
    assertEquals(image, copied);
    fixture.tag(REPOSITORY, "demo", copied);
    List<Digest> all = attach(fixture, 3);
    new Attachments(fixture, REPOSITORY).attach(Digest.of(new byte[0]), TYPE, content(9));
    try (Registry layout = OciLayout.open(fixture.layout());
        Registry archive = OciLayout.open(fixture.archive(directory.resolve("layout.tar")))) {
      assertEquals(all, digests(layout.referrers(image, TYPE)));
      assertEquals(all, digests(archive.referrers(image, TYPE)));
      assertEquals(List.of(), digests(layout.referrers(image, "application/x.other")));
      assertEquals(image, layout.artifact(all.getFirst(), 4096).subject());
      assertEquals(image, layout.resolve(null)); // what belongs to it is no second image
    }
  }
}
