package dev.moonboot.profile;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads groups and profiles of a matchbox data directory together. Reading again costs a look at
 * the stamp of each file; a file that has become unusable keeps its last good version, so that no
 * node falls through to a broader group because of an editor's half-written file.
 *
 * <p>For use by one thread at a time.
 */
public final class CatalogReader {
  private static final System.Logger LOG = System.getLogger(CatalogReader.class.getName());

  private final Path root;
  private final DataFolder<Group> groups;
  private final DataFolder<Profile> profiles;
  private Set<String> referenced = Set.of();
  private Catalog last = Catalog.EMPTY;

  /**
   * @param root the data directory, which has {@code groups} and {@code profiles} in it
   */
  public CatalogReader(Path root) {
    this.root = root;
    this.groups = new DataFolder<>(groupFolder(root), "groups", DataFile::group);
    this.profiles = new DataFolder<>(profileFolder(root), "profiles", DataFile::profile);
  }

  static Path groupFolder(Path root) {
    return root.resolve("groups");
  }

  static Path profileFolder(Path root) {
    return root.resolve("profiles");
  }

  /** The catalog as the files are now: the same object as before when they mean the same. */
  public Catalog read() {
    boolean changed = groups.read(Set.of());
    if (changed) {
      referenced = referenced();
    }
    changed |= profiles.read(referenced);
    if (changed) {
      List<FileProblem> problems = new ArrayList<>(groups.problems());
      problems.addAll(profiles.problems());
      logProblems(problems);
      last = new Catalog(groups.values(), profiles.values(), problems);
      LOG.log(
          Level.INFO,
          "catalog root={0} groups={1} profiles={2} problems={3}",
          root,
          Integer.toString(last.groups().size()),
          Integer.toString(last.profiles().size()),
          Integer.toString(problems.size()));
    }
    return last;
  }

  /** Groups may name profiles in folders below, which a listing does not show. */
  private Set<String> referenced() {
    return groups.values().stream()
        .flatMap(group -> DataNames.clean(group.profile()).stream())
        .collect(Collectors.toSet());
  }

  private void logProblems(List<FileProblem> problems) {
    Set<FileProblem> known = new HashSet<>(last.problems());
    for (FileProblem problem : problems) {
      if (!known.contains(problem)) {
        LOG.log(
            Level.WARNING,
            "unusable file={0} in_force={1} reason=\"{2}\"",
            problem.file(),
            problem.lastGoodInForce() ? "last_good_version" : "nothing",
            problem.why());
      }
    }
    known.removeAll(problems);
    known.forEach(problem -> LOG.log(Level.INFO, "usable_again file={0}", problem.file()));
  }
}
