package dev.moonboot.assets.registry;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Media types of OCI image-spec (media-types.md) and Docker image manifest v2 schema 2. */
final class MediaTypes {
  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

  /** What we ask for; all at once, since a registry answers a HEAD only for a type asked for. */
  static final String ACCEPT =
      String.join(", ", OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST);

  private static final Set<String> INDEXES = Set.of(OCI_INDEX, DOCKER_LIST);
  private static final Set<String> IMAGES = Set.of(OCI_MANIFEST, DOCKER_MANIFEST);
  private static final Set<String> CONFIGS =
      Set.of(
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.docker.container.image.v1+json");
  private static final Set<String> SAY_NOTHING =
      Set.of("", "application/json", "application/octet-stream", "text/plain");

  private MediaTypes() {}

  static boolean isIndex(String type) {
    return INDEXES.contains(type);
  }

  static boolean isImage(String type) {
    return IMAGES.contains(type);
  }

  static boolean isImageConfig(String type) {
    return CONFIGS.contains(type);
  }

  /** The type a Content-Type header names; null when it is too general to mean a manifest. */
  static @Nullable String ofHeader(@Nullable String contentType) {
    if (contentType == null) {
      return null;
    }
    int end = contentType.indexOf(';');
    String type =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return SAY_NOTHING.contains(type) ? null : type;
  }
}
