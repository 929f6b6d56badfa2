package dev.moonboot.installer;

import dev.moonboot.release.Releases;
import java.util.List;

/**
 * What the boot listener needs to give away installer images and signatures.
 *
 * @param repositories the images
 * @param signatures of all that is made here
 */
public record InstallerImages(InstallerRepositories repositories, ReleaseSignatures signatures) {
  /** No images, and nothing is signed. */
  public static InstallerImages none() {
    ReleaseSignatures unsigned = ReleaseSignatures.none();
    return new InstallerImages(
        new InstallerRepositories(new Releases(List.of(), null), unsigned), unsigned);
  }
}
