package dev.moonboot.admin;

import static dev.moonboot.admin.AdminFixture.ADMIN;
import static dev.moonboot.admin.AdminFixture.OPERATOR;
import static dev.moonboot.admin.AdminFixture.READER;
import static dev.moonboot.admin.AdminFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.http.RawClient;
import dev.moonboot.journal.Actor;
import dev.moonboot.json.Json;
import dev.moonboot.profile.CatalogWatcher;
import dev.moonboot.profile.CatalogWriter;
import dev.moonboot.release.Afterwards;
import dev.moonboot.release.Changes;
import dev.moonboot.release.FakeReleaseCache;
import dev.moonboot.release.PinOrder;
import dev.moonboot.release.PinTarget;
import dev.moonboot.release.Pinning;
import dev.moonboot.release.Releases;
import dev.moonboot.release.SampleReleases;
import dev.moonboot.release.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Releases, pins, profiles, groups and explain, over HTTP. */
class BootableRoutesTest {
  private static final String BOOT =
      "\"boot\":{\"kernel\":\"/assets/talos/custom/vmlinuz-arm64\",\"args\":[\"{cmdline}\"]}";

  @TempDir Path folder;
  private final FakeReleaseCache cache = new FakeReleaseCache();
  private final AdminFixture.Recorded written = new AdminFixture.Recorded();
  private SampleReleases samples;
  private Release old;
  private Release head;
  private Releases releases;
  private CatalogWatcher watcher;
  private Changes changes;
  private Pinning pinning;
  private AdminFixture admin;

  @BeforeEach
  void start() throws IOException {
    samples = new SampleReleases(Files.createDirectories(folder.resolve("files")));
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("groups"));
    Files.createDirectories(data.resolve("profiles"));
    Files.writeString(data.resolve("groups/all.json"), "{\"profile\":\"talos\"}");
    for (String profile : List.of("talos", "canary")) {
      Files.writeString(
          data.resolve("profiles/" + profile + ".json"),
          "{\"id\":\"%s\",%s}".formatted(profile, BOOT));
    }
    Channel channel = SampleReleases.channel("custom", Arch.ARM64);
    old = samples.release("old", Arch.ARM64);
    head = signed(samples.release("head", Arch.ARM64));
    cache.history("custom", old, head);
    releases = new Releases(List.of(channel), null);
    releases.advance("custom", List.of(head, old));
    watcher = new CatalogWatcher(data);
    changes = Changes.open(Files.createDirectories(folder.resolve("state")), releases, written);
    BootPlanner planner = new BootPlanner(watcher::current, releases, List.of());
    pinning = new Pinning(cache, releases, changes, planner::channel);
    Bootable bootable =
        new Bootable(
            releases,
            cache,
            new Served(),
            watcher::current,
            new CatalogWriter(data, watcher, written),
            planner,
            pinning);
    admin = AdminFixture.withTokens(folder, bootable);
  }

  private static Release signed(Release release) {
    Proof proof =
        new Proof(
            Proof.Format.BUNDLE_V03, "sha256:key", Instant.EPOCH, Map.of("bundle", "c2VjcmV0"));
    Admission admission = new Admission(Admission.Mode.REQUIRE, "r.example/*", proof, "");
    return new Release(
        release.digest(), release.source(), release.builds(), release.created(), admission);
  }

  @AfterEach
  void stop() {
    admin.close();
    watcher.close();
  }

  private RawClient.Answer pin(String profile, String body, String... headers) throws IOException {
    return admin.send(
        OPERATOR, "PUT", "/admin/v1/pins/" + profile, body.replace('\'', '"'), headers);
  }

  private RawClient.Answer get(String path) throws IOException {
    return admin.as(READER, "GET", path);
  }

  private static String kind(RawClient.Answer answer) {
    return answer.status()
        + " "
        + json(answer).text("type").orElse("").replace("urn:moonboot:problem:", "");
  }

  @Test
  void releases_tell_what_the_policy_says_of_them_today() throws IOException {
    assertEquals("{\"state\":\"good\",\"why\":null}", standing(head));
    cache.flag(head.digest(), "rule r.example/* no longer lists its key");
    assertEquals(
        "{\"state\":\"flagged\",\"why\":\"rule r.example/* no longer lists its key\"}",
        standing(head));
    String list = get("/admin/v1/releases").text();
    assertTrue(list.contains("no longer lists its key"), list);
    cache.revoke(head.digest(), "its key is revoked");
    assertEquals("{\"state\":\"revoked\",\"why\":\"its key is revoked\"}", standing(head));
  }

  private String standing(Release release) throws IOException {
    return json(get("/admin/v1/releases/" + release.digest()))
        .object("standing")
        .orElseThrow()
        .compact();
  }

  @Test
  void releases_tell_who_boots_them_and_who_signed_them_but_not_the_evidence() throws IOException {
    List<Json> all = json(get("/admin/v1/releases")).array("releases").orElseThrow();
    assertEquals(2, all.size());
    RawClient.Answer one = get("/admin/v1/releases/" + head.digest());
    Json.Obj shown = json(one);
    assertEquals(Optional.of(head.digest().toString()), shown.text("release"));
    assertEquals("[\"custom\"]", shown.member("headOf").orElseThrow().compact());
    assertEquals("[\"canary\",\"talos\"]", shown.member("profiles").orElseThrow().compact());
    assertEquals(
        "{\"mode\":\"require\",\"rule\":\"r.example/*\",\"warning\":\"\","
            + "\"signer\":\"sha256:key\",\"format\":\"bundle_v03\","
            + "\"signedAt\":\"1970-01-01T00:00:00Z\"}",
        shown.object("admission").orElseThrow().compact());
    assertFalse(one.text().contains("c2VjcmV0"), one.text());
    assertEquals(
        1, json(get("/admin/v1/releases?profile=talos")).array("releases").orElseThrow().size());
    assertEquals(
        List.of(), json(get("/admin/v1/releases?channel=nope")).array("releases").orElseThrow());
  }

  @Test
  void a_release_may_be_named_by_its_first_digits() throws IOException {
    String digits = old.digest().hex().substring(0, 8);
    assertEquals(
        Optional.of(old.digest().toString()),
        json(get("/admin/v1/releases/" + digits)).text("release"));
    assertEquals("404 not-found", kind(get("/admin/v1/releases/00000000")));
    assertEquals("400 malformed", kind(get("/admin/v1/releases/" + digits.substring(1))));
    Json.Obj diff = json(get("/admin/v1/releases/%s/diff/%s".formatted(digits, head.digest())));
    assertEquals(
        "{\"from\":\"v1.13.3\",\"to\":\"v1.13.4\"}",
        diff.object("version").orElseThrow().compact());
  }

  @Test
  void what_is_held_is_pinned_at_once() throws IOException {
    RawClient.Answer pinned =
        pin("talos", "{'release':'previous','reason':'why','expires':'2100-01-01T00:00:00Z'}");
    assertEquals(200, pinned.status(), pinned.text());
    Json.Obj pin = json(pinned);
    assertEquals(Optional.of(old.digest().toString()), pin.text("release"));
    assertEquals(Optional.of("ops"), pin.text("by"));
    assertEquals("\"r" + pin.integer("revision").orElseThrow() + "\"", pinned.header("ETag"));
    assertEquals(pinned.header("ETag"), get("/admin/v1/pins/talos").header("ETag"));
    assertEquals(1, json(get("/admin/v1/pins")).array("pins").orElseThrow().size());
    assertEquals(
        old.digest(), releases.effective("talos", "custom").orElseThrow().release().digest());

    RawClient.Answer gone = admin.as(OPERATOR, "DELETE", "/admin/v1/pins/talos");
    assertEquals(200, gone.status(), gone.text());
    assertEquals("404 not-found", kind(get("/admin/v1/pins/talos")));
    assertEquals("404 not-found", kind(admin.as(OPERATOR, "DELETE", "/admin/v1/pins/talos")));
  }

  @Test
  void a_pin_tells_that_its_release_is_revoked() throws IOException {
    pin("talos", "{'release':'previous'}");
    assertEquals(Optional.empty(), json(get("/admin/v1/pins/talos")).text("revoked"));
    cache.revoke(old.digest(), "it is on the list of the revoked");
    assertEquals(
        Optional.of("it is on the list of the revoked"),
        json(get("/admin/v1/pins/talos")).text("revoked"));
  }

  @Test
  void what_is_not_held_becomes_a_job_or_is_waited_for() throws IOException {
    Release other = samples.release("other one", Arch.ARM64);
    cache.push(other, "v9");
    RawClient.Answer begun = pin("talos", "{'release':'%s'}".formatted(other.digest()));
    assertEquals(202, begun.status(), begun.text());
    String job = begun.header("Location");
    assertEquals("/admin/v1/jobs/" + json(begun).text("id").orElseThrow(), job);

    RawClient.Answer waited =
        admin.send(OPERATOR, "PUT", "/admin/v1/pins/canary?wait=60s", "{\"release\":\"v9\"}");
    assertEquals(200, waited.status(), waited.text());
    assertEquals(Optional.of(other.digest().toString()), json(waited).text("release"));
  }

  @Test
  void a_10_what_cannot_be_had_is_409_and_changes_nothing() throws IOException {
    cache.down = true;
    RawClient.Answer refused =
        admin.send(
            OPERATOR,
            "PUT",
            "/admin/v1/pins/talos?wait=60s",
            "{\"release\":\"sha256:%s\"}".formatted("ab".repeat(32)));
    assertEquals("409 not-available", kind(refused));
    assertEquals(
        head.digest(), releases.effective("talos", "custom").orElseThrow().release().digest());
  }

  @Test
  void a_11_what_the_policy_does_not_allow_is_422_and_written_down() throws IOException {
    Release unsigned = samples.release("unsigned", Arch.ARM64);
    cache.pushUnsigned(unsigned);
    RawClient.Answer refused =
        admin.send(
            OPERATOR,
            "PUT",
            "/admin/v1/pins/talos?wait=60s",
            "{\"release\":\"%s\"}".formatted(unsigned.digest()));
    assertEquals("422 not-admitted", kind(refused));
    assertTrue(written.lines().contains("pin.set refused ops"), written.lines().toString());
  }

  @Test
  void a_12_of_two_pins_of_one_revision_the_second_is_412() throws IOException {
    assertEquals(200, pin("talos", "{'release':'previous'}", "If-Match: \"r0\"").status());
    assertEquals("412 changed", kind(pin("talos", "{'release':'previous'}", "If-Match: \"r0\"")));
    assertEquals("412 changed", kind(pin("canary", "{'release':'previous'}", "If-Match: *")));
    assertEquals("412 changed", kind(pin("talos", "{'release':'previous'}", "If-Match: \"x\"")));
  }

  @Test
  void a_12_an_answer_bears_the_revision_of_what_it_tells() throws IOException {
    AtomicBoolean again = new AtomicBoolean(true);
    Afterwards.run(
        changes,
        () -> {
          if (again.getAndSet(false)) { // somebody else, before the first is answered
            PinOrder order = new PinOrder("", null, Actor.SYSTEM, null);
            pinning.pin("talos", new PinTarget.ByDigest(head.digest()), order, Progress.NONE);
          }
        });
    RawClient.Answer pinned = pin("talos", "{'release':'previous'}");
    assertEquals(200, pinned.status(), pinned.text());
    assertEquals(
        "\"r" + json(pinned).integer("revision").orElseThrow() + "\"", pinned.header("ETag"));
    String target = "{'release':'%s'}".formatted(old.digest());
    assertEquals("412 changed", kind(pin("talos", target, "If-Match: " + pinned.header("ETag"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'release':7}",
        "{'release':''}",
        "{'release':'sha256:x'}",
        "{'release':'a b'}",
        "{'release':'v1','expires':'tomorrow'}",
        "{'release':'v1','reasn':'x'}",
        "[]"
      })
  void a_07_a_body_that_will_not_do_is_422_with_the_field(String body) throws IOException {
    RawClient.Answer refused = pin("talos", body);
    assertEquals("422 invalid", kind(refused));
    assertTrue(json(refused).array("errors").isPresent(), refused.text());
    assertEquals("404 not-found", kind(get("/admin/v1/pins/talos")));
  }

  @Test
  void roll_back_and_promote_ask_no_registry() throws IOException {
    cache.down = true;
    RawClient.Answer back = admin.as(OPERATOR, "POST", "/admin/v1/profiles/canary/rollback");
    assertEquals(Optional.of(old.digest().toString()), json(back).text("release"));
    RawClient.Answer promoted =
        admin.send(OPERATOR, "POST", "/admin/v1/profiles/talos/promote", "{\"from\":\"canary\"}");
    assertEquals(Optional.of(old.digest().toString()), json(promoted).text("release"));
    assertEquals(
        "404 not-found", kind(admin.as(OPERATOR, "POST", "/admin/v1/profiles/nope/rollback")));
    assertEquals(0, cache.fetches.get());
  }

  @Test
  void a_profile_is_got_as_it_may_be_put_again() throws IOException {
    RawClient.Answer got = get("/admin/v1/profiles/talos");
    assertEquals(200, got.status());
    String tag = got.header("ETag");
    RawClient.Answer same =
        admin.send(ADMIN, "PUT", "/admin/v1/profiles/talos", got.text(), "If-Match: " + tag);
    assertEquals(200, same.status(), same.text());
    RawClient.Answer stale =
        admin.send(
            ADMIN, "PUT", "/admin/v1/profiles/talos", "{\"name\":\"x\"}", "If-Match: \"sha256-0\"");
    assertEquals("412 changed", kind(stale));
    RawClient.Answer notNew =
        admin.send(
            ADMIN, "PUT", "/admin/v1/profiles/talos", "{\"name\":\"x\"}", "If-None-Match: *");
    assertEquals("412 changed", kind(notNew));
    RawClient.Answer made =
        admin.send(
            ADMIN, "PUT", "/admin/v1/groups/g", "{\"profile\":\"nope\"}", "If-None-Match: *");
    assertEquals("201 /admin/v1/groups/g", made.status() + " " + made.header("Location"));
    assertEquals(
        "[\"there is no profile \\\"nope\\\" yet: until there is, nodes of this group are told"
            + " 404\"]",
        json(made).member("warnings").orElseThrow().compact());
    assertEquals(200, admin.as(ADMIN, "DELETE", "/admin/v1/groups/g").status());
    assertEquals("404 not-found", kind(get("/admin/v1/groups/g")));
  }

  @Test
  void a_06_only_an_admin_changes_groups_and_profiles() throws IOException {
    for (String token : List.of(READER, OPERATOR)) {
      assertEquals("403 forbidden", kind(admin.send(token, "PUT", "/admin/v1/groups/g", "{}")));
      assertEquals("403 forbidden", kind(admin.as(token, "DELETE", "/admin/v1/groups/all")));
    }
    assertEquals(
        "403 forbidden",
        kind(admin.send(READER, "PUT", "/admin/v1/pins/talos", "{\"release\":\"previous\"}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..%2f..%2fx", "a%00", "%ce%b1", "con", ".", "A", "a%2fb"})
  void a_08_an_id_that_cannot_be_one_is_400(String id) throws IOException {
    assertEquals("400 malformed", kind(admin.send(ADMIN, "PUT", "/admin/v1/profiles/" + id, "{}")));
  }

  @Test
  void i_04_a_profile_that_would_be_read_as_more_is_422_with_the_field() throws IOException {
    RawClient.Answer refused =
        admin.send(
            ADMIN, "PUT", "/admin/v1/profiles/p", "{\"boot\":{\"args\":[\"a\",\"b c\"]},\"x\":1}");
    assertEquals("422 invalid", kind(refused));
    assertTrue(refused.text().contains("\"/x\""), refused.text());
  }

  @Test
  void a_14_a_secret_is_shown_by_no_answer() throws IOException {
    String secret = "{\"profile\":\"talos\",\"metadata\":{\"token\":\"hunter2\",\"rack\":\"r1\"}}";
    RawClient.Answer put = admin.send(ADMIN, "PUT", "/admin/v1/groups/g", secret);
    RawClient.Answer got = get("/admin/v1/groups/g");
    assertTrue(got.text().contains("\"token\": \"***\""), got.text());
    assertTrue(got.text().contains("\"rack\": \"r1\""), got.text());
    for (RawClient.Answer answer :
        List.of(
            put, got, get("/admin/v1/groups"), get("/admin/v1/explain?mac=52-54-00-00-00-01"))) {
      assertFalse(answer.text().contains("hunter2"), answer.text());
    }
    assertEquals("422 invalid", kind(admin.send(ADMIN, "PUT", "/admin/v1/groups/g", got.text())));
    assertFalse(written.events.toString().contains("hunter2"));
  }

  @Test
  void explain_takes_any_label_and_says_what_a_node_would_get() throws IOException {
    RawClient.Answer answer = get("/admin/v1/explain?mac=52-54-00-00-00-01&arch=arm64&x=1");
    Json.Obj why = json(answer);
    assertEquals(Optional.of("talos"), why.text("profile"));
    assertEquals(Optional.of("custom"), why.text("channel"));
    assertEquals(Optional.of("boots"), why.object("answer").orElseThrow().text("outcome"));
    assertTrue(
        why.object("scripts")
            .orElseThrow()
            .text("/ipxe")
            .orElse("")
            .contains(head.digest().fileName()));
    RawClient.Answer text =
        admin.as(READER, "GET", "/admin/v1/explain?arch=arm64", "Accept: text/plain");
    assertTrue(text.text().contains("group     all (selects every node)\n"), text.text());
    assertTrue(text.text().contains("\n-- /ipxe\n#!ipxe\n"), text.text());
  }

  @Test
  void a_group_selects_several_values_where_it_asks_for_that() throws IOException {
    String lists = "{\"profile\":\"talos\",\"selector\":{\"rack\":[\"r1\",\"r2\"]}}";
    RawClient.Answer refused = admin.send(ADMIN, "PUT", "/admin/v1/groups/racks", lists);
    assertEquals("422 invalid", kind(refused));
    assertTrue(refused.text().contains("/selector/rack"), refused.text());

    String asked = lists.substring(0, lists.length() - 1);
    RawClient.Answer misspelt =
        admin.send(
            ADMIN, "PUT", "/admin/v1/groups/racks", asked + ",\"moonboot\":{\"selector_list\":1}}");
    assertEquals("422 invalid", kind(misspelt));
    assertTrue(misspelt.text().contains("/moonboot/selector_list"), misspelt.text());

    String whole = asked + ",\"moonboot\":{\"selector_lists\":true}}";
    assertEquals(201, admin.send(ADMIN, "PUT", "/admin/v1/groups/racks", whole).status());
    check("GET", "/admin/v1/groups", "/admin/v1/groups");
    check("GET", "/admin/v1/groups/{group}", "/admin/v1/groups/racks");
    check("GET", "/admin/v1/explain", "/admin/v1/explain?rack=r2");
    check("GET", "/admin/v1/explain", "/admin/v1/explain?rack=r3");
    assertTrue(get("/admin/v1/groups").text().contains("\"selectorText\": \"rack=r1|r2\""));
    assertEquals(
        200,
        admin
            .send(ADMIN, "PUT", "/admin/v1/groups/racks", get("/admin/v1/groups/racks").text())
            .status());
    RawClient.Answer text =
        admin.as(READER, "GET", "/admin/v1/explain?rack=r2", "Accept: text/plain");
    assertTrue(text.text().contains("group     racks (selects rack=r2)\n"), text.text());
    RawClient.Answer near =
        admin.as(READER, "GET", "/admin/v1/explain?rack=r3", "Accept: text/plain");
    assertTrue(near.text().contains("racks (rack is r3, it wants r1|r2)"), near.text());
  }

  @Test
  void answers_are_as_the_document_says() throws IOException {
    Files.writeString(folder.resolve("data/profiles/bad.json"), "{");
    watcher.refresh();
    String digest = "/admin/v1/releases/" + head.digest();
    check("GET", "/admin/v1/releases", "/admin/v1/releases");
    check("GET", "/admin/v1/releases/{digest}", digest);
    check("GET", "/admin/v1/releases/{digest}/diff/{other}", digest + "/diff/" + old.digest());
    check("POST", "/admin/v1/profiles/{profile}/rollback", "/admin/v1/profiles/talos/rollback");
    check("GET", "/admin/v1/pins", "/admin/v1/pins");
    check("GET", "/admin/v1/pins/{profile}", "/admin/v1/pins/talos");
    check("GET", "/admin/v1/profiles", "/admin/v1/profiles");
    check("GET", "/admin/v1/profiles/{profile}", "/admin/v1/profiles/talos");
    check("GET", "/admin/v1/groups", "/admin/v1/groups");
    check("GET", "/admin/v1/groups/{group}", "/admin/v1/groups/all");
    check("GET", "/admin/v1/explain", "/admin/v1/explain?arch=arm64");
    check("GET", "/admin/v1/explain", "/admin/v1/explain");
    check("DELETE", "/admin/v1/pins/{profile}", "/admin/v1/pins/talos");
    check("DELETE", "/admin/v1/groups/{group}", "/admin/v1/groups/all");
    check("GET", "/admin/v1/explain", "/admin/v1/explain?arch=arm64");
  }

  private void check(String method, String path, String target) throws IOException {
    OpenApiTest.check(admin, method, path, target, 200);
  }

  @Test
  void unusable_files_are_listed_with_what_is_wrong() throws IOException {
    Files.writeString(folder.resolve("data/profiles/bad.json"), "{");
    watcher.refresh();
    assertTrue(
        get("/admin/v1/profiles").text().contains("\"problem\": \"not JSON:"),
        get("/admin/v1/profiles").text());
  }
}
