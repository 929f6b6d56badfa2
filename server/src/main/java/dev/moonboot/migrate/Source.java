package dev.moonboot.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a matchbox has.
 *
 * @param data its data directory
 * @param dataFiles groups, profiles and the files they name
 * @param assets its folder of boot files; null when there is none
 * @param assetFiles what is in it, as far as it is served
 * @param findings what was found on the way
 */
record Source(
    Path data,
    List<SourceFile> dataFiles,
    @Nullable Path assets,
    List<SourceFile> assetFiles,
    List<Finding> findings) {
  static final List<String> FOLDERS = List.of("groups", "profiles", "generic", "cloud", "ignition");

  /** Larger files of the data directory are not read by the service. */
  private static final long LARGEST = 4 << 20;

  private static final Pattern SECRET = Pattern.compile("assets/machine/.*", Pattern.DOTALL);

  /**
   * Looks at what there is.
   *
   * @throws MigrateException when it cannot be read, or is no data directory
   */
  static Source of(Path data, @Nullable Path assets) {
    List<Finding> findings = new ArrayList<>();
    if (FOLDERS.stream().noneMatch(folder -> Files.isDirectory(data.resolve(folder)))) {
      throw new MigrateException(
          data
              + " is no data directory of matchbox: it has none of "
              + String.join("/, ", FOLDERS)
              + "/ in it");
    }
    List<String> unreadable = new ArrayList<>();
    List<SourceFile> dataFiles = new ArrayList<>();
    for (String folder : FOLDERS) {
      Path path = data.resolve(folder);
      if (Files.isDirectory(path)) {
        SourceTree tree = new SourceTree(inside(data, path), Source::ofConfigMap, findings::add);
        tree.walk(path, folder + "/");
        tree.files().forEach(file -> take(file, dataFiles, findings));
        unreadable.addAll(tree.unreadable());
      }
    }
    List<SourceFile> assetFiles = assets == null ? List.of() : assets(assets, findings, unreadable);
    if (!unreadable.isEmpty()) {
      throw new MigrateException(
          unreadable.size()
              + " files or folders cannot be read, "
              + unreadable.getFirst()
              + " for one: run this as a user who can (root), so that nothing is left behind");
    }
    return new Source(data, dataFiles, assets, assetFiles, findings);
  }

  private static void take(SourceFile file, List<SourceFile> taken, List<Finding> findings) {
    if (file.size() > LARGEST) {
      findings.add(
          Finding.different(
              file.name(), "larger than 4 MiB, which moonboot does not read: not taken"));
    } else {
      taken.add(file);
    }
  }

  /** A folder may itself be a link to elsewhere; then that is where its links may lead. */
  private static Path inside(Path data, Path folder) {
    try {
      Path real = folder.toRealPath();
      Path root = data.toRealPath();
      return real.startsWith(root) ? root : real;
    } catch (IOException e) {
      throw new MigrateException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The folders behind the links of a Kubernetes ConfigMap, whose files are found by the links. */
  private static boolean ofConfigMap(String path, String name) {
    return name.startsWith("..");
  }

  private static List<SourceFile> assets(
      Path assets, List<Finding> findings, List<String> unreadable) {
    SourceTree tree =
        new SourceTree(
            inside(assets, assets), (path, name) -> hidden(path, name, findings), findings::add);
    tree.walk(assets, "assets/");
    unreadable.addAll(tree.unreadable());
    if (!tree.listed().isEmpty() && !tree.files().isEmpty()) {
      findings.add(
          Finding.different(
              tree.listed().getFirst(),
              "folders without an index.html (%d) are listed by matchbox; moonboot answers 404: "
                      .formatted(tree.listed().size())
                  + "a list of files is nobody's business"));
    }
    tree.files().stream()
        .filter(file -> SECRET.matcher(file.name()).matches())
        .forEach(file ->
            findings.add(
                Finding.different(
                    file.name(),
                    "taken for a machine config, which only nodes with a ticket may read;"
                        + " machine-configs.paths and machine-configs.access decide that")));
    return tree.files();
  }

  private static boolean hidden(String path, String name, List<Finding> findings) {
    if (name.startsWith("..")) {
      return true;
    }
    if (name.startsWith(".") || name.endsWith(".part") || name.indexOf('\\') >= 0) {
      findings.add(
          Finding.different(
              path,
              "served by matchbox, never by moonboot: hidden and unfinished files, and names with"
                  + " a backslash; not taken"));
      return true;
    }
    return false;
  }
}
