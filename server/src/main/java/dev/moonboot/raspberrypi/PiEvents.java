package dev.moonboot.raspberrypi;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.firmware.Asker;
import dev.moonboot.firmware.BootNotes;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Told;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells of every answer to a Raspberry Pi, once: in the log, and among the boots of late. */
final class PiEvents {
  private static final System.Logger LOG = System.getLogger(PiTree.class.getName());

  private final BootLog boots;
  private final PiPlans plans;
  private final Set<Digest> warned = ConcurrentHashMap.newKeySet();

  PiEvents(BootLog boots, PiPlans plans) {
    this.boots = boots;
    this.plans = plans;
  }

  /**
   * @param folder that it asks below, with a slash at its end; empty for none
   */
  void answered(PiNode node, Asker who, String folder, PiAnswer answer) {
    Boot.Node seen =
        new Boot.Node(node.mac(), node.uuid(), node.serial(), Arch.ARM64.id(), who.client());
    switch (answer) {
      case PiAnswer.Boots(var plan) -> {
        begun(plan, who);
        boots.told(
            new Told(
                seen,
                BootNotes.answer(plan.boot()),
                Told.Form.CONFIG_TXT,
                plan.loads().stream().map(folder::concat).toList(),
                plan.boot().args()));
      }
      case PiAnswer.Refused(var profile, var why) ->
          refused(seen, node, new Boot.Answer("", profile, "", "", why), Boot.Result.NO_MATCH);
      case PiAnswer.NotReady(var profile, var channel) ->
          refused(
              seen,
              node,
              new Boot.Answer("", profile, "", "", "channel " + channel + " has no release yet"),
              Boot.Result.NOT_READY);
    }
  }

  private void begun(PiPlan plan, Asker who) {
    Release release = plan.boot().release();
    LOG.log(
        INFO,
        "boot node={0} serial={1} product=\"{2}\" group={3} profile={4} way={5} release={6} by={7}"
            + " client={8}",
        text(plan.node().mac()),
        text(plan.node().serial()),
        plan.node().product(),
        text(plan.boot().group()),
        plan.boot().profile(),
        plan.how().way().text(),
        release == null ? "none" : release.digest().toString(),
        plan.boot().by().word(),
        who.client());
    if (release != null && !plan.files().isEmpty() && warned.add(release.digest())) {
      PiSizes.warnings(release)
          .forEach(warning ->
              LOG.log(WARNING, "raspberry_pi release={0} {1}", release.digest(), warning));
    }
  }

  private void refused(Boot.Node seen, PiNode node, Boot.Answer answer, Boot.Result result) {
    if (!plans.isNews(seen.client(), node, answer.why())) {
      return;
    }
    LOG.log(
        INFO,
        "{0} node={1} serial={2} client={3} as=raspberry-pi why=\"{4}\"",
        result.name().toLowerCase(Locale.ROOT),
        text(node.mac()),
        text(node.serial()),
        seen.client(),
        answer.why());
    boots.refused(seen, answer, result);
  }

  private static String text(String value) {
    return value.isEmpty() ? "unknown" : value;
  }
}
