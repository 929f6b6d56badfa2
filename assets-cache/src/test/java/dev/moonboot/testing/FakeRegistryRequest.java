package dev.moonboot.testing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that {@link FakeRegistry} received.
 *
 * @param target as on the request line
 * @param path the target without scheme, host and query
 * @param query null when there is none
 * @param headers by lower-case name
 * @param body empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FakeRegistryRequest(
    String method,
    String target,
    String path,
    @Nullable String query,
    Map<String, String> headers,
    byte[] body) {
  /** What was asked for. */
  public enum Kind {
    HEAD_MANIFEST,
    GET_MANIFEST,
    PUT_MANIFEST,
    UPLOAD,
    BLOB,
    REFERRERS,
    TOKEN,
    OTHER
  }

  /** What was asked for. */
  public Kind kind() {
    if (path.startsWith("/v2/") && path.contains("/manifests/")) {
      return switch (method) {
        case "HEAD" -> Kind.HEAD_MANIFEST;
        case "PUT" -> Kind.PUT_MANIFEST;
        default -> Kind.GET_MANIFEST;
      };
    }
    if (path.startsWith("/v2/") && path.contains("/blobs/uploads/")) {
      return Kind.UPLOAD;
    }
    if (path.startsWith("/v2/") && path.contains("/blobs/")) {
      return Kind.BLOB;
    }
    if (path.startsWith("/v2/") && path.contains("/referrers/")) {
      return Kind.REFERRERS;
    }
    return path.equals("/token") ? Kind.TOKEN : Kind.OTHER;
  }

  /** The header of that lower-case name; null when absent. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }
}
