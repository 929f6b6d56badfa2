package dev.moonboot.assets.extension;

import static dev.moonboot.assets.extension.LintRule.SERVICE_ENTRYPOINT;
import static dev.moonboot.assets.extension.LintRule.SERVICE_FILE;
import static dev.moonboot.assets.extension.LintRule.SERVICE_NAME;

import dev.moonboot.assets.tree.FileTree;
import dev.moonboot.assets.tree.TreeNode;
import dev.moonboot.json.Json;
import dev.moonboot.yaml.Yaml;
import dev.moonboot.yaml.YamlException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the services of an extension can start (Talos, pkg/machinery/extensions/services). A node
 * boots whatever is wrong here, so these are warnings.
 */
final class ServiceRules {
  private static final String FILES = "usr/local/etc/containers";
  private static final String SUFFIX = ".yaml";
  private static final int MAX_SIZE = 256 << 10;
  private static final int MAX_SERVICES = 100;
  private static final int EXECUTABLE = 0111;

  /** Where a name without a slash is looked for. */
  private static final List<String> SEARCHED =
      List.of("usr/local/sbin/", "usr/local/bin/", "usr/sbin/", "usr/bin/", "sbin/", "bin/");

  private final FileTree rootfs;
  private int services;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, TreeNode.File> entrypoints = new LinkedHashMap<>();

  ServiceRules(FileTree rootfs) {
    this.rootfs = rootfs;
  }

  List<Finding> check() {
    rootfs
        .below(FILES)
        .ifPresent(files ->
            files
                .root()
                .entries()
                .forEach((name, node) -> {
                  if (name.endsWith(SUFFIX) && ++services <= MAX_SERVICES) {
                    service(
                        FILES + "/" + name,
                        name.substring(0, name.length() - SUFFIX.length()),
                        node);
                  }
                }));
    if (services > MAX_SERVICES) {
      warn(
          SERVICE_FILE,
          FILES,
          "it has %d services, of which %d were looked at".formatted(services, MAX_SERVICES),
          "see that they are wanted");
    }
    return findings;
  }

  /** What the services start, by path; known after {@link #check}. */
  Map<String, TreeNode.File> entrypoints() {
    return entrypoints;
  }

  private void service(String path, String stem, TreeNode node) {
    if (!(node instanceof TreeNode.File file) || file.content().size() > MAX_SIZE) {
      warn(SERVICE_FILE, path, "it is no file, or has more than 256 KiB", "have its maker mend it");
      return;
    }
    try {
      if (Yaml.parseTexts(ExtensionImage.text(file)) instanceof Json.Obj service) {
        service(path, stem, service);
      } else {
        warn(SERVICE_FILE, path, "it describes no service", "have its maker mend it");
      }
    } catch (YamlException e) {
      warn(
          SERVICE_FILE,
          path,
          "it is no YAML: " + Finding.shown(String.valueOf(e.getMessage())),
          "have its maker mend it");
    }
  }

  private void service(String path, String stem, Json.Obj service) {
    String name = service.text("name").orElse("");
    if (!name.matches("[-_a-z0-9]+")) {
      warn(
          SERVICE_NAME,
          path,
          "the service is called \"" + Finding.shown(name) + "\", which Talos does not take",
          "a name has small letters, digits, - and _");
      return;
    }
    if (!name.equals(stem)) {
      warn(
          SERVICE_NAME,
          path,
          "the service is called " + Finding.shown(name) + ", its file is not",
          "see that no other extension has a service of that name");
    }
    Optional<FileTree> root = rootfs.below(Containers.path(name));
    if (root.isEmpty()) {
      warn(
          SERVICE_ENTRYPOINT,
          path,
          "there is no " + Containers.path(name) + " to run it in",
          "see that another extension brings it, or have its maker mend it");
    } else {
      start(path, name, root.get(), service.object("container").orElse(new Json.Obj(Map.of())));
    }
  }

  private void start(String path, String name, FileTree root, Json.Obj container) {
    String entrypoint = container.text("entrypoint").orElse("");
    if (entrypoint.isEmpty()) {
      warn(
          SERVICE_ENTRYPOINT,
          path,
          "it does not say what to start (container.entrypoint)",
          "Talos does not start it; have its maker mend it");
      return;
    }
    if (isMounted(entrypoint, container)) {
      return; // it comes from the node
    }
    Optional<TreeNode> program = find(root, entrypoint);
    if (program.isPresent() && program.get() instanceof TreeNode.File file) {
      entrypoints.put(Containers.path(name) + "/" + Containers.clean(entrypoint), file);
      if ((file.mode() & EXECUTABLE) == 0) {
        warn(
            SERVICE_ENTRYPOINT,
            path,
            Finding.shown(entrypoint)
                + " has mode %04o and cannot be started".formatted(file.mode()),
            "have its maker make it executable");
      }
    } else {
      warn(
          SERVICE_ENTRYPOINT,
          path,
          Finding.shown(entrypoint) + " is not in " + Containers.path(name),
          "see that it is there when the service runs, or have its maker mend it");
    }
  }

  private static Optional<TreeNode> find(FileTree root, String entrypoint) {
    if (entrypoint.contains("/")) {
      return Containers.resolve(root, entrypoint);
    }
    return SEARCHED.stream()
        .map(directory -> Containers.resolve(root, directory + entrypoint))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static boolean isMounted(String entrypoint, Json.Obj container) {
    String program = "/" + Containers.clean(entrypoint);
    return container.array("mounts").orElse(List.of()).stream()
        .map(mount -> mount instanceof Json.Obj of ? of.text("destination").orElse("") : "")
        .filter(destination -> destination.startsWith("/"))
        .map(destination -> "/" + Containers.clean(destination))
        .anyMatch(destination ->
            program.equals(destination)
                || destination.equals("/")
                || program.startsWith(destination + "/"));
  }

  private void warn(LintRule rule, String path, String why, String wayOut) {
    findings.add(Finding.warning(rule, List.of(path), why, wayOut));
  }
}
