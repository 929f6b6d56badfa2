package dev.moonboot.assets.store;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.files.BrokenFileException;
import dev.moonboot.files.SealedFile;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** A release as JSON, in {@code releases/sha256-<hex>.json}. */
final class ReleaseRecord {
  private ReleaseRecord() {}

  static void write(StoreLayout layout, Release release) throws IOException {
    SealedFile.write(layout.release(release.digest()), json(release), StoreLayout.RECORD_MODE);
  }

  /**
   * @throws BrokenFileException when it is not a record we wrote, or is that of another release
   */
  static Release read(StoreLayout layout, Digest digest) throws IOException {
    Path file = layout.release(digest);
    Json.Obj content = SealedFile.read(file);
    try {
      Release release = release(layout, content);
      if (!release.digest().equals(digest)) {
        throw new BrokenFileException(file, "it is the record of " + release.digest());
      }
      return release;
    } catch (RuntimeException e) { // a member is missing or not what it should be
      throw new BrokenFileException(file, e.toString());
    }
  }

  private static Json.Obj json(Release release) {
    Map<String, Json> builds = new LinkedHashMap<>();
    new EnumMap<>(release.builds()).forEach((arch, build) -> builds.put(arch.id(), json(build)));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("digest", text(release.digest()));
    members.put("source", text(release.source()));
    members.put("created", text(release.created()));
    members.put("builds", new Json.Obj(builds));
    members.put("admission", AdmissionRecord.json(release.admission()));
    return new Json.Obj(members);
  }

  private static Json.Obj json(Build build) {
    Map<String, Json> assets = new LinkedHashMap<>();
    AssetName.sorted(build.assets())
        .forEach((name, asset) -> {
          Map<String, Json> members = new LinkedHashMap<>();
          members.put("digest", text(asset.digest()));
          members.put("size", Json.Num.of(asset.size()));
          assets.put(name.fileName(), new Json.Obj(members));
        });
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("content", text(build.content().id()));
    members.put("manifest", text(build.manifest()));
    members.put("layers", list(build.layers()));
    members.put("layout", text(build.layout()));
    members.put("talosVersion", text(build.talosVersion()));
    members.put("kernelRelease", text(build.kernelRelease()));
    members.put("extensions", list(build.extensions()));
    UkiLines uki = build.uki();
    if (uki != null) {
      members.put("uki", UkiRecord.json(uki));
    }
    members.put("assets", new Json.Obj(assets));
    return new Json.Obj(members);
  }

  private static Json text(Object value) {
    return new Json.Str(value.toString());
  }

  private static Json list(List<?> values) {
    return new Json.Arr(values.stream().map(ReleaseRecord::text).toList());
  }

  private static Release release(StoreLayout layout, Json.Obj json) {
    Map<Arch, Build> builds = new EnumMap<>(Arch.class);
    json.object("builds")
        .orElseThrow()
        .members()
        .forEach((id, build) -> {
          Arch arch = Arch.parse(id).orElseThrow();
          builds.put(arch, build(layout, arch, (Json.Obj) build));
        });
    return new Release(
        Digest.parse(want(json, "digest")),
        want(json, "source"),
        builds,
        Instant.parse(want(json, "created")),
        AdmissionRecord.read(json.object("admission").orElseThrow()));
  }

  private static Build build(StoreLayout layout, Arch arch, Json.Obj json) {
    Map<AssetName, Asset> assets = new HashMap<>();
    json.object("assets")
        .orElseThrow()
        .members()
        .forEach((fileName, value) -> {
          AssetName name = AssetName.ofFileName(fileName).orElseThrow();
          Json.Obj asset = (Json.Obj) value;
          Digest digest = Digest.parse(want(asset, "digest"));
          long size = asset.integer("size").orElseThrow();
          assets.put(name, new Asset(name, arch, layout.blob(digest), size, digest));
        });
    return new Build(
        content(json),
        Digest.parse(want(json, "manifest")),
        strings(json, "layers").stream().map(Digest::parse).toList(),
        want(json, "layout"),
        want(json, "talosVersion"),
        want(json, "kernelRelease"),
        strings(json, "extensions"),
        json.object("uki").map(UkiRecord::read).orElse(null),
        assets);
  }

  /** Records of before there were others name none. */
  private static Content content(Json.Obj json) {
    return Content.parse(json.text("content").orElse(Content.BOOT.id())).orElseThrow();
  }

  private static String want(Json.Obj json, String name) {
    return json.text(name).orElseThrow(() -> new NoSuchElementException("no " + name));
  }

  private static List<String> strings(Json.Obj json, String name) {
    return json.array(name).orElseThrow().stream().map(item -> ((Json.Str) item).value()).toList();
  }

  /** The digest whose record has that file name; empty for other files. */
  static Optional<Digest> digestOf(Path file) {
    String name = file.getFileName().toString();
    try {
      return name.endsWith(".json")
          ? Optional.of(Digest.parseFileName(name.substring(0, name.length() - 5)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
