package dev.moonboot.assets.build;

import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.compose.KernelModules;
import dev.moonboot.assets.extension.ExtensionImage;
import dev.moonboot.assets.iso.UefiIso;
import dev.moonboot.program.MissingProgramException;
import dev.moonboot.program.Need;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which programs of the system are called to make a release; most releases need none. */
public final class NeededPrograms {
  private NeededPrograms() {}

  /** For these outputs, whatever is in the extensions. */
  private static List<Need> of(Set<Output> outputs) {
    return outputs.contains(Output.ISO) ? UefiIso.needs() : List.of();
  }

  /** For what extensions bring. */
  private static List<Need> of(Collection<ExtensionImage> extensions, TalosVersion version) {
    return extensions.stream().anyMatch(one -> KernelModules.in(one.rootfs(), version))
        ? List.of(KernelModules.DEPMOD)
        : List.of();
  }

  /** What is not here of those that these outputs need: a sentence for people each. */
  public static List<String> missing(Set<Output> outputs) {
    return of(outputs).stream().map(Need::missing).flatMap(Optional::stream).toList();
  }

  /**
   * What an extension with kernel modules lacks here; which extensions have some is known when they
   * are pulled.
   */
  public static Optional<String> missingForModules() {
    return KernelModules.DEPMOD.missing();
  }

  static List<String> missing(Workpiece piece) {
    return Stream.concat(
            of(piece.recipe().outputs()).stream(), of(piece.extensions(), piece.version()).stream())
        .map(Need::missing)
        .flatMap(Optional::stream)
        .toList();
  }

  /** Throws where one is missing, before anything is pulled. */
  static void require(Set<Output> outputs) throws MissingProgramException {
    for (Need need : of(outputs)) {
      need.find();
    }
  }

  /** Throws where one is missing, before anything is composed. */
  static void require(Collection<Workpiece> pieces) throws MissingProgramException {
    for (Workpiece piece : pieces) {
      for (Need need : of(piece.extensions(), piece.version())) {
        need.find();
      }
    }
  }
}
