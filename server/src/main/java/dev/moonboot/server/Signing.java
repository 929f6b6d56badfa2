package dev.moonboot.server;

import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.config.SecretFile;
import dev.moonboot.installer.ReleaseSignatures;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Signs what is composed here, where the configuration names a key for it. */
final class Signing {
  private static final System.Logger LOG = System.getLogger(Signing.class.getName());

  private Signing() {}

  /**
   * What the configuration says.
   *
   * @throws StartException when the key cannot be used
   */
  static ReleaseSignatures of(ApplianceConfig config) {
    Path file = config.build().signingKey();
    if (file == null) {
      return ReleaseSignatures.none();
    }
    SigningKey key = key(file, System.getenv("CREDENTIALS_DIRECTORY"));
    LOG.log(Level.INFO, "build signing " + key);
    return ReleaseSignatures.open(key, config.state());
  }

  /**
   * The key in a file that nobody else may read.
   *
   * @param credentials the folder in which systemd passes credentials; null where there is none
   * @throws StartException when it cannot be used
   */
  static SigningKey key(Path file, @Nullable String credentials) {
    SecretFile.complaint(file, credentials)
        .ifPresent(complaint -> {
          throw new StartException("build.signing-key: " + complaint, null);
        });
    try {
      return SigningKey.read(file);
    } catch (IllegalArgumentException e) {
      throw new StartException("build.signing-key: " + e.getMessage(), e);
    }
  }
}
