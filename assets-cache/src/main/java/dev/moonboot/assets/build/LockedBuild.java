package dev.moonboot.assets.build;

import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.build.LockedInput.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What one build is made of, by digest. How it is put together (arguments, platform, outputs) is
 * not in it: that stands in the configuration.
 *
 * @param version of Talos, {@code v1.13.9}
 * @param kernelRelease of the base's kernel, for who reads the file; may be empty
 * @param inputs in {@link LockedInput#ORDER}; one base, no name of a role twice
 */
public record LockedBuild(String version, String kernelRelease, List<LockedInput> inputs) {
  /**
   * @throws IllegalArgumentException when there is not one base, or an input twice
   */
  public LockedBuild {
    inputs = inputs.stream().sorted(LockedInput.ORDER).toList();
    if (inputs.stream().filter(input -> input.role() == Role.BASE).count() != 1) {
      throw new IllegalArgumentException("it has no base, or more than one");
    }
    Set<String> seen = new HashSet<>();
    for (LockedInput input : inputs) {
      if (!seen.add(input.role().id() + " " + input.name())) {
        throw new IllegalArgumentException(
            "%s %s stands in it twice".formatted(input.role().id(), input.name()));
      }
    }
  }

  /**
   * What a recipe is made of.
   *
   * @param baseIsComposed whether the base is a channel that is composed itself
   * @param versions of extensions, where they are known; else empty
   */
  public static LockedBuild of(
      Composition composition,
      Recipe recipe,
      boolean baseIsComposed,
      String kernelRelease,
      Function<Digest, String> versions) {
    List<LockedInput> inputs = new ArrayList<>();
    inputs.add(
        baseIsComposed && composition.base() instanceof Base.OfChannel(var channel)
            ? LockedInput.ofComposed(channel)
            : LockedInput.of(Role.BASE, recipe.base(), ""));
    Input installerBase = recipe.installerBase();
    if (installerBase != null) {
      inputs.add(LockedInput.of(Role.INSTALLER_BASE, installerBase, ""));
    }
    // What the base brings comes first in a recipe, and is the base's own matter.
    int own = recipe.extensions().size() - composition.extensions().size();
    for (Input extension : recipe.extensions().subList(own, recipe.extensions().size())) {
      inputs.add(LockedInput.of(Role.EXTENSION, extension, versions.apply(extension.digest())));
    }
    return new LockedBuild(recipe.version(), kernelRelease, inputs);
  }

  /** Whether the other one is of inputs of the same names, whatever they are now. */
  public boolean hasInputsOf(LockedBuild other) {
    return names().equals(other.names());
  }

  private List<String> names() {
    return inputs.stream()
        .map(input ->
            input.role() == Role.INSTALLER_BASE // its tag follows the version
                ? input.role().id()
                : input.role().id() + " " + input.name())
        .toList();
  }

  public LockedInput base() {
    return inputs.getFirst();
  }

  /** The input of that role and name. */
  public Optional<LockedInput> find(Role role, String name) {
    return inputs.stream()
        .filter(input -> input.role() == role && input.name().equals(name))
        .findFirst();
  }

  /** All of that role. */
  public List<LockedInput> all(Role role) {
    return inputs.stream().filter(input -> input.role() == role).toList();
  }

  /**
   * This one, but only inputs of these names are other than {@code before}, and those that it has
   * not.
   *
   * @param names of inputs that may move
   */
  public LockedBuild onlyMoving(Set<String> names, LockedBuild before) {
    boolean baseStays =
        !names.contains(base().name()) && before.find(Role.BASE, base().name()).isPresent();
    return new LockedBuild(
        baseStays ? before.version() : version,
        baseStays ? before.kernelRelease() : kernelRelease,
        inputs.stream()
            .map(input ->
                names.contains(input.name())
                    ? input
                    : before.find(input.role(), input.name()).orElse(input))
            .toList());
  }

  /** As it is called in the configuration. */
  static String name(Part part) {
    return switch (part) {
      case Part.Official(var name) -> name;
      case Part.Image(var image) -> image.toString();
    };
  }
}
