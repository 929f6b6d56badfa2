package dev.moonboot.assets;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Composition} with every input fixed by its digest: equal recipes give equal bytes, on
 * every machine. The digest of its canonical text is the digest of the release made from it.
 *
 * @param version of Talos, {@code v1.13.6}
 * @param base what kernel and initramfs come from
 * @param installerBase what the installer image is put upon; null where none is made or the base
 *     itself is taken
 * @param extensions in this order, later ones on top
 * @param replace whether extensions that the base has already are left out
 * @param platform {@code metal}, {@code nocloud}
 * @param arguments kernel arguments put behind Talos's own; {@code -name} removes one
 * @param overlay the board whose arguments are added; empty for none
 * @param arches all of them, sorted
 * @param outputs what is made besides kernel and command line
 * @param schematic what the marker says: a schematic as YAML, of which the SHA-256 in hexadecimal
 *     is the id that nodes tell
 */
public record Recipe(
    String version,
    Input base,
    @Nullable Input installerBase,
    List<Input> extensions,
    boolean replace,
    String platform,
    List<String> arguments,
    String overlay,
    List<Arch> arches,
    Set<Composition.Output> outputs,
    String schematic) {
  public Recipe {
    extensions = List.copyOf(extensions);
    arguments = List.copyOf(arguments);
    arches = arches.stream().sorted().toList();
    outputs = Collections.unmodifiableSet(new LinkedHashSet<>(outputs));
  }

  /** All that goes into it, base first. */
  public List<Input> inputs() {
    return Stream.of(Stream.of(base), Stream.ofNullable(installerBase), extensions.stream())
        .flatMap(inputs -> inputs)
        .toList();
  }

  /**
   * One image that something is made of.
   *
   * @param name as a person called it: {@code siderolabs/gvisor}, or the reference
   * @param image where it is, with its tag where it has one
   * @param digest of what that named
   */
  public record Input(String name, ImageReference image, Digest digest) {}
}
