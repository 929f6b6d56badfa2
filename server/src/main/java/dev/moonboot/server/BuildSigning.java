package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.cache.BuiltFiles;
import dev.moonboot.assets.cache.ImagePull;
import dev.moonboot.assets.verify.SignatureForms;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.files.AtomicFile;
import dev.moonboot.installer.ReleaseSignatures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** Puts signatures beside files that were composed into a folder. */
final class BuildSigning {
  private BuildSigning() {}

  /**
   * The key that the configuration names; empty where it names none.
   *
   * @throws StartException when it cannot be used
   */
  static Optional<SigningKey> key(ApplianceConfig config) {
    return Optional.ofNullable(config.build().signingKey())
        .map(file -> Signing.key(file, System.getenv("CREDENTIALS_DIRECTORY")));
  }

  /** Signs every file. */
  static void sign(BuiltFiles built, SigningKey key) {
    var forms = new SignatureForms(key.fingerprint(), key::signHash);
    for (ImagePull.PulledArch arch : built.arches()) {
      for (ImagePull.PulledFile one : arch.files()) {
        Path bundle = Path.of(one.file() + ReleaseSignatures.SUFFIX);
        try {
          AtomicFile.replace(bundle, forms.ofFile(one.digest()).getBytes(UTF_8));
        } catch (IOException e) {
          throw new UncheckedIOException("the signature " + bundle + " cannot be written", e);
        }
      }
    }
  }
}
