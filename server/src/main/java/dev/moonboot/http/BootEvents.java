package dev.moonboot.http;

import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.NodeLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells of every answer to a node: counted, in the log, and among the boots of late. */
final class BootEvents {
  private final Meters meters;
  private final BootLog boots;
  private final EventLog log;

  BootEvents(Meters meters, BootLog boots, EventLog log) {
    this.meters = meters;
    this.boots = boots;
    this.log = log;
  }

  /** The node with these labels got this answer. A HEAD request is no boot. */
  void answered(Request request, NodeLabels labels, BootAnswer answer) {
    switch (answer) {
      case BootAnswer.Plan(var plan) -> {
        meters.boot(plan.profile(), "plan");
        logBoot(request, labels, plan);
        if (!request.isHead()) {
          List<String> entries = new ArrayList<>(List.of(plan.kernel()));
          entries.addAll(plan.initrd());
          boots.script(node(request, labels), answer(plan), entries);
        }
      }
      case BootAnswer.NoMatch none -> {
        meters.boot("", "no_match");
        log.info(
            "no_match",
            "client",
            request.client(),
            "node",
            labels.macOrUnknown(),
            "target",
            request.target(),
            "why",
            none.whole());
        refused(request, labels, new Boot.Answer("", "", "", "", none.why()), Boot.Result.NO_MATCH);
      }
      case BootAnswer.NotReady(var profile, var channel) -> {
        meters.boot(profile, "not_ready");
        log.info(
            "not_ready",
            "client",
            request.client(),
            "node",
            labels.macOrUnknown(),
            "profile",
            profile,
            "channel",
            channel);
        refused(
            request,
            labels,
            new Boot.Answer("", profile, "", "", "channel " + channel + " has no release yet"),
            Boot.Result.NOT_READY);
      }
    }
  }

  /** A fault of ours kept the node from getting an answer. */
  void failed(Request request, NodeLabels labels) {
    meters.boot("", "error");
    refused(
        request,
        labels,
        new Boot.Answer("", "", "", "", "a fault in moonboot itself; see the log"),
        Boot.Result.ERROR);
  }

  private void refused(Request request, NodeLabels labels, Boot.Answer answer, Boot.Result result) {
    if (!request.isHead()) {
      boots.refused(node(request, labels), answer, result);
    }
  }

  private void logBoot(Request request, NodeLabels labels, BootPlan plan) {
    log.info(
        "boot",
        "node",
        labels.macOrUnknown(),
        "arch",
        labels.value("arch"),
        "group",
        plan.group(),
        "profile",
        plan.profile(),
        "release",
        plan.release() == null ? "none" : plan.release().digest().toString(),
        "by",
        by(plan),
        "client",
        request.client());
  }

  private static Boot.Answer answer(BootPlan plan) {
    Release release = plan.release();
    return new Boot.Answer(
        plan.group(),
        plan.profile(),
        release == null ? "" : release.digest().toString(),
        by(plan),
        "");
  }

  private static String by(BootPlan plan) {
    return plan.by().name().toLowerCase(Locale.ROOT);
  }

  private static Boot.Node node(Request request, NodeLabels labels) {
    return new Boot.Node(
        labels.mac().orElse("").toLowerCase(Locale.ROOT),
        labels.value("uuid"),
        labels.value("serial"),
        labels.value("arch"),
        request.client());
  }
}
