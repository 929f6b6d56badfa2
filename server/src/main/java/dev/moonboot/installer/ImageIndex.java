package dev.moonboot.installer;

import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.verify.SignatureForms;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Indexes that stand in no file: lists of what refers to an image. */
public final class ImageIndex {
  private ImageIndex() {}

  /** An index over these descriptors. */
  public static Json.Obj of(List<Json.Obj> descriptors) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("schemaVersion", Json.Num.of(2));
    members.put("mediaType", new Json.Str(InstallerFiles.INDEX_TYPE));
    members.put("manifests", new Json.Arr(List.copyOf(descriptors)));
    return new Json.Obj(members);
  }

  /** How a manifest stands in a list of referrers (distribution-spec, "Listing Referrers"). */
  static Json.Obj descriptor(SignatureForms.Document manifest) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("mediaType", new Json.Str(manifest.mediaType()));
    members.put("digest", new Json.Str(manifest.digest().toString()));
    members.put("size", Json.Num.of(manifest.bytes().length));
    if (JsonText.parse(new String(manifest.bytes(), StandardCharsets.UTF_8))
        instanceof Json.Obj content) {
      content.member("artifactType").ifPresent(type -> members.put("artifactType", type));
      content.member("annotations").ifPresent(notes -> members.put("annotations", notes));
    }
    return new Json.Obj(members);
  }
}
