package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.NeededPrograms;
import dev.moonboot.diagnosis.Finding;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which programs of the system the builds of a configuration call, and are not on this machine. */
final class BuildPrograms {
  private static final System.Logger LOG = System.getLogger(BuildPrograms.class.getName());

  private BuildPrograms() {}

  private static List<Composition> builds(List<Channel> channels) {
    List<Composition> builds = new ArrayList<>();
    for (Channel channel : channels) {
      if (channel.image().source() instanceof SourceImage.Composed(var composition)) {
        builds.add(composition);
      }
    }
    return builds;
  }

  /** Says at start what will not be made: it is known before the first look. */
  static void tell(List<Channel> channels) {
    for (Composition build : builds(channels)) {
      for (String missing : NeededPrograms.missing(build.outputs())) {
        LOG.log(
            Level.WARNING, "build channel={0} program=missing why=\"{1}\"", build.name(), missing);
      }
    }
  }

  /** What a doctor says of them; nothing where nothing is composed. */
  static List<Finding> findings(List<Channel> channels) {
    List<Composition> builds = builds(channels);
    if (builds.isEmpty()) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    Set<String> missing =
        builds.stream()
            .flatMap(build -> NeededPrograms.missing(build.outputs()).stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (String one : missing) {
      findings.add(
          finding(Finding.Verdict.FAIL, one, "until then such builds keep their old release"));
    }
    NeededPrograms.missingForModules()
        .ifPresent(one ->
            findings.add(
                finding(Finding.Verdict.WARN, one, "nothing, as long as no extension has any")));
    if (findings.isEmpty()) {
      findings.add(finding(Finding.Verdict.OK, "all that builds call are here", ""));
    }
    return findings;
  }

  private static Finding finding(Finding.Verdict verdict, String found, String todo) {
    return new Finding(verdict, "programs", found, todo);
  }
}
