package dev.moonboot.admin;

import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import dev.moonboot.release.ChannelStatus;
import dev.moonboot.release.Following;
import java.util.List;

/** Channels: how they stand, and looking at one now. */
final class ChannelRoutes implements Resource {
  private static final String ALL = "/admin/v1/channels";
  private static final String ONE = ALL + "/{channel}";

  private final Following following;
  private final Jobs jobs;

  ChannelRoutes(Following following, Jobs jobs) {
    this.following = following;
    this.jobs = jobs;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, "listChannels", this::list),
        Endpoint.get(ONE, "getChannel", this::one),
        Endpoint.post(ONE + "/refresh", Role.OPERATE, "refreshChannel", this::refresh)
            .query("wait"));
  }

  private Reply list(Call call) {
    List<Json.Obj> channels = following.statuses().stream().map(ChannelJson::channel).toList();
    return Replies.ok(new Members().list("channels", channels).json());
  }

  private Reply one(Call call) {
    return Replies.ok(ChannelJson.channel(known(call)));
  }

  private ChannelStatus known(Call call) {
    String name = call.id("channel");
    return following.statuses().stream()
        .filter(status -> status.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new ProblemException(
                ProblemKind.NOT_FOUND,
                "no channel is called \"" + name + "\"; GET " + ALL + " lists them"));
  }

  private Reply refresh(Call call) {
    String name = known(call).name();
    call.fields().end();
    RunningJob job =
        jobs.start(
            "refresh",
            name,
            call.caller(),
            _ -> ChannelJson.outcome(name, following.refreshNow(name).orElseThrow()));
    return jobs.reply(job, call.patience());
  }
}
