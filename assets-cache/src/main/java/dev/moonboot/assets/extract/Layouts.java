package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where images have their boot files. There is no setting for it: what an image holds is held
 * against every layout known, in order.
 *
 * <ol>
 *   <li>{@code usr/install/<arch>/vmlinuz} and {@code initramfs.xz}: imager, installer before 1.10
 *   <li>{@code usr/install/<arch>/vmlinuz.efi} or {@code vmlinuz.efi.signed}: installer
 *   <li>{@code assets/talos/<arch>/[boot/]…}: asset containers
 *   <li>{@code var/lib/matchbox/assets/…}, {@code boot/…} and the root
 *   <li>any other {@code vmlinuz.efi} with {@code install} in its path
 * </ol>
 */
final class Layouts {
  /** What a path may turn out to be, so that it is kept when it goes by. */
  enum Role {
    KERNEL,
    INITRAMFS,
    UKI,
    /** To be taken as it is. */
    FILE,
    CHECKSUMS
  }

  /** Boot files in one layout. */
  sealed interface Candidate {
    String layout();

    record Pair(String layout, String kernel, String initramfs) implements Candidate {}

    record Unified(String layout, String path) implements Candidate {}
  }

  private static final List<String> LOOSE_DIRECTORIES =
      List.of("var/lib/matchbox/assets", "boot", "");
  private static final Pattern KERNEL = Pattern.compile("vmlinuz(|[-_.].*)");
  private static final Pattern INITRAMFS = Pattern.compile("(?:initramfs|initrd)(|[-_.].*)");
  private static final Pattern NOT_ITSELF =
      Pattern.compile(".*\\.(efi|signed|sha256|sha512|sig|asc|spdx|json|txt|old)");
  private static final Pattern PACKED = Pattern.compile("\\.(xz|zst|zstd|gz|img|cpio)");
  private static final Map<Arch, Pattern> NAMED =
      Map.of(
          Arch.AMD64, Pattern.compile("(.*[^a-z0-9])?(amd64|x86[-_]64)([^a-z0-9].*)?"),
          Arch.ARM64, Pattern.compile("(.*[^a-z0-9])?(arm64|aarch64)([^a-z0-9].*)?"));

  private final Arch arch;
  private final BootPaths given;

  Layouts(Arch arch, BootPaths given) {
    this.arch = arch;
    this.given = given;
  }

  /** What {@code path} may be; empty when it is nothing to us. */
  Optional<Role> role(String path) {
    if (ChecksumLists.isList(path)) {
      return Optional.of(Role.CHECKSUMS);
    }
    return isGiven() ? givenRole(path) : knownRole(path);
  }

  private boolean isGiven() {
    return !given.equals(BootPaths.KNOWN_LAYOUTS);
  }

  private Optional<Role> givenRole(String path) {
    if (matches(given.kernel(), path)) {
      return Optional.of(Role.KERNEL);
    }
    if (matches(given.initramfs(), path)) {
      return Optional.of(Role.INITRAMFS);
    }
    return matches(given.uki(), path) ? Optional.of(Role.UKI) : Optional.empty();
  }

  private static boolean matches(@Nullable String pattern, String path) {
    return pattern != null && ImagePath.pattern(pattern).matcher(path).matches();
  }

  private Optional<Role> knownRole(String path) {
    for (Candidate candidate : fixed()) {
      switch (candidate) {
        case Candidate.Pair(var _, var kernel, var _) when kernel.equals(path) -> {
          return Optional.of(Role.KERNEL);
        }
        case Candidate.Pair(var _, var _, var initramfs) when initramfs.equals(path) -> {
          return Optional.of(Role.INITRAMFS);
        }
        case Candidate.Unified(var _, var uki) when uki.equals(path) -> {
          return Optional.of(Role.UKI);
        }
        case Candidate.Pair _, Candidate.Unified _ -> {}
      }
    }
    if (isLoose(path, KERNEL)) {
      return Optional.of(Role.KERNEL);
    }
    if (isLoose(path, INITRAMFS)) {
      return Optional.of(Role.INITRAMFS);
    }
    return isStrayUki(path) ? Optional.of(Role.UKI) : Optional.empty();
  }

  private boolean isLoose(String path, Pattern name) {
    return LOOSE_DIRECTORIES.contains(ImagePath.parent(path))
        && name.matcher(ImagePath.name(path)).matches()
        && !NOT_ITSELF.matcher(path).matches()
        && !namesOther(path);
  }

  private boolean isStrayUki(String path) {
    return ImagePath.name(path).equals("vmlinuz.efi")
        && path.contains("install")
        && !namesOther(path);
  }

  private boolean namesOther(String path) {
    return NAMED.entrySet().stream()
        .anyMatch(named -> named.getKey() != arch && named.getValue().matcher(path).matches());
  }

  /** All boot files that are or may be in the image, the preferred ones first. */
  List<Candidate> candidates(ImageTree tree) {
    if (isGiven()) {
      return List.of(given(tree));
    }
    List<Candidate> candidates = new ArrayList<>(fixed());
    for (String directory : LOOSE_DIRECTORIES) {
      candidates.addAll(loose(tree, directory));
    }
    for (String path : tree.visible(this::isStrayUki)) {
      candidates.add(new Candidate.Unified("UKI", path));
    }
    return candidates;
  }

  private List<Candidate> fixed() {
    String install = "usr/install/" + arch.id() + "/";
    String assets = "assets/talos/" + arch.id() + "/";
    return List.of(
        new Candidate.Pair("plain pair", install + "vmlinuz", install + "initramfs.xz"),
        new Candidate.Unified("installer UKI", install + "vmlinuz.efi"),
        new Candidate.Unified("installer UKI", install + "vmlinuz.efi.signed"),
        new Candidate.Pair(
            "asset container", assets + "boot/vmlinuz", assets + "boot/initramfs.xz"),
        new Candidate.Pair("asset container", assets + "vmlinuz", assets + "initramfs.xz"));
  }

  private Candidate given(ImageTree tree) {
    if (given.uki() != null) {
      return new Candidate.Unified("given UKI", one(tree, given.uki()));
    }
    String kernel = given.kernel() == null ? "" : given.kernel();
    String initramfs = given.initramfs() == null ? "" : given.initramfs();
    return new Candidate.Pair("given pair", one(tree, kernel), one(tree, initramfs));
  }

  /** The one visible path that a pattern stands for; the pattern itself where there is none yet. */
  private static String one(ImageTree tree, String pattern) {
    if (!ImagePath.isPattern(pattern)) {
      return ImagePath.clean(pattern).orElse(pattern);
    }
    Pattern regex = ImagePath.pattern(pattern);
    List<String> paths = tree.visible(path -> regex.matcher(path).matches());
    if (paths.size() > 1) {
      throw new ExtractException("several files of the image fit " + pattern + ": " + paths);
    }
    return paths.isEmpty() ? pattern : paths.getFirst();
  }

  /** Kernels and initramfs of a directory, matched by what stands behind their names. */
  private List<Candidate> loose(ImageTree tree, String directory) {
    Map<String, String> kernels = inDirectory(tree, directory, KERNEL);
    Map<String, String> initramfs = inDirectory(tree, directory, INITRAMFS);
    String layout = directory.isEmpty() ? "pair in the root directory" : "pair in " + directory;
    List<Candidate> pairs = new ArrayList<>();
    for (var kernel : kernels.entrySet()) {
      String partner = initramfs.get(kernel.getKey());
      if (partner != null) {
        pairs.add(new Candidate.Pair(layout, kernel.getValue(), partner));
      }
    }
    if (pairs.isEmpty() && !(kernels.isEmpty() && initramfs.isEmpty())) {
      pairs.add(
          new Candidate.Pair(
              layout,
              only(kernels, ImagePath.join(directory, "vmlinuz")),
              only(initramfs, ImagePath.join(directory, "initramfs.xz"))));
    }
    return pairs;
  }

  private static String only(Map<String, String> paths, String otherwise) {
    return paths.size() == 1 ? paths.values().iterator().next() : otherwise;
  }

  /** Paths by the part of their name that tells one kernel from another. */
  private Map<String, String> inDirectory(ImageTree tree, String directory, Pattern name) {
    Map<String, String> bySuffix = new TreeMap<>();
    for (String path :
        tree.visible(p -> ImagePath.parent(p).equals(directory) && isLoose(p, name))) {
      var match = name.matcher(ImagePath.name(path));
      if (match.matches()) {
        bySuffix.putIfAbsent(PACKED.matcher(match.group(1)).replaceAll(""), path);
      }
    }
    return bySuffix;
  }

  /** What a person would take for a boot file, of any architecture: for messages. */
  static boolean looksLikeBootFile(String path) {
    String name = ImagePath.name(path);
    return KERNEL.matcher(name).matches()
        || INITRAMFS.matcher(name).matches()
        || name.endsWith(".efi");
  }
}
