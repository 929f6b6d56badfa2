package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import java.util.List;

/** Artifacts that refer to an image, ready to be pushed. */
final class Referring {
  static final String TYPE = "application/vnd.example.note";

  private Referring() {}

  /** An artifact of that text. */
  static ImagePush.Document to(Digest subject, String text) {
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%1$s","artifactType":"%2$s",\
        "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%3$s","size":2},\
        "layers":[{"mediaType":"%2$s","digest":"%4$s","size":%5$d}],\
        "subject":{"mediaType":"%6$s","digest":"%7$s","size":1},"annotations":{"text":"%8$s"}}\
        """
            .formatted(
                MediaTypes.OCI_MANIFEST,
                TYPE,
                Digest.of("{}".getBytes(UTF_8)),
                Digest.of(text.getBytes(UTF_8)),
                text.length(),
                MediaTypes.OCI_INDEX,
                subject,
                text);
    return new ImagePush.Document(manifest.getBytes(UTF_8), MediaTypes.OCI_MANIFEST, null);
  }

  /** Its blobs. */
  static List<ImagePush.Content> contents(String text) {
    return List.of(
        new ImagePush.Content.OfBytes("{}".getBytes(UTF_8)),
        new ImagePush.Content.OfBytes(text.getBytes(UTF_8)));
  }
}
