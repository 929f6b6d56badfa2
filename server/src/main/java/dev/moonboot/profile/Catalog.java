package dev.moonboot.profile;

import dev.moonboot.node.NodeLabels;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All groups and profiles and the config files that profiles name, read and checked together, and
 * indexed. Immutable; {@link #with} gives another one at the cost of what differs.
 *
 * <p>Selection is matchbox's: of the groups whose every selector equals the node's label (an absent
 * label is the empty text) the one with most selectors wins; among those the one whose {@link
 * Group#selectorText} is largest by bytes; among those the one with the smallest file name. That
 * group is final, even when its profile is missing. A group with lists of values takes part as one
 * group for each combination of them.
 */
public final class Catalog {
  /** No groups, no profiles. */
  public static final Catalog EMPTY =
      new Catalog(
          HashTrie.of(Group::file),
          HashTrie.of(Profile::file),
          HashTrie.of(ConfigKey::of),
          List.of(),
          GroupIndex.EMPTY);

  private final HashTrie<String, Group> groups;
  private final HashTrie<String, Profile> profiles;
  private final HashTrie<ConfigKey, ConfigFile> configs;
  private final List<FileProblem> problems;
  private final GroupIndex index;

  /** For people, who ask seldom: made when they do. Two that ask at once may both make it. */
  private volatile @Nullable List<Group> ordered;

  private volatile @Nullable Map<String, Profile> profilesByName;

  private Catalog(
      HashTrie<String, Group> groups,
      HashTrie<String, Profile> profiles,
      HashTrie<ConfigKey, ConfigFile> configs,
      List<FileProblem> problems,
      GroupIndex index) {
    this.groups = groups;
    this.profiles = profiles;
    this.configs = configs;
    this.problems = List.copyOf(problems);
    this.index = index;
  }

  /**
   * One without config files.
   *
   * @param groups in any order, each with another {@link Group#file}
   * @param profiles each with another {@link Profile#file}
   * @param problems what could not be read, for people
   */
  public Catalog(
      Collection<Group> groups, Collection<Profile> profiles, List<FileProblem> problems) {
    this(groups, profiles, List.of(), problems);
  }

  /** As the other one, with config files. */
  public Catalog(
      Collection<Group> groups,
      Collection<Profile> profiles,
      Collection<ConfigFile> configs,
      List<FileProblem> problems) {
    this(
        EMPTY.with(
            groups.stream().map(Change::added).toList(),
            profiles.stream().map(Change::added).toList(),
            configs.stream().map(Change::added).toList(),
            problems));
  }

  private Catalog(Catalog other) {
    this(other.groups, other.profiles, other.configs, other.problems, other.index);
  }

  /**
   * What is another one now.
   *
   * @param before null when there was none
   * @param after null when there is none any more
   */
  record Change<T>(@Nullable T before, @Nullable T after) {
    static <T> Change<T> added(T value) {
      return new Change<>(null, value);
    }
  }

  /** This catalog after some changes. */
  Catalog with(
      List<Change<Group>> groupChanges,
      List<Change<Profile>> profileChanges,
      List<Change<ConfigFile>> configChanges,
      List<FileProblem> problemsNow) {
    HashTrie<String, Group> groupsNow = groups;
    GroupIndex indexNow = index;
    for (Change<Group> change : groupChanges) {
      if (change.before() != null) {
        groupsNow = groupsNow.without(change.before().file());
        indexNow = indexNow.without(change.before());
      }
      if (change.after() != null) {
        groupsNow = groupsNow.with(change.after());
        indexNow = indexNow.with(change.after());
      }
    }
    return new Catalog(
        groupsNow,
        changed(profiles, profileChanges, Profile::file),
        changed(configs, configChanges, ConfigKey::of),
        problemsNow,
        indexNow);
  }

  private static <K, V> HashTrie<K, V> changed(
      HashTrie<K, V> values, List<Change<V>> changes, Function<V, K> key) {
    HashTrie<K, V> now = values;
    for (Change<V> change : changes) {
      if (change.after() != null) {
        now = now.with(change.after());
      } else if (change.before() != null) {
        now = now.without(key.apply(change.before()));
      }
    }
    return now;
  }

  /** The group that matches the labels best, with its profile. */
  public Selection select(NodeLabels labels) {
    Optional<Group> group = index.best(labels);
    if (group.isEmpty()) {
      return new Selection.None();
    }
    Optional<Profile> profile = profile(group.get().profile());
    return profile.isPresent()
        ? new Selection.Match(group.get(), profile.get())
        : new Selection.NoProfile(group.get());
  }

  /** Groups that match the labels, best first, {@code most} at most; looks at all groups. */
  public List<Group> matching(NodeLabels labels, int most) {
    return NearMisses.matching(groups.values(), labels, most);
  }

  /** Groups that nearly match, nearest first, {@code most} at most; looks at all groups. */
  public List<NearMiss> nearest(NodeLabels labels, int most) {
    return NearMisses.nearest(groups.values(), labels, most);
  }

  /** The group of that file name, without {@code .json}. */
  public Optional<Group> group(String file) {
    return Optional.ofNullable(groups.find(file));
  }

  /** The profile that a group calls {@code name}. */
  public Optional<Profile> profile(String name) {
    Profile exact = profiles.find(name);
    return exact != null
        ? Optional.of(exact)
        : DataNames.profile(name).flatMap(file -> Optional.ofNullable(profiles.find(file)));
  }

  /**
   * The file that profiles name so, where it can be used: the same object as long as the file is
   * the same.
   */
  public Optional<ConfigFile> config(ConfigKind kind, String name) {
    ConfigFile exact = configs.find(new ConfigKey(kind, name));
    return exact != null
        ? Optional.of(exact)
        : DataNames.config(kind, name)
            .flatMap(file -> Optional.ofNullable(configs.find(new ConfigKey(kind, file))));
  }

  /**
   * All groups, best first: of those that match a node the first one wins, unless one has lists of
   * values. Sorts them all; {@link #eachGroup} does not.
   */
  public List<Group> groups() {
    List<Group> known = ordered;
    if (known == null) {
      known = NearMisses.ordered(groups.values());
      ordered = known;
    }
    return known;
  }

  /** All groups, in no order. */
  public void eachGroup(Consumer<Group> action) {
    groups.forEach(action);
  }

  /** How many groups there are. */
  public int groupCount() {
    return groups.size();
  }

  /** How many profiles there are. */
  public int profileCount() {
    return profiles.size();
  }

  /** All profiles, by the name that groups use. */
  public Map<String, Profile> profiles() {
    Map<String, Profile> known = profilesByName;
    if (known == null) {
      Map<String, Profile> all = HashMap.newHashMap(profiles.size());
      profiles.forEach(profile -> all.put(profile.file(), profile));
      known = Collections.unmodifiableMap(all);
      profilesByName = known;
    }
    return known;
  }

  /** What could not be read when this catalog was made. */
  public List<FileProblem> problems() {
    return problems;
  }
}
