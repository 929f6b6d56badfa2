package dev.moonboot.assets.build;

import dev.moonboot.assets.extension.ExtensionLint;
import dev.moonboot.assets.extension.ExtensionReport;
import dev.moonboot.assets.extension.Finding;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** Whether the extensions of a recipe will do, with all that is wrong with them in one message. */
final class LintVerdict {
  private static final Logger LOG = System.getLogger(LintVerdict.class.getName());

  private LintVerdict() {}

  /**
   * Looks through the extensions of all pieces.
   *
   * @throws BuildException when one is refused
   */
  static void of(Making.Order order, Collection<Workpiece> pieces) {
    Set<String> refusals = new LinkedHashSet<>();
    for (Workpiece piece : pieces) {
      look(order, piece);
      for (ExtensionReport report : piece.reports()) {
        for (Finding finding : report.refusals(order.strict())) {
          refusals.add("extension %s (%s): %s".formatted(name(report), piece.arch().id(), finding));
        }
      }
    }
    if (!refusals.isEmpty()) {
      throw new BuildException(String.join("\n", refusals));
    }
    pieces.forEach(piece -> tell(order.name(), piece));
  }

  /** Looks through the extensions of a piece, and keeps with it what was found. */
  static void look(Making.Order order, Workpiece piece) {
    order.progress().step("lint", "extensions for " + piece.arch().id());
    piece.reported(
        ExtensionLint.reports(
            piece.extensions(),
            new ExtensionLint.Target(piece.arch(), piece.version(), piece.base().kernelRelease())));
  }

  private static String name(ExtensionReport report) {
    return report.label().isEmpty()
        ? report.reference()
        : report.reference() + " (" + report.label() + ")";
  }

  private static void tell(String build, Workpiece piece) {
    for (ExtensionReport report : piece.reports()) {
      for (Finding finding : report.findings()) {
        LOG.log(
            Level.WARNING,
            "build channel=%s arch=%s extension=%s rule=%s why=\"%s\""
                .formatted(
                    build, piece.arch().id(), report.reference(), finding.rule().id(), finding));
      }
    }
  }
}
