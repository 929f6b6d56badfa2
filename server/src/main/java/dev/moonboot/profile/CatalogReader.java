package dev.moonboot.profile;

import dev.moonboot.profile.Catalog.Change;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads groups and profiles of a matchbox data directory, and the config files that profiles name,
 * together. Reading all again costs a look at the stamp of each file, reading some again a look at
 * those; a file that has become unusable keeps its last good version, so that no node falls through
 * to a broader group because of an editor's half-written file.
 *
 * <p>For use by one thread at a time.
 */
public final class CatalogReader {
  /** How many groups and profiles there may be together, however much memory there is. */
  public static final int MAX_FILES = 200_000;

  /** What each is given of the heap: it takes some 850 bytes, and others need room, too. */
  private static final long HEAP_PER_FILE = 1_200;

  private static final System.Logger LOG = System.getLogger(CatalogReader.class.getName());
  private static final String GROUPS = "groups";
  private static final String PROFILES = "profiles";
  private static final String MORE = " with this heap; with a larger one (-Xmx) up to " + MAX_FILES;

  private final Path root;
  private final int most;
  private final DataFolder<Group> groups;
  private final DataFolder<Profile> profiles;
  private final ConfigFiles configs;

  /** How many groups name each profile that no listing of the folder shows. */
  private final Map<String, Integer> nested = new HashMap<>();

  private Catalog last = Catalog.EMPTY;

  /**
   * @param root the data directory, which has {@code groups} and {@code profiles} in it
   */
  public CatalogReader(Path root) {
    this(root, mostFiles());
  }

  /**
   * How many groups and profiles there may be together here: {@link #MAX_FILES}, or fewer where the
   * heap has no room for so many of usual size.
   */
  static int mostFiles() {
    return (int) Math.min(MAX_FILES, Runtime.getRuntime().maxMemory() / HEAP_PER_FILE);
  }

  CatalogReader(Path root, int most) {
    this.root = root;
    this.most = most;
    SharedValues shared = new SharedValues();
    this.groups =
        new DataFolder<>(
            root.resolve(GROUPS), GROUPS, (file, text) -> shared.of(DataFile.group(file, text)));
    this.profiles = new DataFolder<>(root.resolve(PROFILES), PROFILES, DataFile::profile);
    this.configs = new ConfigFiles(root);
  }

  /** The catalog as the files are now: the same object as before when they mean the same. */
  public Catalog read() {
    String limit =
        "at most %d groups and profiles are read together%s"
            .formatted(most, most == mostFiles() && most < MAX_FILES ? MORE : "");
    var groupChanges = groups.read(Set.of(), most - profiles.size(), limit);
    countNested(groupChanges);
    var profileChanges = profiles.read(nested.keySet(), most - groups.size(), limit);
    Set<ConfigKey> touched = configs.named(profileChanges);
    var configChanges = configs.look(touched);
    configChanges.addAll(configs.read());
    return changed(groupChanges, profileChanges, configChanges);
  }

  /**
   * The catalog where only these files may have changed.
   *
   * @param files below the data directory; those that have no part in the catalog do no harm
   */
  Catalog read(Collection<Path> files) {
    if (!groups.isReadable() || !profiles.isReadable()) {
      return read();
    }
    Set<String> paths = new HashSet<>();
    files.forEach(file -> paths.add(root.relativize(file).toString()));
    Set<String> groupNames = new HashSet<>();
    paths.forEach(
        path -> jsonIn(GROUPS, path).filter(CatalogReader::isPlain).ifPresent(groupNames::add));
    if (isTooMuch(groupNames, groups)) {
      return read();
    }
    var groupChanges = groups.look(groupNames);
    Set<String> profileNames = countNested(groupChanges);
    paths.forEach(path -> jsonIn(PROFILES, path).ifPresent(profileNames::add));
    Set<String> unwanted = new HashSet<>(profileNames);
    unwanted.removeIf(name -> isPlain(name) || nested.containsKey(name));
    profileNames.removeAll(unwanted);
    if (isTooMuch(profileNames, profiles)) {
      return read();
    }
    var profileChanges = profiles.look(profileNames);
    profileChanges.addAll(profiles.forget(unwanted));
    Set<ConfigKey> touched = configs.named(profileChanges);
    paths.forEach(path -> addConfigs(path, touched));
    return changed(groupChanges, profileChanges, configs.look(touched));
  }

  private static boolean isPlain(String name) {
    return name.indexOf('/') < 0;
  }

  /** A file that is new, and one more than there may be: a look at all tells of it. */
  private boolean isTooMuch(Set<String> names, DataFolder<?> folder) {
    return groups.size() + profiles.size() + names.size() > most
        && names.stream().anyMatch(name -> !folder.has(name));
  }

  /** The name of a data file, as the path from {@code folder}. */
  private static Optional<String> jsonIn(String folder, String path) {
    return path.endsWith(DataFolder.EXTENSION)
        ? Optional.of(
            DataNames.from(
                folder, path.substring(0, path.length() - DataFolder.EXTENSION.length())))
        : Optional.empty();
  }

  private void addConfigs(String path, Set<ConfigKey> keys) {
    for (ConfigKind kind : ConfigKind.values()) {
      ConfigKey key = new ConfigKey(kind, DataNames.from(kind.folder(), path));
      if (configs.isNamed(key)) {
        keys.add(key);
      }
    }
  }

  /** Groups may name profiles in folders below, which a listing does not show: gives those. */
  private Set<String> countNested(List<Change<Group>> changes) {
    Set<String> touched = new HashSet<>();
    for (Change<Group> change : changes) {
      nested(change.before())
          .ifPresent(name -> {
            touched.add(name);
            nested.computeIfPresent(name, (_, groups) -> groups == 1 ? null : groups - 1);
          });
      nested(change.after())
          .ifPresent(name -> {
            touched.add(name);
            nested.merge(name, 1, Integer::sum);
          });
    }
    return touched;
  }

  private Optional<String> nested(@Nullable Group group) {
    return group == null || isPlain(group.profile())
        ? Optional.empty()
        : DataNames.profile(group.profile()).filter(name -> !isPlain(name));
  }

  private Catalog changed(
      List<Change<Group>> groupChanges,
      List<Change<Profile>> profileChanges,
      List<Change<ConfigFile>> configChanges) {
    List<FileProblem> problems = new ArrayList<>();
    groups.problems(problems);
    profiles.problems(problems);
    configs.problems(problems);
    problems.sort(Comparator.comparing(FileProblem::file).thenComparing(FileProblem::why));
    boolean same =
        groupChanges.isEmpty()
            && profileChanges.isEmpty()
            && configChanges.isEmpty()
            && problems.equals(last.problems());
    if (!same) {
      logProblems(problems);
      profileChanges.forEach(change -> warnOfLostArgs(change.after()));
      last = last.with(groupChanges, profileChanges, configChanges, problems);
      LOG.log(
          Level.INFO,
          "catalog root={0} groups={1} profiles={2} problems={3}",
          root,
          Integer.toString(last.groupCount()),
          Integer.toString(last.profileCount()),
          Integer.toString(problems.size()));
    }
    return last;
  }

  /** What its own command line has is not known here: asking {@code explain} tells exactly. */
  private static void warnOfLostArgs(@Nullable Profile profile) {
    if (profile != null
        && profile.extensions().first() == FirstFile.UKI
        && profile
            .boot()
            .map(boot -> boot.args().stream().anyMatch(arg -> !arg.equals("{cmdline}")))
            .orElse(false)) {
      LOG.log(
          Level.WARNING,
          "uki profile={0} why=\"firmware gives a unified kernel image no arguments: those of the"
              + " profile count only where iPXE, GRUB or U-Boot boots it\"",
          profile.file());
    }
  }

  /** The folders that the files lie in. */
  Set<Path> folders() {
    Set<Path> folders = new HashSet<>(configs.folders());
    folders.add(root); // in which folders are exchanged for others
    folders.add(root.resolve(GROUPS));
    folders.add(root.resolve(PROFILES));
    for (ConfigKind kind : ConfigKind.values()) {
      folders.add(root.resolve(kind.folder()));
    }
    for (String name : nested.keySet()) {
      folders.add(Objects.requireNonNull(root.resolve(DataNames.path(PROFILES, name)).getParent()));
    }
    return folders;
  }

  /** How often a file was looked at so far. */
  long looks() {
    return groups.looks() + profiles.looks() + configs.looks();
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
