package dev.moonboot.profile;

import dev.moonboot.node.NodeLabels;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All groups and profiles, read and checked together, and indexed. Immutable.
 *
 * <p>Selection is matchbox's: of the groups whose every selector equals the node's label (an absent
 * label is the empty text) the one with most selectors wins; among those the one whose {@link
 * Group#selectorText} is largest by bytes; among those the one with the smallest file name. That
 * group is final, even when its profile is missing.
 */
public final class Catalog {
  /** No groups, no profiles. */
  public static final Catalog EMPTY = new Catalog(List.of(), List.of(), List.of());

  private final List<Group> groups;
  private final Map<String, Group> byFile;
  private final Map<String, Profile> profiles;
  private final List<FileProblem> problems;
  private final GroupIndex index;

  /**
   * @param groups in any order
   * @param profiles each with another {@link Profile#file}
   * @param problems what could not be read, for people
   */
  public Catalog(
      Collection<Group> groups, Collection<Profile> profiles, List<FileProblem> problems) {
    this.groups = GroupIndex.ordered(groups);
    this.byFile =
        groups.stream().collect(Collectors.toUnmodifiableMap(Group::file, Function.identity()));
    this.profiles =
        profiles.stream().collect(Collectors.toUnmodifiableMap(Profile::file, Function.identity()));
    this.problems = List.copyOf(problems);
    this.index = new GroupIndex(this.groups);
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
    return NearMisses.matching(groups, labels, most);
  }

  /** Groups that nearly match, nearest first, {@code most} at most; looks at all groups. */
  public List<NearMiss> nearest(NodeLabels labels, int most) {
    return NearMisses.nearest(groups, labels, most);
  }

  /** The group of that file name, without {@code .json}. */
  public Optional<Group> group(String file) {
    return Optional.ofNullable(byFile.get(file));
  }

  /** The profile that a group calls {@code name}. */
  public Optional<Profile> profile(String name) {
    Profile exact = profiles.get(name);
    return exact != null ? Optional.of(exact) : DataNames.clean(name).map(profiles::get);
  }

  /** The file that profiles name so, where it can be used. */
  public Optional<ConfigFile> config(ConfigKind kind, String name) {
    return Optional.empty(); // being built
  }

  /** All groups, best first: of those that match a node the first one wins. */
  public List<Group> groups() {
    return groups;
  }

  /** All profiles, by the name that groups use. */
  public Map<String, Profile> profiles() {
    return profiles;
  }

  /** What could not be read when this catalog was made. */
  public List<FileProblem> problems() {
    return problems;
  }
}
