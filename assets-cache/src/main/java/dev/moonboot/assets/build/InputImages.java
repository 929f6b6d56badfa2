package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.extract.BaseFileExtractor.BaseFiles;
import dev.moonboot.assets.extract.Layers;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How one run asks for the images that something is made of. What cannot be had throws {@link
 * dev.moonboot.assets.registry.RegistryException}, what will not do {@link
 * dev.moonboot.assets.extract.ExtractException}.
 */
public interface InputImages {
  /** Where that image is; the same for all images of one source, and open until the run ends. */
  Registry registry(ImageReference image);

  /**
   * What the signature policy has against an input; to be asked before anything of it is fetched.
   * Asked again for the same input it answers the same.
   */
  Optional<Refresh> objection(Input input);

  /** The input for one architecture. */
  PlatformImage platform(Input input, Arch arch);

  /**
   * Takes an input's layers apart while they come. Layers that were had for another composition
   * before do not come again.
   *
   * @param out a folder that is made; of what was written there nothing is left over from a layer
   *     that came wrong at first
   */
  <T> T unpack(Input input, Arch arch, Path out, Unpacking<T> unpacking) throws IOException;

  /** What is done with layers. */
  @FunctionalInterface
  interface Unpacking<T> {
    T of(Layers layers, Path out, Progress progress) throws IOException;
  }

  /** Works in a folder that is gone afterwards. */
  <T> T aside(Input input, Aside<T> work) throws IOException;

  /** What is done in a folder. */
  @FunctionalInterface
  interface Aside<T> {
    T in(Path folder) throws IOException;
  }

  /**
   * What is wanted of a base.
   *
   * @param version of Talos, as far as it is known; may be empty
   * @param tools whether its EFI stub and boot loader are wanted, too
   */
  record Ground(Input base, Arch arch, String version, boolean tools) {}

  /**
   * The files of a base, out of the release that is held of it, or out of its layers.
   *
   * @param out a folder that is made; the files are there, and may be moved away
   */
  BaseFiles base(Ground ground, Path out) throws IOException;

  /** Copies a layer of an input into a new file. */
  void layer(Input input, Arch arch, int index, Path to) throws IOException;

  /**
   * Sees to it that so many bytes can be written.
   *
   * @throws java.io.UncheckedIOException when there is no room for them
   */
  void needRoom(long bytes);
}
