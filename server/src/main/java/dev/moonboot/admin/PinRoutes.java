package dev.moonboot.admin;

import dev.moonboot.admin.Problem.FieldError;
import dev.moonboot.assets.Release;
import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import dev.moonboot.release.Pin;
import dev.moonboot.release.PinOrder;
import dev.moonboot.release.PinOutcome;
import dev.moonboot.release.PinTarget;
import dev.moonboot.release.Pinning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Pins: what profiles boot until told otherwise. */
final class PinRoutes implements Resource {
  private static final String ALL = "/admin/v1/pins";
  private static final String ONE = ALL + "/{profile}";
  private static final String PROFILE = "/admin/v1/profiles/{profile}";

  /** What is held is pinned within milliseconds: so long that needs no second request. */
  private static final Duration AT_ONCE = Duration.ofSeconds(20);

  private static final int LONGEST_TARGET = 200;

  private final HeldReleases held;
  private final Pinning pinning;
  private final Jobs jobs;

  PinRoutes(HeldReleases held, Pinning pinning, Jobs jobs) {
    this.held = held;
    this.pinning = pinning;
    this.jobs = jobs;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, "listPins", this::list),
        Endpoint.get(ONE, "getPin", this::one),
        Endpoint.put(ONE, Role.OPERATE, "setPin", this::set).query("wait"),
        Endpoint.delete(ONE, Role.OPERATE, "deletePin", this::delete),
        Endpoint.post(PROFILE + "/rollback", Role.OPERATE, "rollBackProfile", this::rollback),
        Endpoint.post(PROFILE + "/promote", Role.OPERATE, "promoteToProfile", this::promote));
  }

  private Reply list(Call call) {
    List<Json.Obj> pins =
        pinning.decisions().sortedPins().values().stream().map(this::json).toList();
    return Replies.ok(new Members().list("pins", pins).json());
  }

  private Json.Obj json(Pin pin) {
    return new Members()
        .all(PinJson.of(pin, held.releases().release(pin.release())))
        .text("revoked", held.revoked(pin.release()))
        .json();
  }

  private Reply one(Call call) {
    String profile = call.id("profile");
    Pin pin =
        pinning
            .decisions()
            .pin(profile)
            .orElseThrow(() ->
                new ProblemException(
                    ProblemKind.NOT_FOUND,
                    "the profile "
                        + profile
                        + " is not pinned; GET "
                        + ALL
                        + " lists those that"
                        + " are"));
    return Replies.ok(json(pin), ETag.revision(pin.revision()));
  }

  private Reply set(Call call) {
    String profile = call.id("profile");
    Fields fields = call.fields();
    String wanted = fields.text("release", LONGEST_TARGET);
    PinOrder order = order(call, fields);
    PinTarget target = target(wanted, fields);
    fields.end();
    Duration patience = isHeld(target) ? AT_ONCE : call.patience();
    RunningJob job =
        jobs.start(
            "pin",
            profile,
            call.caller(),
            progress -> result(pinning.pin(profile, target, order, progress)));
    return versioned(jobs.reply(job, patience), job.job().result());
  }

  /** A version that is no version is told with {@code fields}, as {@link Fields#end} does. */
  private PinTarget target(String wanted, Fields fields) {
    Optional<Release> named = held.find(wanted);
    if (named.isPresent()) {
      return new PinTarget.ByDigest(named.get().digest());
    }
    try {
      return PinTarget.parse(wanted);
    } catch (IllegalArgumentException e) {
      if (!wanted.isEmpty()) {
        fields.<String>wrong("release", String.valueOf(e.getMessage()));
      }
      return new PinTarget.Previous();
    }
  }

  private boolean isHeld(PinTarget target) {
    return switch (target) {
      case PinTarget.Previous() -> true;
      case PinTarget.ByDigest(var digest) -> held.releases().release(digest).isPresent();
      case PinTarget.ByVersion(var version) ->
          held.releases().held().stream().anyMatch(r -> r.version().equals(version));
    };
  }

  private PinOrder order(Call call, Fields fields) {
    String reason = fields.optionalText("reason", PinOrder.LONGEST_REASON).orElse("");
    Instant expires = fields.optionalInstant("expires").orElse(null);
    return new PinOrder(reason, expires, call.actor(), revision(call));
  }

  /** Which revision the caller means to change; null for any. */
  private @Nullable Long revision(Call call) {
    Precondition precondition = call.precondition();
    Optional<Pin> now = pinning.decisions().pin(call.id("profile"));
    if (precondition.any() && now.isEmpty()) {
      throw Precondition.failed(ETag.revision(0));
    }
    OptionalLong revision = precondition.revision();
    return revision.isPresent() ? revision.getAsLong() : null;
  }

  private Reply delete(Call call) {
    String profile = call.id("profile");
    Fields fields = call.fields();
    String reason = fields.optionalText("reason", PinOrder.LONGEST_REASON).orElse("");
    fields.end();
    PinOrder order = new PinOrder(reason, null, call.actor(), revision(call));
    return Replies.ok(result(pinning.unpin(profile, order)));
  }

  private Reply rollback(Call call) {
    String profile = call.id("profile");
    Fields fields = call.fields();
    PinOrder order = order(call, fields);
    fields.end();
    Json.Obj result = result(pinning.rollback(profile, order));
    return versioned(Replies.ok(result), result);
  }

  private Reply promote(Call call) {
    String profile = call.id("profile");
    Fields fields = call.fields();
    String from = fields.text("from", LONGEST_TARGET);
    PinOrder order = order(call, fields);
    fields.end();
    Json.Obj result = result(pinning.promote(profile, from, order));
    return versioned(Replies.ok(result), result);
  }

  /** Of what it tells: the profile may be pinned to something else by now. */
  private static Reply versioned(Reply reply, Json.@Nullable Obj told) {
    return reply.status() != 200 || told == null
        ? reply
        : told.integer("revision")
            .map(revision -> reply.with("ETag", ETag.revision(revision).header()))
            .orElse(reply);
  }

  private Json.Obj result(PinOutcome outcome) {
    return switch (outcome) {
      case PinOutcome.Pinned(var pin, var release, var fetched) ->
          new Members().all(PinJson.of(pin, Optional.of(release))).flag("fetched", fetched).json();
      case PinOutcome.Unpinned(var was) ->
          new Members().text("profile", was.profile()).json("was", json(was)).json();
      case PinOutcome.Refused(var grounds, var why) -> throw refused(grounds, why);
    };
  }

  private static ProblemException refused(PinOutcome.Grounds grounds, String why) {
    return switch (grounds) {
      case INVALID -> new ProblemException(ProblemKind.INVALID, why);
      case NO_SUCH_RELEASE, MISSING_ARCH, CONTENT ->
          Problem.of(ProblemKind.INVALID, why, List.of(new FieldError("/release", why)))
              .asException();
      case NO_SUCH_PROFILE, NOT_PINNED -> new ProblemException(ProblemKind.NOT_FOUND, why);
      case NOT_PINNABLE, NO_PREVIOUS, AMBIGUOUS -> new ProblemException(ProblemKind.CONFLICT, why);
      case POLICY -> new ProblemException(ProblemKind.NOT_ADMITTED, why);
      case NOT_AVAILABLE -> new ProblemException(ProblemKind.NOT_AVAILABLE, why);
      case STALE -> new ProblemException(ProblemKind.CHANGED, why);
      case NOT_RECORDED ->
          Problem.of(ProblemKind.NOT_AUDITED, why).with("Retry-After", "10").asException();
    };
  }
}
