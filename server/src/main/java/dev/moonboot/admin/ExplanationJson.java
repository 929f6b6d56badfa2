package dev.moonboot.admin;

import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.Explanation;
import dev.moonboot.firmware.FirstSteps;
import dev.moonboot.json.Json;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.NearMiss;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** An explanation for programs. */
final class ExplanationJson {
  private ExplanationJson() {}

  static Json.Obj of(Explanation why, List<FirstSteps.Step> first) {
    return new Members()
        .texts("labels", why.labels().all())
        .texts("ignored", why.labels().ignored())
        .json("group", Optional.ofNullable(why.group()).map(ExplanationJson::group).orElse(null))
        .list("others", why.others().stream().map(ExplanationJson::group).toList())
        .list("near", why.near().stream().map(ExplanationJson::near).toList())
        .flag("known", why.known())
        .text("unknown", why.unknown())
        .text("profile", why.profile())
        .text("channel", why.channel())
        .json(
            "pin",
            Optional.ofNullable(why.pin())
                .map(pin -> PinJson.of(pin, release(why.answer())))
                .orElse(null))
        .json("answer", answer(why.answer()))
        .list("first", first.stream().map(ExplanationJson::step).toList())
        .texts("scripts", new TreeMap<>(why.scripts()))
        .json();
  }

  private static Json.Obj step(FirstSteps.Step step) {
    return new Members()
        .text("firmware", step.firmware())
        .text("tftp", step.tftp())
        .text("http", step.http())
        .texts("notes", step.notes())
        .json();
  }

  private static Optional<Release> release(BootAnswer answer) {
    return answer instanceof BootAnswer.Plan(var plan)
        ? Optional.ofNullable(plan.release())
        : Optional.empty();
  }

  private static Json.Obj group(Group group) {
    return new Members()
        .text("group", group.file())
        .text("profile", group.profile())
        .json("selector", group.selectorJson())
        .json();
  }

  private static Json.Obj near(NearMiss miss) {
    return new Members()
        .all(group(miss.group()))
        .list(
            "mismatches",
            miss.mismatches().stream()
                .map(label ->
                    new Members()
                        .text("label", label.label())
                        .text("wanted", label.wanted())
                        .text("sent", label.sent())
                        .json())
                .toList())
        .json();
  }

  private static Json.Obj answer(BootAnswer answer) {
    return switch (answer) {
      case BootAnswer.Plan(var plan) ->
          new Members()
              .text("outcome", "boots")
              .text("release", Optional.ofNullable(plan.release()).map(Release::digest))
              .text("version", Optional.ofNullable(plan.release()).map(Release::version))
              .text("by", plan.by().word())
              .json();
      case BootAnswer.NotReady(var profile, var channel) ->
          new Members()
              .text("outcome", "waits")
              .text("why", "what profile %s boots is not here yet".formatted(profile))
              .text("channel", channel)
              .json();
      case BootAnswer.NoMatch none ->
          new Members().text("outcome", "nothing").text("why", none.whole()).json();
    };
  }
}
