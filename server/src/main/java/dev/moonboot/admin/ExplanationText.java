package dev.moonboot.admin;

import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.boot.Explanation;
import dev.moonboot.firmware.FirstSteps;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.NearMiss;
import dev.moonboot.release.Pin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An explanation for people, one line each step, the scripts at the end as a node gets them. */
final class ExplanationText {
  private static final int MOST_OTHERS = 5;

  private final StringBuilder text = new StringBuilder();

  private ExplanationText() {}

  static String of(Explanation why, List<FirstSteps.Step> first) {
    ExplanationText out = new ExplanationText();
    out.labels(why);
    out.groups(why);
    out.profile(why);
    out.answer(why.answer());
    first.forEach(out::step);
    new TreeMap<>(why.scripts())
        .forEach(
            (path, script) -> out.text.append("\n-- ").append(path).append('\n').append(script));
    return out.text.toString();
  }

  private void line(String what, String value) {
    text.append("%-9s %s\n".formatted(what, value));
  }

  private void labels(Explanation why) {
    line("labels", pairs(why.labels().all()));
    why.labels().ignored().forEach(ignored -> line("", "left out: " + ignored));
    if (!why.known()) {
      line("", "no group selects the node by mac, uuid or serial: it is unknown");
    }
    if (!why.unknown().isEmpty()) {
      line("", why.unknown());
    }
  }

  private static String pairs(Map<String, String> labels) {
    return labels.isEmpty()
        ? "(none)"
        : labels.entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(" "));
  }

  private void groups(Explanation why) {
    Group group = why.group();
    line("group", group == null ? "(none matches)" : group(group));
    why.others().stream()
        .limit(MOST_OTHERS)
        .forEach(other -> line("", "matches too, with a lower rank: " + group(other)));
    why.near().forEach(miss -> line("", "does not match: " + near(miss)));
  }

  private static String group(Group group) {
    return group.file()
        + (group.selectorTexts().isEmpty()
            ? " (selects every node)"
            : " (selects " + pairs(group.selectorTexts()) + ")");
  }

  private static String near(NearMiss miss) {
    return miss.group().file()
        + miss.mismatches().stream()
            .map(label ->
                "%s is %s, it wants %s"
                    .formatted(label.label(), quoted(label.sent()), quoted(label.wanted())))
            .collect(Collectors.joining("; ", " (", ")"));
  }

  private static String quoted(String value) {
    return value.isEmpty() ? "absent" : value;
  }

  private void profile(Explanation why) {
    line("profile", why.profile() == null ? "(none)" : why.profile());
    if (why.channel() != null) {
      line("channel", why.channel());
    }
    Pin pin = why.pin();
    if (pin != null) {
      line("pin", pin.release() + " since " + pin.since() + " by " + pin.by().id());
      if (pin.expires() != null) {
        line("", "until " + pin.expires());
      }
      if (!pin.reason().isEmpty()) {
        line("", "reason: " + pin.reason());
      }
    }
  }

  private void answer(BootAnswer answer) {
    line(
        "answer",
        switch (answer) {
          case BootAnswer.Plan(var plan) -> boots(plan);
          case BootAnswer.NotReady(var _, var channel) ->
              "the node waits and asks again: what it boots is not here yet (channel "
                  + channel
                  + ")";
          case BootAnswer.NoMatch none -> "404: " + none.whole();
        });
  }

  private void step(FirstSteps.Step step) {
    line(
        "firmware",
        step.firmware()
            + " loads "
            + step.tftp()
            + " by TFTP"
            + (step.http().isEmpty() ? "" : ", " + step.http() + " by HTTP"));
    step.notes().forEach(note -> line("", note));
  }

  private static String boots(BootPlan plan) {
    Release release = plan.release();
    return release == null
        ? "boots what the profile names; no release of ours"
        : "boots %s %s, by %s".formatted(release.version(), release.digest(), plan.by().word());
  }
}
