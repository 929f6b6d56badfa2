package dev.moonboot.assets.cache;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.store.UkiRecord;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text of {@link AssetName#RECORD}: where the assets of one architecture came from. */
final class BuildRecord {
  /** The image that a record tells of. */
  record Origin(String source, Digest digest, PlatformImage platform, Instant created) {}

  private BuildRecord() {}

  /** For files just extracted. */
  static Json.Obj of(Origin origin, BootFiles files) {
    Map<String, Json> members = of(origin);
    members.put("arch", new Json.Str(files.arch().id()));
    members.put("content", new Json.Str(files.content().id()));
    members.put("layout", new Json.Str(files.layout()));
    members.put("talosVersion", new Json.Str(files.talosVersion()));
    members.put("kernelRelease", new Json.Str(files.kernelRelease()));
    members.put("extensions", list(files.extensions()));
    UkiLines uki = files.uki();
    if (uki != null) {
      members.put("uki", UkiRecord.json(uki));
    }
    if (!files.leftOut().isEmpty()) {
      members.put("leftOut", list(files.leftOut()));
    }
    Map<String, Json> assets = new LinkedHashMap<>();
    AssetName.sorted(files.files())
        .forEach((name, found) -> assets.put(name.fileName(), asset(found)));
    members.put("assets", new Json.Obj(assets));
    return new Json.Obj(members);
  }

  /**
   * For assets that were made from the same layers before.
   *
   * @param before their record then
   */
  static Json.Obj renewed(Origin origin, Path before) throws IOException {
    Map<String, Json> members = of(origin);
    try {
      if (JsonText.parse(Files.readString(before)) instanceof Json.Obj old) {
        old.members().forEach(members::putIfAbsent);
      }
    } catch (JsonException e) {
      throw new IOException(before + " is not the record it was: " + e.getMessage(), e);
    }
    return new Json.Obj(members);
  }

  private static Map<String, Json> of(Origin origin) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("sourceImage", new Json.Str(origin.source()));
    members.put("sourceDigest", new Json.Str(origin.digest().toString()));
    members.put("manifest", new Json.Str(origin.platform().manifest().toString()));
    members.put(
        "layers", list(origin.platform().layers().stream().map(Descriptor::digest).toList()));
    members.put("created", new Json.Str(origin.created().toString()));
    return members;
  }

  private static Json asset(BootFiles.Found found) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("size", Json.Num.of(found.size()));
    members.put("sha256", new Json.Str(found.digest().hex()));
    members.put("origin", new Json.Str(found.origin()));
    return new Json.Obj(members);
  }

  private static Json list(List<?> values) {
    return new Json.Arr(
        values.stream().<Json>map(value -> new Json.Str(value.toString())).toList());
  }
}
