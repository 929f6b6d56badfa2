package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A manifest that jib sends as we made it. jib can only write manifests of its own kinds, but what
 * is a map to the library that writes them comes out member by member; that the bytes are the same
 * is checked.
 */
final class PushedManifest extends LinkedHashMap<String, @Nullable Object>
    implements ManifestTemplate {
  private static final long serialVersionUID = 1;

  private final String mediaType;

  private PushedManifest(Map<String, @Nullable Object> members, String mediaType) {
    super(members);
    this.mediaType = mediaType;
  }

  /**
   * As jib takes it.
   *
   * @throws IllegalArgumentException when it is not JSON in its compact form
   */
  static PushedManifest of(ImagePush.Document document) {
    if (!(JsonText.parse(new String(document.bytes(), UTF_8)) instanceof Json.Obj content)) {
      throw new IllegalArgumentException("a manifest is a JSON object");
    }
    var manifest = new PushedManifest(members(content), document.mediaType());
    try {
      if (!Digest.of(Blobs.writeToByteArray(Blobs.from(manifest)))
          .equals(Digest.of(document.bytes()))) {
        throw new IllegalArgumentException("a manifest in another form than the compact one");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return manifest;
  }

  private static Map<String, @Nullable Object> members(Json.Obj content) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    content.members().forEach((name, value) -> members.put(name, plain(value)));
    return members;
  }

  private static @Nullable Object plain(Json value) {
    return switch (value) {
      case Json.Obj object -> members(object);
      case Json.Arr(var items) -> items.stream().map(PushedManifest::plain).toList();
      case Json.Str(var text) -> text;
      case Json.Num number -> number.asLong().orElseThrow(() -> unknown(number));
      case Json.Bool(var flag) -> flag;
      case Json.Null _ -> null;
    };
  }

  private static IllegalArgumentException unknown(Json.Num number) {
    return new IllegalArgumentException("a manifest with the number " + number.text());
  }

  @Override
  public int getSchemaVersion() {
    return 2;
  }

  @Override
  public String getManifestMediaType() {
    return mediaType;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof PushedManifest that
        && that.mediaType.equals(mediaType);
  }

  @Override
  public int hashCode() {
    return List.of(super.hashCode(), mediaType).hashCode();
  }
}
