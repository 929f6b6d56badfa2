package dev.moonboot.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file that holds a secret, which only its owner may read. */
public final class SecretFile {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private SecretFile() {}

  /**
   * What is wrong with the permissions of {@code file}, if something is. A file that is missing or
   * cannot be looked at is found out where it is read.
   *
   * @param credentials the folder in which systemd passes credentials, whose files it guards itself
   *     (systemd.exec(5), "Credentials"); null where there is none
   */
  public static Optional<String> complaint(Path file, @Nullable String credentials) {
    if (credentials != null && file.normalize().startsWith(Path.of(credentials))) {
      return Optional.empty();
    }
    try {
      return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)
          ? Optional.of(
              file + " holds secrets and not only its owner may use it: chmod 600 " + file)
          : Optional.empty();
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
