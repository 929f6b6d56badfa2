package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.build.LockFile;
import dev.moonboot.assets.build.LockedBuild;
import dev.moonboot.assets.cache.BuildRun;
import dev.moonboot.cli.ServiceReleases;
import dev.moonboot.config.Configuration;
import dev.moonboot.config.Suggestion;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import dev.moonboot.release.ReleaseRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code moonboot build diff} compares, by what a person calls it.
 *
 * @param config null where none was named
 * @param offline whether releases are read from the configuration's folders
 */
record BuildSides(
    @Nullable Path config, boolean offline, ServiceReleases service, CommandContext context) {
  private static final String LOCK = "lock:";
  private static final Pattern RECORD = Pattern.compile("release-(amd64|arm64)\\.json");

  /**
   * One of the two.
   *
   * @param name as it was called
   * @param byArch whether the descriptions are of architectures; else of builds
   */
  record Side(String name, boolean byArch, SortedMap<String, BuildDescription> descriptions) {
    static Side of(String name, BuildDescription only) {
      return new Side(name, false, new TreeMap<>(Map.of(name, only)));
    }
  }

  Side side(String text) {
    Optional<HeldRelease> release = HeldRelease.of(text);
    if (text.startsWith(LOCK)) {
      return Side.of(text, locked(text.substring(LOCK.length())));
    } else if (release.isPresent() && HeldRelease.isPlain(text)) {
      return held(text, release.get());
    }
    if (config != null && builds().contains(text)) {
      return now(text);
    }
    Path path = Path.of(text);
    if (Files.isDirectory(path)) {
      return folder(text, path);
    } else if (RECORD.matcher(path.getFileName().toString()).matches()) {
      return record(text, path);
    } else if (Files.exists(path)) {
      return lockFile(text, path);
    } else if (release.isPresent()) {
      return held(text, release.get());
    }
    throw context.wrongUsage(
        text
            + " is no file and no release (sha256:…, NAME@head, NAME@previous), and "
            + (config == null
                ? "to be the name of a build it needs --config FILE"
                : "no build"
                    + Suggestion.among(text, builds())
                    + "; there are "
                    + String.join(", ", builds())));
  }

  private Side held(String text, HeldRelease release) {
    SortedMap<String, BuildDescription> arches = new TreeMap<>();
    if (offline) {
      try {
        ReleaseRecords.of(new StoredReleases(read()).find(release))
            .forEach(
                (arch, record) -> arches.put(arch.id(), BuildDescription.of(arch.id(), record)));
      } catch (IOException e) {
        throw new UncheckedIOException("is it there, and may you read it?", e);
      }
    } else {
      String digest =
          switch (release) {
            case HeldRelease.ByDigest(var digits) -> digits;
            case HeldRelease.OfChannel(var channel, var previous) ->
                service.head(channel, previous ? 1 : 0);
          };
      service
          .records(digest)
          .members()
          .forEach((arch, record) -> {
            if (record instanceof Json.Obj of) {
              arches.put(arch, BuildDescription.of(arch, of));
            }
          });
    }
    return new Side(text, true, arches);
  }

  private ApplianceConfig read() {
    return Configuration.load(
            context.given(config, "--config"), System.getenv(), ApplianceConfig::read)
        .value();
  }

  /** Their names; a folder that is called as one of them is named ./NAME. */
  private List<String> builds() {
    return read().channels().channels().stream()
        .filter(channel -> channel.image().source() instanceof SourceImage.Composed)
        .map(Channel::name)
        .toList();
  }

  private BuildDescription locked(String name) {
    BuildConfig build = read().build();
    Map<String, LockedBuild> builds = LockFile.read(build.lock()).builds();
    LockedBuild found = builds.get(LockFile.key(build.site(), name));
    if (found == null) {
      throw context.wrongUsage(
          "%s has no build %s%s: moonboot build lock %s"
              .formatted(
                  build.lock(),
                  LockFile.key(build.site(), name),
                  Suggestion.among(name, builds.keySet()),
                  name));
    }
    return BuildDescription.of(found);
  }

  private static Side lockFile(String text, Path path) {
    SortedMap<String, BuildDescription> builds = new TreeMap<>();
    LockFile.read(path)
        .builds()
        .forEach((name, build) -> builds.put(name, BuildDescription.of(build)));
    return new Side(text, false, builds);
  }

  private Side now(String name) {
    ApplianceConfig read = read();
    Channel channel = BuildOptions.chosen(read, List.of(name), context).getFirst();
    return BuildOptions.running(
        read,
        BuildRun.By.INPUTS,
        context,
        run -> Side.of(name, BuildDescription.of(run.resolve(channel).recipe())));
  }

  private Side folder(String text, Path folder) {
    SortedMap<String, BuildDescription> arches = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "release-*.json")) {
      for (Path file : files) {
        arches.putAll(record(text, file).descriptions());
      }
    } catch (IOException e) {
      throw context.wrongUsage(folder + " cannot be read: " + e);
    }
    if (arches.isEmpty()) {
      throw context.wrongUsage(
          folder + " has no release-ARCH.json, as moonboot build apply --output writes it");
    }
    return new Side(text, true, arches);
  }

  private Side record(String text, Path file) {
    Matcher name = RECORD.matcher(file.getFileName().toString());
    try {
      if (name.matches() && JsonText.parse(Files.readString(file)) instanceof Json.Obj record) {
        String arch = name.group(1);
        return new Side(text, true, new TreeMap<>(Map.of(arch, BuildDescription.of(arch, record))));
      }
    } catch (JsonException e) {
      throw context.wrongUsage(file + " is no JSON: " + e.getMessage());
    } catch (IOException e) {
      throw context.wrongUsage(file + " cannot be read: " + e);
    }
    throw context.wrongUsage(file + " is no record of a release");
  }
}
