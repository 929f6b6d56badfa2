package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.extension.ExtensionLint;
import dev.moonboot.assets.extension.ExtensionReport;
import dev.moonboot.assets.extension.Finding;
import dev.moonboot.assets.extension.UsrMerge;
import dev.moonboot.assets.tree.FileTree;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
        refusals.addAll(refusals(piece.arch(), report, order.strict()));
      }
    }
    if (!refusals.isEmpty()) {
      throw new BuildException(text(refusals));
    }
    pieces.forEach(piece -> tell(order.name(), piece));
  }

  /** Why an extension is refused, a line each. */
  static List<String> refusals(Arch arch, ExtensionReport report, boolean strict) {
    return report.refusals(strict).stream()
        .map(finding -> "extension %s (%s): %s".formatted(name(report), arch.id(), finding))
        .toList();
  }

  /** All of them in one message. */
  static String text(Collection<String> refusals) {
    return String.join("\n", refusals);
  }

  /** Looks through the extensions of a piece, and keeps with it what was found. */
  static void look(Making.Order order, Workpiece piece) {
    order.progress().step("lint", "extensions for " + piece.arch().id());
    piece.reported(
        notes(piece),
        ExtensionLint.reports(
            piece.extensions(),
            new ExtensionLint.Target(
                piece.arch(), piece.version(), piece.base().kernelRelease(), piece.root().tree())));
  }

  /** What is to be said of a base refuses nothing: what is told of it may be told wrongly. */
  private static List<String> notes(Workpiece piece) {
    String base = "base " + piece.recipe().base().name() + ": ";
    FileTree tree = piece.root().tree();
    if (tree == null) {
      return List.of(
          base
              + "what extensions hide of its files was not looked at, since its root file system"
              + " cannot be read: "
              + piece.root().problem());
    }
    String kernel = piece.base().kernelRelease();
    Set<String> modules =
        tree.below(UsrMerge.modules(piece.version()))
            .map(below -> below.root().entries().keySet())
            .orElse(Set.of());
    if (kernel.isEmpty() || modules.isEmpty() || modules.contains(kernel)) {
      return List.of();
    }
    return List.of(
        base
            + "its kernel is %s and its modules are for %s, which that does not load; see whether"
                .formatted(kernel, String.join(", ", modules))
            + " its kernel and its initramfs are of one build");
  }

  private static String name(ExtensionReport report) {
    return report.label().isEmpty()
        ? report.reference()
        : report.reference() + " (" + report.label() + ")";
  }

  private static void tell(String build, Workpiece piece) {
    piece
        .notes()
        .forEach(note ->
            LOG.log(
                Level.WARNING,
                "build channel=%s arch=%s why=\"%s\"".formatted(build, piece.arch().id(), note)));
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
