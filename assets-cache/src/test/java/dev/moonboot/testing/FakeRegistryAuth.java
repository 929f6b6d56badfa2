package dev.moonboot.testing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What credentials {@link FakeRegistry} asks for, and how.
 *
 * @param scheme {@code Basic}, {@code Bearer}; empty for none
 * @param user null: everybody gets a token
 * @param password of the user
 * @param realm where tokens are to be had; null for this registry's own {@code /token}
 * @param token that is given and accepted; change it to let the old one expire
 */
public record FakeRegistryAuth(
    String scheme,
    @Nullable String user,
    @Nullable String password,
    @Nullable String realm,
    String token) {
  /** Nobody is asked. */
  public static final FakeRegistryAuth NONE = new FakeRegistryAuth("", null, null, null, "");

  /** User and password with every request. */
  public static FakeRegistryAuth basic(String user, String password) {
    return new FakeRegistryAuth("Basic", user, password, null, "");
  }

  /** A token, for user and password. */
  public static FakeRegistryAuth bearer(String user, String password) {
    return new FakeRegistryAuth("Bearer", user, password, null, "token-1");
  }

  /** A token for everybody. */
  public static FakeRegistryAuth anonymousBearer() {
    return new FakeRegistryAuth("Bearer", null, null, null, "token-1");
  }

  /** Tokens to be had elsewhere. */
  public FakeRegistryAuth withRealm(String elsewhere) {
    return new FakeRegistryAuth(scheme, user, password, elsewhere, token);
  }

  /** Another token than before. */
  public FakeRegistryAuth withToken(String other) {
    return new FakeRegistryAuth(scheme, user, password, realm, other);
  }

  /** The answer to a request that is not let through as it is. */
  Optional<FakeRegistryReply> challenge(FakeRegistryRequest request, String url) {
    if (scheme.isEmpty()) {
      return Optional.empty();
    }
    String given = request.headers().getOrDefault("authorization", "");
    if (request.kind() == FakeRegistryRequest.Kind.TOKEN) {
      return Optional.of(
          user == null || given.equals(basic()) ? tokenReply() : FakeRegistryReply.of(401));
    }
    boolean known = given.equals(scheme.equals("Basic") ? basic() : "Bearer " + token);
    return known ? Optional.empty() : Optional.of(unauthorized(url));
  }

  private FakeRegistryReply tokenReply() {
    return FakeRegistryReply.of(
        200,
        Map.of("Content-Type", "application/json"),
        "{\"token\":\"%s\",\"expires_in\":300}".formatted(token).getBytes(StandardCharsets.UTF_8));
  }

  private FakeRegistryReply unauthorized(String url) {
    String challenge =
        scheme.equals("Basic")
            ? "Basic realm=\"fake\""
            : "Bearer realm=\"%s\",service=\"fake\",scope=\"repository:any:pull\""
                .formatted(realm == null ? url + "/token" : realm);
    return FakeRegistryReply.of(401, Map.of("WWW-Authenticate", challenge), new byte[0]);
  }

  private String basic() {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }
}
