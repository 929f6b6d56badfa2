package dev.moonboot.admin;

import dev.moonboot.assets.Digest;
import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import dev.moonboot.release.ChannelStatus;
import dev.moonboot.release.FollowOutcome;
import dev.moonboot.release.Following;
import java.util.List;
import java.util.Optional;

/** Channels: how they stand, looking at one now, and whether one is followed. */
final class ChannelRoutes implements Resource {
  private static final String ALL = "/admin/v1/channels";
  private static final String ONE = ALL + "/{channel}";
  private static final int LONGEST_REASON = 512;

  private final Following following;
  private final Upkeep upkeep;
  private final Jobs jobs;
  private final Access access;

  ChannelRoutes(AdminApi.Subjects subjects, Jobs jobs, Access access) {
    this.following = subjects.following();
    this.upkeep = subjects.upkeep();
    this.jobs = jobs;
    this.access = access;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, "listChannels", this::list),
        Endpoint.get(ONE, "getChannel", this::one),
        Endpoint.post(ONE + "/refresh", Role.OPERATE, "refreshChannel", this::refresh)
            .query("wait"),
        Endpoint.post(ONE + "/hold", Role.OPERATE, "holdChannel", this::hold),
        Endpoint.post(ONE + "/follow", Role.OPERATE, "followChannel", this::follow));
  }

  private Reply list(Call call) {
    List<Json.Obj> channels = following.statuses().stream().map(this::told).toList();
    return Replies.ok(new Members().list("channels", channels).json());
  }

  private Json.Obj told(ChannelStatus status) {
    return ChannelJson.channel(status, upkeep.push(status.name()).orElse(null));
  }

  private Reply one(Call call) {
    ChannelStatus status = known(call);
    return Replies.ok(
        new Members()
            .all(told(status))
            .list("history", upkeep.history(status.name()).stream().map(ChannelJson::head).toList())
            .json());
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
            progress -> {
              progress.step("look", "waiting for the look to end");
              return ChannelJson.outcome(name, following.refreshNow(name).orElseThrow());
            });
    return jobs.reply(job, call.patience());
  }

  private Reply hold(Call call) {
    String name = known(call).name();
    Fields fields = call.fields();
    String reason = fields.optionalText("reason", LONGEST_REASON).orElse("");
    fields.end();
    return reply(following.hold(name, reason, call.actor()));
  }

  /** To let a channel go back to what was replaced is more than to follow it. */
  private Reply follow(Call call) {
    String name = known(call).name();
    Fields fields = call.fields();
    fields.optionalText("reason", LONGEST_REASON); // it is in the audit log
    Optional<Digest> accept = fields.optionalDigest("accept");
    fields.end();
    if (accept.isPresent()) {
      access.require(call, Role.ADMIN);
    }
    return reply(following.follow(name, call.actor(), accept.orElse(null)));
  }

  private Reply reply(FollowOutcome outcome) {
    return switch (outcome) {
      case FollowOutcome.Done(var status) -> Replies.ok(told(status));
      case FollowOutcome.Refused(var grounds, var why) ->
          throw new ProblemException(
              switch (grounds) {
                case INVALID -> ProblemKind.INVALID;
                case NO_SUCH_CHANNEL -> ProblemKind.NOT_FOUND;
                case NOT_RECORDED -> ProblemKind.NOT_AUDITED;
              },
              why);
    };
  }
}
