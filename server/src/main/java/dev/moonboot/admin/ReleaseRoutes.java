package dev.moonboot.admin;

import dev.moonboot.admin.HeldReleases.Booting;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.ReleaseDiff;
import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import dev.moonboot.release.ReleaseRecords;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Releases that are held: what is in them, who boots them, and what two of them differ in. */
final class ReleaseRoutes implements Resource {
  private static final String ALL = "/admin/v1/releases";
  private static final String ONE = ALL + "/{digest}";

  private final HeldReleases held;

  ReleaseRoutes(HeldReleases held) {
    this.held = held;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, "listReleases", this::list).query("channel", "profile"),
        Endpoint.get(ONE, "getRelease", this::one),
        Endpoint.get(ONE + "/records", "getReleaseRecords", this::records),
        Endpoint.get(ONE + "/diff/{other}", "diffReleases", this::diff));
  }

  private Reply list(Call call) {
    Optional<String> channel = call.query("channel");
    Optional<String> profile = call.query("profile");
    List<Booting> booting = held.booting();
    List<Json.Obj> shown =
        held.all().stream()
            .filter(release ->
                channel.isEmpty() || held.channels(release.digest()).contains(channel.get()))
            .filter(release ->
                profile.isEmpty()
                    || of(release, booting).stream()
                        .anyMatch(one -> one.profile().equals(profile.get())))
            .map(release -> ReleaseJson.summary(held, release, of(release, booting)))
            .toList();
    return Replies.ok(new Members().list("releases", shown).json());
  }

  private static List<Booting> of(Release release, List<Booting> booting) {
    return booting.stream()
        .filter(one -> one.effective().release().digest().equals(release.digest()))
        .toList();
  }

  private Reply one(Call call) {
    Release release = held.known(call.id("digest"));
    return Replies.ok(ReleaseJson.whole(held, release, of(release, held.booting())));
  }

  private Reply records(Call call) throws IOException {
    Release release = held.known(call.id("digest"));
    return Replies.ok(ReleaseJson.records(release.digest(), ReleaseRecords.of(release)));
  }

  private Reply diff(Call call) throws IOException {
    Release from = held.known(call.id("digest"));
    Release to = held.known(call.id("other"));
    return Replies.ok(ReleaseJson.diff(ReleaseDiff.of(from, to)));
  }
}
