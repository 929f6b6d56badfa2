package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.registry.Registry;
import java.util.Optional;

/**
 * How one run asks for the images that something is made of. Whatever fails throws {@link
 * dev.moonboot.assets.registry.RegistryException}.
 */
public interface InputImages {
  /** Where that image is; the same for all images of one source, and open until the run ends. */
  Registry registry(ImageReference image);

  /**
   * What the signature policy has against an input; to be asked before anything of it is fetched.
   * Asked again for the same input it answers the same.
   */
  Optional<Refresh> objection(Input input);

  /** What is in a catalog of extensions. */
  OfficialCatalog catalog(Input catalog);

  /** The Talos version that is in a base, of which neither tag nor label tells it. */
  Optional<String> versionInside(Input base, Arch arch);
}
