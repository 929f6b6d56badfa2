package dev.moonboot.assets.extension;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.tree.FileTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with extensions. Errors are what keeps a node from booting or the extension
 * from working; warnings are what is unusual, with the reason why it may matter.
 */
public final class ExtensionLint {
  private ExtensionLint() {}

  /**
   * What extensions are put into.
   *
   * @param kernelRelease of the base's kernel; empty when it does not say
   * @param base the base's root file system; null where it is not at hand: then nothing says what
   *     of it extensions hide
   */
  public record Target(
      Arch arch, TalosVersion talos, String kernelRelease, @Nullable FileTree base) {}

  /** What is wrong with one extension, whatever others there are; errors first. */
  public static List<Finding> check(ExtensionImage image, Target target) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(VersionRules.check(image, target));
    findings.addAll(TreeRules.check(image, target));
    findings.addAll(BaseRules.check(image, target));
    findings.addAll(ProgramRules.check(image, target));
    return sorted(findings);
  }

  /**
   * What is wrong with a list of extensions, for each of them, as all are laid over each other.
   *
   * @param ordered later ones on top
   */
  public static List<List<Finding>> across(List<ExtensionImage> ordered, Target target) {
    return OrderRules.check(ordered, target);
  }

  /** Both, for each extension of a list. */
  public static List<ExtensionReport> reports(List<ExtensionImage> ordered, Target target) {
    List<List<Finding>> across = across(ordered, target);
    List<ExtensionReport> reports = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      List<Finding> findings = new ArrayList<>(check(ordered.get(i), target));
      findings.addAll(across.get(i));
      reports.add(ExtensionReport.of(ordered.get(i), sorted(findings)));
    }
    return reports;
  }

  /** Errors first, else in the order of the rules. */
  private static List<Finding> sorted(List<Finding> findings) {
    return findings.stream()
        .sorted(
            Comparator.comparing(Finding::severity)
                .thenComparing(Finding::rule)
                .thenComparing(Finding::places))
        .toList();
  }
}
