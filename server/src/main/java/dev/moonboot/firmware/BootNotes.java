package dev.moonboot.firmware;

import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Told;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.release.ReleasePaths;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;

/** Tells of every node that was told what to boot without a script: counted, logged, remembered. */
public final class BootNotes {
  private static final System.Logger LOG = System.getLogger(BootNotes.class.getName());

  private final Meters meters;
  private final BootLog boots;
  private final ReleasePaths paths;

  public BootNotes(Meters meters, BootLog boots, ReleasePaths paths) {
    this.meters = meters;
    this.boots = boots;
    this.paths = paths;
  }

  /**
   * The node was told this.
   *
   * @param files what it will load, as {@link Told} has it
   */
  public void told(
      NodeLabels labels, Asker who, BootPlan plan, Told.Form form, List<String> files) {
    Boot.Answer answer = answer(plan);
    meters.boot(plan.profile(), "plan");
    paths.told(who.client(), plan.named());
    boots.told(
        new Told(
            new Boot.Node(
                labels.mac().orElse(""),
                labels.value("uuid"),
                labels.value("serial"),
                labels.value("arch"),
                who.client()),
            answer,
            form,
            files,
            plan.args()));
    LOG.log(
        Level.INFO,
        "boot node={0} form={1} group={2} profile={3} release={4} by={5} client={6}",
        labels.macOrUnknown(),
        form.name().toLowerCase(Locale.ROOT),
        plan.group(),
        plan.profile(),
        answer.release().isEmpty() ? "none" : answer.release(),
        answer.by(),
        who.client());
  }

  /** What a node is told by a plan, for the boots of late. */
  public static Boot.Answer answer(BootPlan plan) {
    Release release = plan.release();
    return new Boot.Answer(
        plan.group(),
        plan.profile(),
        release == null ? "" : release.digest().toString(),
        plan.by().word(),
        "");
  }
}
