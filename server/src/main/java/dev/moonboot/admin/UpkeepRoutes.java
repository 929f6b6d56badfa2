package dev.moonboot.admin;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Scrub;
import dev.moonboot.assets.Sweep;
import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import java.util.List;
import java.util.Locale;

/** What keeps the cache in order: deleting what nothing needs, and reading what is there. */
final class UpkeepRoutes implements Resource {
  private final Upkeep upkeep;
  private final Jobs jobs;

  UpkeepRoutes(Upkeep upkeep, Jobs jobs) {
    this.upkeep = upkeep;
    this.jobs = jobs;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post("/admin/v1/gc", Role.OPERATE, "collectGarbage", this::sweep)
            .query("dryRun", "wait"),
        Endpoint.post("/admin/v1/scrub", Role.OPERATE, "scrub", this::scrub).query("wait"));
  }

  private Reply sweep(Call call) {
    boolean dryRun = call.flag("dryRun");
    call.fields().end();
    if (dryRun) {
      return Replies.ok(json(upkeep.sweep(true)));
    }
    RunningJob job = jobs.start("gc", "", call.caller(), _ -> json(upkeep.sweep(false)));
    return jobs.reply(job, call.patience());
  }

  private Reply scrub(Call call) {
    call.fields().end();
    RunningJob job =
        jobs.start("scrub", "", call.caller(), progress -> json(upkeep.scrub(progress)));
    return jobs.reply(job, call.patience());
  }

  private static Json.Obj json(Sweep sweep) {
    return new Members()
        .flag("dryRun", sweep.dryRun())
        .number("bytes", sweep.bytes())
        .list("deleted", sweep.deleted().stream().map(UpkeepRoutes::json).toList())
        .list("kept", sweep.kept().stream().map(UpkeepRoutes::json).toList())
        .json(
            "strays",
            new Members()
                .number("files", sweep.strays().files())
                .number("bytes", sweep.strays().bytes())
                .json())
        .text("postponed", sweep.postponed())
        .json();
  }

  private static Json.Obj json(Sweep.Deleted deleted) {
    return new Members().text("release", deleted.release()).number("bytes", deleted.bytes()).json();
  }

  private static Json.Obj json(Sweep.Kept kept) {
    List<String> reasons =
        kept.reasons().stream().sorted().map(why -> why.name().toLowerCase(Locale.ROOT)).toList();
    return new Members().text("release", kept.release()).texts("reasons", reasons).json();
  }

  private static Json.Obj json(Scrub scrub) {
    return new Members()
        .number("files", scrub.files())
        .number("bytes", scrub.bytes())
        .texts("damaged", scrub.damaged().stream().map(Digest::toString).toList())
        .texts("releases", scrub.releases().stream().map(Digest::toString).toList())
        .number("tookSeconds", scrub.took().toSeconds())
        .json();
  }
}
