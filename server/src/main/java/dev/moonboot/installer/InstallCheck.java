package dev.moonboot.installer;

import static java.util.stream.Collectors.joining;

import dev.moonboot.assets.Build;
import dev.moonboot.assets.Release;
import dev.moonboot.json.Json;
import dev.moonboot.yaml.Yaml;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether what a node installs has the extensions that it netboots with: else they are gone once it
 * boots from its disk. Knows what is in our own images and in Talos's own installer, and says of
 * others that they are unknown.
 */
public final class InstallCheck {
  /** Of a layer that tells of the others, and of the list of modules: no extensions of anybody. */
  private static final Set<String> NOT_EXTENSIONS = Set.of("schematic", "modules.dep");

  private static final Pattern IMAGE =
      Pattern.compile("([^/@]+)/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?");

  /** Talos's own, wherever it is mirrored. */
  private static final Pattern STOCK = Pattern.compile("(.*/)?siderolabs/installer");

  private static final int LONGEST_CONFIG = 1 << 20;

  private final InstallerRepositories repositories;

  public InstallCheck(InstallerRepositories repositories) {
    this.repositories = repositories;
  }

  /**
   * What a machine config has the node install.
   *
   * @param image as the config names it, or what Talos takes where it names none
   * @param known whether its extensions are known here
   * @param warning what is wrong with it, and what to do; empty when nothing is known to be
   */
  public record Finding(String image, boolean known, String warning) {}

  /**
   * Compares.
   *
   * @param config the text of a machine config, of which nothing but the image's name is told
   * @param boots what the node netboots
   * @return empty when the config installs nothing, or what is netbooted was not composed here
   */
  public Optional<Finding> check(String config, Release boots) {
    return boots.isComposed()
        ? install(config).flatMap(install -> finding(install, boots))
        : Optional.empty();
  }

  /** {@code machine.install} of the first document that has it. */
  private static Optional<Json.Obj> install(String config) {
    return config.length() > LONGEST_CONFIG
        ? Optional.empty()
        : Stream.of(config.split("(?m)^---.*$", -1))
            .flatMap(document -> parsed(document).stream())
            .flatMap(document -> document.object("machine").stream())
            .flatMap(machine -> machine.object("install").stream())
            .findFirst();
  }

  private static Optional<Json.Obj> parsed(String document) {
    try {
      return Yaml.parse(document) instanceof Json.Obj object
          ? Optional.of(object)
          : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty(); // Talos will say what is wrong with it
    }
  }

  private Optional<Finding> finding(Json.Obj install, Release boots) {
    Optional<String> named = install.text("image").filter(image -> !image.isEmpty());
    boolean installs =
        install.text("disk").filter(disk -> !disk.isEmpty()).isPresent()
            || install.object("diskSelector").isPresent();
    return named.isPresent() || !installs
        ? named.map(image -> finding(image, boots))
        : Optional.of(unnamed(boots));
  }

  /** Talos then takes its own installer (siderolabs/talos, machined, task "install"). */
  private static Finding unnamed(Release boots) {
    String image = "ghcr.io/siderolabs/installer:" + boots.version();
    String from = "names no image, so Talos installs from ";
    return new Finding(image, true, warning(from + image, Set.of(), boots));
  }

  private Finding finding(String image, Release boots) {
    String from = "installs from " + image;
    Matcher name = IMAGE.matcher(image);
    if (!name.matches()) {
      return new Finding(image, false, "");
    }
    if (STOCK.matcher(name.group(2)).matches()) {
      return new Finding(image, true, warning(from, Set.of(), boots));
    }
    Optional<Release> installs =
        repositories.release(
            name.group(2),
            Optional.ofNullable(name.group(3)).orElse("latest"),
            Optional.ofNullable(name.group(4)));
    if (installs.isEmpty() && !repositories.isOfChannel(name.group(2))) {
      return new Finding(image, false, "");
    }
    return installs
        .map(release -> new Finding(image, true, warning(from, extensions(release), boots)))
        .orElseGet(() ->
            new Finding(
                image,
                true,
                "the machine config %s, which is not held here; %s"
                    .formatted(from, wayOut(boots))));
  }

  private static Set<String> extensions(Release release) {
    return release.builds().values().stream()
        .map(Build::extensions)
        .flatMap(List::stream)
        .filter(extension -> !NOT_EXTENSIONS.contains(extension.split(" ", 2)[0]))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * @param from what the config does, as far as the image's name
   */
  private static String warning(String from, Set<String> there, Release boots) {
    String missing =
        extensions(boots).stream()
            .filter(extension -> !there.contains(extension))
            .collect(joining(", "));
    return missing.isEmpty()
        ? ""
        : "the machine config %s, which has not %s that the node netboots with; %s"
            .formatted(from, missing, wayOut(boots));
  }

  private static String wayOut(Release boots) {
    return "set machine.install.image to HOST/%s:%s of this server"
        .formatted(InstallerRepositories.repository(boots), boots.version());
  }
}
