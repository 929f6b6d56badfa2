package dev.moonboot.assets.store;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Remade;
import dev.moonboot.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which bytes a release was made of, as it is kept with its recipe: equal recipes are to give equal
 * bytes, and only so it is known where they do not.
 *
 * @param digests by the names of the files
 */
record MadeFiles(SortedMap<String, Digest> digests) {
  private static final String FILES = "files";
  private static final String REMADE = "remade";
  private static final String AT = "at";

  /** Nothing is known. */
  static final MadeFiles NONE = new MadeFiles(new TreeMap<>());

  MadeFiles {
    digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
  }

  /** All but the record, which says when it was made. */
  static MadeFiles of(Release release) {
    SortedMap<String, Digest> digests = new TreeMap<>();
    release
        .builds()
        .forEach((arch, build) ->
            build
                .assets()
                .forEach((name, asset) -> {
                  if (name != AssetName.RECORD) {
                    digests.put(name.flatName(arch), asset.digest());
                  }
                }));
    return new MadeFiles(digests);
  }

  /**
   * What is kept; none where nothing is, as before this was kept.
   *
   * @throws IllegalArgumentException when it is not what was written
   */
  static MadeFiles read(Json.Obj kept) {
    SortedMap<String, Digest> digests = new TreeMap<>();
    Json.Obj files = kept.object(FILES).orElse(new Json.Obj(Map.of()));
    for (String name : files.members().keySet()) {
      digests.put(name, Digest.parse(files.text(name).orElse("")));
    }
    return new MadeFiles(digests);
  }

  /** The names of those that are in both and differ. */
  List<String> differing(MadeFiles other) {
    return digests.entrySet().stream()
        .filter(file -> other.digests.containsKey(file.getKey()))
        .filter(file -> !Objects.equals(file.getValue(), other.digests.get(file.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** These, and those of the other that are not among them: of other architectures. */
  MadeFiles over(MadeFiles other) {
    SortedMap<String, Digest> all = new TreeMap<>(other.digests);
    all.putAll(digests);
    return new MadeFiles(all);
  }

  /** To be kept beside the recipe. */
  Map<String, Json> json(Optional<Remade> remade) {
    Map<String, Json> files = new LinkedHashMap<>();
    digests.forEach((name, digest) -> files.put(name, new Json.Str(digest.toString())));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(FILES, new Json.Obj(files));
    remade.ifPresent(one ->
        members.put(
            REMADE,
            new Json.Obj(
                Map.of(
                    AT,
                    new Json.Str(one.at().toString()),
                    FILES,
                    new Json.Arr(one.files().stream().<Json>map(Json.Str::new).toList())))));
    return members;
  }

  /** What is kept of when other bytes were made. */
  static Optional<Remade> remade(Digest release, Json.Obj kept) {
    return kept.object(REMADE).flatMap(one -> remade(release, one, one.text(AT).orElse("")));
  }

  private static Optional<Remade> remade(Digest release, Json.Obj one, String at) {
    try {
      List<String> files =
          one.array(FILES).orElse(List.of()).stream()
              .map(name -> name instanceof Json.Str(var text) ? text : "")
              .toList();
      return Optional.of(new Remade(release, Instant.parse(at), files));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
