package dev.moonboot.boot;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What changes for a node that boots one release after another.
 *
 * @param signer who signed; empty for nobody, or where nobody asked
 * @param arches every architecture that either has, in order
 */
public record ReleaseDiff(
    Digest from, Digest to, Change version, Change signer, Change source, List<ArchDiff> arches) {
  public ReleaseDiff {
    arches = List.copyOf(arches);
  }

  /** A text of both; empty where one has none. */
  public record Change(String from, String to) {
    /** Whether they differ. */
    public boolean differs() {
      return !from.equals(to);
    }
  }

  /**
   * What changes for nodes of one architecture.
   *
   * @param presence whether both have it
   * @param kernel its release
   * @param layout what the boot files were found as
   * @param extensions those that differ, by name
   * @param argsAdded words of the release's own command line that are new, in order
   * @param argsRemoved words of it that are gone, in order
   * @param sizes of every asset that either has
   */
  public record ArchDiff(
      Arch arch,
      Presence presence,
      Change talosVersion,
      Change kernel,
      Change layout,
      List<ExtensionChange> extensions,
      List<String> argsAdded,
      List<String> argsRemoved,
      List<SizeChange> sizes) {
    public ArchDiff {
      extensions = List.copyOf(extensions);
      argsAdded = List.copyOf(argsAdded);
      argsRemoved = List.copyOf(argsRemoved);
      sizes = List.copyOf(sizes);
    }
  }

  /** Which of two releases has an architecture. */
  public enum Presence {
    BOTH,
    ADDED,
    REMOVED
  }

  /**
   * A system extension that is new, gone or of another version.
   *
   * @param from its version; null where it is not there; empty where it has none
   */
  public record ExtensionChange(String name, @Nullable String from, @Nullable String to) {}

  /**
   * An asset of both.
   *
   * @param from its size in bytes; null where there is none
   * @param sameBytes whether both are the same file
   */
  public record SizeChange(
      AssetName asset, @Nullable Long from, @Nullable Long to, boolean sameBytes) {}

  /**
   * Compares two releases that are held.
   *
   * @throws IOException when a command line cannot be read
   */
  public static ReleaseDiff of(Release from, Release to) throws IOException {
    List<ArchDiff> arches = new ArrayList<>();
    for (Arch arch : Arch.values()) {
      if (from.builds().containsKey(arch) || to.builds().containsKey(arch)) {
        arches.add(arch(arch, from, to));
      }
    }
    return new ReleaseDiff(
        from.digest(),
        to.digest(),
        new Change(from.version(), to.version()),
        new Change(signer(from), signer(to)),
        new Change(from.source(), to.source()),
        arches);
  }

  private static String signer(Release release) {
    return Optional.of(release.admission()).map(Admission::proof).map(Proof::signer).orElse("");
  }

  private static ArchDiff arch(Arch arch, Release from, Release to) throws IOException {
    Optional<Build> before = Optional.ofNullable(from.builds().get(arch));
    Optional<Build> after = Optional.ofNullable(to.builds().get(arch));
    List<String> argsBefore = args(from, arch);
    List<String> argsAfter = args(to, arch);
    return new ArchDiff(
        arch,
        before.isEmpty() ? Presence.ADDED : after.isEmpty() ? Presence.REMOVED : Presence.BOTH,
        change(before.map(Build::talosVersion), after.map(Build::talosVersion)),
        change(before.map(Build::kernelRelease), after.map(Build::kernelRelease)),
        change(before.map(Build::layout), after.map(Build::layout)),
        extensions(
            before.map(Build::extensions).orElse(List.of()),
            after.map(Build::extensions).orElse(List.of())),
        without(argsAfter, argsBefore),
        without(argsBefore, argsAfter),
        sizes(arch, from, to));
  }

  private static Change change(Optional<String> from, Optional<String> to) {
    return new Change(from.orElse(""), to.orElse(""));
  }

  private static List<String> args(Release release, Arch arch) throws IOException {
    Optional<Asset> cmdline = release.asset(arch, AssetName.CMDLINE);
    return cmdline.isPresent()
        ? KernelArgs.split(Files.readString(cmdline.get().file()))
        : List.of();
  }

  /** What is in {@code all} more often than in {@code known}. */
  private static List<String> without(List<String> all, List<String> known) {
    List<String> left = new ArrayList<>(all);
    known.forEach(left::remove);
    return left;
  }

  private static List<ExtensionChange> extensions(List<String> from, List<String> to) {
    Map<String, String> before = versions(from);
    Map<String, String> after = versions(to);
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    return names.stream()
        .map(name -> new ExtensionChange(name, before.get(name), after.get(name)))
        .filter(change -> change.from() == null || !change.from().equals(change.to()))
        .toList();
  }

  /** {@code hello v1.0.0}: name and version. */
  private static Map<String, String> versions(List<String> extensions) {
    Map<String, String> versions = new LinkedHashMap<>();
    for (String extension : extensions) {
      int space = extension.indexOf(' ');
      versions.put(
          space < 0 ? extension : extension.substring(0, space),
          space < 0 ? "" : extension.substring(space + 1));
    }
    return versions;
  }

  private static List<SizeChange> sizes(Arch arch, Release from, Release to) {
    return Stream.of(from, to)
        .flatMap(release -> Stream.ofNullable(release.builds().get(arch)))
        .flatMap(build -> build.assets().keySet().stream())
        .distinct()
        .sorted(AssetName.ORDER)
        .flatMap(name -> size(name, from.asset(arch, name), to.asset(arch, name)).stream())
        .toList();
  }

  private static Optional<SizeChange> size(
      AssetName name, Optional<Asset> from, Optional<Asset> to) {
    return from.isEmpty() && to.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new SizeChange(
                name,
                from.map(Asset::size).orElse(null),
                to.map(Asset::size).orElse(null),
                from.map(Asset::digest).equals(to.map(Asset::digest))));
  }
}
