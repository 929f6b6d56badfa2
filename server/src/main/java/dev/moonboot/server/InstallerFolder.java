package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import dev.moonboot.server.InstallerPush.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
   * @throws StartException when there is none, or one that is not as it was made
   */
  static InstallerFolder read(Path folder) {
    try {
      List<Part> parts = new ArrayList<>();
      String version = "";
      for (Arch arch : Arch.values()) {
        Path record = folder.resolve(AssetName.RECORD.flatName(arch));
        if (Files.exists(record)) {
          parts.addAll(parts(folder, arch));
          version = object(record).text("talosVersion").orElse("");
        }
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
            throw trouble(
                "%s is not as it was made: %s of its installer image is missing or was changed;"
                        .formatted(folder, missing)
                    + " compose it anew");
          });
      return new InstallerFolder(version, parts);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be read", e);
    }
  }

  private static List<Part> parts(Path folder, Arch arch) throws IOException {
    Path root = folder.resolve(arch.id());
    Path image = root.resolve("installer");
    List<Part> parts = new ArrayList<>();
    if (Files.isDirectory(image)) {
      try (Stream<Path> files = Files.list(image)) {
        for (Path file : files.sorted().toList()) {
          Optional<AssetName> name = AssetName.ofFileName(root.relativize(file).toString());
          if (name.isPresent() && Files.isRegularFile(file)) {
            parts.add(new Part(name.get(), digest(file), file));
          }
        }
      }
    }
    return parts;
  }

  private static Digest digest(Path file) throws IOException {
    var sha256 = Digest.sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    return Digest.of(sha256);
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
