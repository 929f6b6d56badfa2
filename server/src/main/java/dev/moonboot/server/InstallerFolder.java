package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import dev.moonboot.server.InstallerPush.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The installer image in a folder that {@code moonboot build apply --output} wrote, found to be
 * whole.
 *
 * @param version of Talos: the tag that it gets
 */
record InstallerFolder(String version, List<Part> parts) {
  InstallerFolder {
    parts = List.copyOf(parts);
  }

  /**
   * Reads it, every byte.
   *
   * @param folder that of the build, or of several with one for each
   * @throws StartException when there is none, one of another build, or one that is not as it was
   *     made
   */
  static InstallerFolder read(Path folder, Channel build) {
    Path own = folder.resolve(build.name());
    Path made = records(folder).isEmpty() && !records(own).isEmpty() ? own : folder;
    try {
      return readWhole(made, build);
    } catch (IOException e) {
      throw new UncheckedIOException(made + " cannot be read", e);
    }
  }

  private static InstallerFolder readWhole(Path folder, Channel build) throws IOException {
    SortedMap<Arch, Json.Obj> records = new TreeMap<>();
    for (Map.Entry<Arch, Path> one : records(folder).entrySet()) {
      records.put(one.getKey(), object(one.getValue()));
    }
    requireOne(folder, build, records);
    List<Part> parts = new ArrayList<>();
    for (Map.Entry<Arch, Json.Obj> one : records.entrySet()) {
      parts.addAll(parts(folder, one.getKey(), one.getValue()));
    }
    Part index =
        parts.stream()
            .filter(part -> part.name().equals(InstallerFiles.INDEX))
            .findFirst()
            .orElseThrow(() ->
                trouble(
                    folder
                        + " has no installer image; compose one there with moonboot build apply"
                        + " --output, of a build with the output installer"));
    Set<String> there =
        parts.stream().map(part -> part.digest().toString()).collect(Collectors.toSet());
    named(index)
        .filter(digest -> !there.contains(digest))
        .findFirst()
        .ifPresent(missing -> {
          throw changed(folder, missing);
        });
    return new InstallerFolder(
        records.firstEntry().getValue().text("talosVersion").orElse(""), parts);
  }

  /** One release, of that build. */
  private static void requireOne(Path folder, Channel build, SortedMap<Arch, Json.Obj> records) {
    Map<String, String> releases = new TreeMap<>();
    records.forEach((arch, record) -> {
      String source = record.text("sourceImage").orElse("");
      if (!source.equals(build.image().toString())) {
        throw trouble(
            "%s has what was made of %s, and %s was asked for; name its folder, or compose it anew"
                .formatted(folder, source, build.image()));
      }
      String release = record.text("sourceDigest").orElse("");
      releases.put(release, arch.id() + " of " + release);
    });
    if (releases.size() > 1) {
      throw trouble(
          "%s has files of more than one release (%s); compose into a folder of its own"
              .formatted(folder, String.join(", ", releases.values())));
    }
  }

  private static SortedMap<Arch, Path> records(Path folder) {
    SortedMap<Arch, Path> records = new TreeMap<>();
    for (Arch arch : Arch.values()) {
      Path record = folder.resolve(AssetName.RECORD.flatName(arch));
      if (Files.exists(record)) {
        records.put(arch, record);
      }
    }
    return records;
  }

  /** What the record lists, and nothing that is left of an image before. */
  private static List<Part> parts(Path folder, Arch arch, Json.Obj record) throws IOException {
    List<Part> parts = new ArrayList<>();
    Map<String, Json> assets = record.object("assets").map(Json.Obj::members).orElse(Map.of());
    for (Map.Entry<String, Json> asset : assets.entrySet()) {
      Optional<AssetName> name =
          AssetName.ofFileName(asset.getKey()).filter(InstallerFolder::isOfImage);
      if (name.isPresent()) {
        parts.add(part(folder, name.get(), arch, asset.getValue()));
      }
    }
    return parts;
  }

  private static boolean isOfImage(AssetName name) {
    return InstallerFiles.isBlob(name)
        || name.equals(InstallerFiles.INDEX)
        || name.equals(InstallerFiles.MANIFEST);
  }

  private static Part part(Path folder, AssetName name, Arch arch, Json asset) throws IOException {
    Path file = folder.resolve(name.flatName(arch));
    String listed = asset instanceof Json.Obj of ? of.text("sha256").orElse("") : "";
    Digest digest = Files.isRegularFile(file) ? Digest.ofFile(file) : null;
    if (digest == null || !digest.hex().equals(listed)) {
      throw changed(folder, "sha256:" + listed);
    }
    return new Part(name, digest, file);
  }

  private static StartException changed(Path folder, String digest) {
    return trouble(
        "%s is not as it was made: %s of its installer image is missing or was changed;"
                .formatted(folder, digest)
            + " compose it anew");
  }

  /**
   * The digests of all that belongs to an image: those of its architectures, and of their blobs.
   */
  private static Stream<String> named(Part index) throws IOException {
    List<String> digests = new ArrayList<>();
    for (Json.Obj manifest : objects(object(index.file()), "manifests")) {
      String digest = manifest.text("digest").orElse("");
      digests.add(digest);
      Path beside = beside(index, manifest);
      if (Files.exists(beside)) {
        Json.Obj image = object(beside);
        image.object("config").flatMap(of -> of.text("digest")).ifPresent(digests::add);
        objects(image, "layers").forEach(layer -> layer.text("digest").ifPresent(digests::add));
      }
    }
    return digests.stream();
  }

  /** Each architecture's files stand in a folder of its own, which holds one index as the other. */
  private static Path beside(Part index, Json.Obj manifest) {
    String arch = manifest.object("platform").flatMap(of -> of.text("architecture")).orElse("none");
    Path root = index.file().resolveSibling("../..").normalize();
    return root.resolve(arch).resolve(InstallerFiles.MANIFEST.fileName());
  }

  private static List<Json.Obj> objects(Json.Obj of, String name) {
    return of.array(name).orElse(List.of()).stream()
        .filter(Json.Obj.class::isInstance)
        .map(Json.Obj.class::cast)
        .toList();
  }

  private static Json.Obj object(Path file) throws IOException {
    try {
      if (JsonText.parse(Files.readString(file)) instanceof Json.Obj object) {
        return object;
      }
    } catch (JsonException e) {
      // told below
    }
    throw trouble(file + " is not as it was made; compose it anew");
  }

  private static StartException trouble(String why) {
    return new StartException(why, null);
  }
}
