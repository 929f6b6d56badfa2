package dev.moonboot.assets.registry;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Credentials for a registry. Never written anywhere: {@link #toString} says nothing.
 *
 * @param refreshToken whether the password is an OAuth 2 refresh token (docker's "identity token")
 */
record Login(String user, String password, boolean refreshToken) {
  /**
   * What docker's configuration (or a credential helper it names) has for the registry of {@code
   * source}; read anew each time, since it may have been changed.
   *
   * @param dockerConfig the only file to look into; null for the usual places
   */
  static Optional<Login> find(SourceImage.Repository source, @Nullable Path dockerConfig) {
    var image = ImageReference.of(source.registry(), source.path(), null);
    for (Path file : dockerConfig == null ? usualPlaces() : List.of(dockerConfig)) {
      Optional<Login> login = find(image, file);
      if (login.isPresent()) {
        return login;
      }
    }
    return Optional.empty();
  }

  private static Optional<Login> find(ImageReference image, Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return CredentialRetrieverFactory.forImage(image, event -> {})
          .dockerConfig(file)
          .retrieve()
          .map(Login::of);
    } catch (CredentialRetrievalException e) {
      // Its message may hold what a helper printed; that must not reach a log.
      Throwable cause = e.getCause() instanceof IOException io ? io : e;
      throw new RegistryException(
          Reason.AUTH_FAILED,
          "no credentials for %s from %s: %s"
              .formatted(image.getRegistry(), file, cause.getClass().getSimpleName()));
    }
  }

  private static Login of(Credential credential) {
    return new Login(
        credential.getUsername(), credential.getPassword(), credential.isOAuth2RefreshToken());
  }

  /** Where docker, and then podman and skopeo, keep them. */
  private static List<Path> usualPlaces() {
    List<Path> places = new ArrayList<>();
    String docker = System.getenv("DOCKER_CONFIG");
    places.add(
        docker == null
            ? Path.of(System.getProperty("user.home"), ".docker", "config.json")
            : Path.of(docker, "config.json"));
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    if (runtime != null) {
      places.add(Path.of(runtime, "containers", "auth.json"));
    }
    return places;
  }

  /** As an Authorization header (RFC 7617). */
  String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "Login[…]";
  }
}
