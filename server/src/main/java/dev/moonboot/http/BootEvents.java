package dev.moonboot.http;

import dev.moonboot.assets.Arch;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.firmware.BootNotes;
import dev.moonboot.journal.Approval;
import dev.moonboot.journal.Asked;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Configured;
import dev.moonboot.journal.Told;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.Sightings;
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
  void answered(Request request, NodeLabels labels, BootAnswer answer, Told.Form form) {
    switch (answer) {
      case BootAnswer.Plan(var plan) -> {
        meters.boot(plan.profile(), "plan");
        logBoot(request, labels, plan);
        if (!request.isHead()) {
          List<String> entries = new ArrayList<>(List.of(plan.kernel()));
          entries.addAll(plan.initrd());
          seen(request, labels);
          boots.told(
              new Told(node(request, labels), BootNotes.answer(plan), form, entries, plan.args()));
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

  /** The first script, which is the same for all: iPXE runs there, and will say who it is. */
  void began(Request request, long bytes) {
    if (!request.isHead()) {
      boots.asked(new Asked(request.client(), "http", request.path(), bytes));
    }
  }

  /**
   * A node was given its configuration.
   *
   * @param mac empty where it did not say it
   */
  void configured(Request request, String mac, Configured.Kind kind, long bytes) {
    if (!request.isHead()) {
      boots.configured(new Configured(request.client(), mac, kind, bytes, ""));
    }
  }

  /** A node was not given its configuration. */
  void notConfigured(Request request, String mac, Configured.Kind kind, String why) {
    if (!request.isHead()) {
      boots.configured(new Configured(request.client(), mac, kind, 0, why));
    }
  }

  /** A node asks to be approved, and that is how it stands. */
  void approval(Request request, String mac, Approval.State state) {
    boots.approval(new Approval(request.client(), mac, state));
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
      seen(request, labels);
      boots.refused(node(request, labels), answer, result);
    }
  }

  private void seen(Request request, NodeLabels labels) {
    labels
        .mac()
        .flatMap(MacAddress::parse)
        .ifPresent(mac ->
            boots
                .sightings()
                .note(
                    new Sightings.Seen(
                        mac,
                        request.client(),
                        labels.value("uuid").toLowerCase(Locale.ROOT),
                        labels.value("serial"),
                        labels.value("product"),
                        Arch.parse(labels.value("arch")).map(Arch::id).orElse(""),
                        "ipxe")));
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
        plan.by().word(),
        "client",
        request.client());
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
