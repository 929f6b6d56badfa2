package dev.moonboot.assets.cache;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.build.Made;
import dev.moonboot.assets.build.Making;
import dev.moonboot.assets.build.Resolution;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/** Makes a release by a recipe. */
final class ComposedMake implements Origin.Make {
  private final Composing composing;
  private final Composition composition;
  private final RunImages images;
  private final WantedImage wanted;
  private final Resolution.Fixed recipe;
  private final Admission admission;
  private final Instant created = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  ComposedMake(
      Composing composing,
      Composition composition,
      RunImages images,
      WantedImage wanted,
      Resolution.Fixed recipe,
      Admission admission) {
    this.composing = composing;
    this.composition = composition;
    this.images = images;
    this.wanted = wanted;
    this.recipe = recipe;
    this.admission = admission;
  }

  @Override
  public List<String> keys() {
    return List.of(wanted.digest().toString());
  }

  @Override
  public long downloaded() {
    return images.downloaded();
  }

  @Override
  public Release into(Ingest ingest, LongConsumer needRoom) throws IOException {
    try {
      Map<Arch, Made> made =
          new Making(
                  order(),
                  images,
                  ingest.work(),
                  new Making.Means(composing.access().composer(), composing.turn()))
              .make();
      return publish(made, ingest);
    } finally {
      images.trim();
    }
  }

  private Making.Order order() {
    return new Making.Order(
        composition.name(),
        wanted.digest(),
        recipe.recipe(),
        composition.strict(),
        composing.threads(),
        wanted.progress());
  }

  private Release publish(Map<Arch, Made> made, Ingest ingest) throws IOException {
    wanted.progress().step("commit", wanted.digest().toString());
    Map<Arch, Build> builds = new EnumMap<>(Arch.class);
    for (var entry : made.entrySet()) {
      builds.put(entry.getKey(), commit(entry.getValue(), ingest));
    }
    Release release =
        new Release(wanted.digest(), wanted.image().source().display(), builds, created, admission);
    // before it is held: whatever is held can be made again
    composing.store().recipes().keep(release, ComposedOrigin.kept(recipe));
    return ingest.publish(release);
  }

  private Build commit(Made made, Ingest ingest) throws IOException {
    BootFiles files = made.files();
    var origin =
        new BuildRecord.Origin(
            wanted.image().source().display(),
            wanted.digest(),
            images.platform(recipe.recipe().base(), files.arch()),
            created);
    Map<String, Json> record = new LinkedHashMap<>(BuildRecord.of(origin, files).members());
    record.putAll(made.record().members());
    // Not the base's layers: what is composed of them must not be taken for what is in them.
    return new Build(
        files.content(),
        wanted.digest(),
        List.of(wanted.digest()),
        files.layout(),
        files.talosVersion(),
        files.kernelRelease(),
        files.extensions(),
        files.uki(),
        CommittedFiles.of(files, new Json.Obj(record), ingest));
  }
}
