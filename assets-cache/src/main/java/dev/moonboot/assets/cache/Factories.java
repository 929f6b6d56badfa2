package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.ImageReferences;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.assets.registry.WebFiles;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.schematic.SchematicException;
import dev.moonboot.assets.store.AssetStore;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.assets.store.StoreException;
import dev.moonboot.assets.verify.Verdict;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Image Factories, what was learned of them, and where what they make is put. */
final class Factories {
  private static final Logger LOG = System.getLogger(Factories.class.getName());

  /** Where a release's recipe says what a factory was asked for. */
  static final String ASKED = "factory";

  /** Schematics whose ids are kept; more than channels have. */
  private static final int REMEMBERED = 256;

  private static final Comparator<Release> FEWEST_NEWEST =
      Comparator.comparingInt((Release release) -> release.builds().size())
          .thenComparing(Release::created, Comparator.reverseOrder())
          .thenComparing(Release::digest);

  /** A schematic as it is posted to a factory. */
  record Posted(String url, String text) {}

  private final RegistrySettings settings;
  private final AssetStore store;
  private final Standings standings;
  private final LongConsumer needRoom;
  private final Map<Posted, String> ids =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Posted, String> eldest) {
              return size() > REMEMBERED;
            }
          });

  /**
   * @param needRoom told how many bytes are about to be written; throws when there is no room
   */
  Factories(
      RegistrySettings settings, AssetStore store, Standings standings, LongConsumer needRoom) {
    this.settings = settings;
    this.store = store;
    this.standings = standings;
    this.needRoom = needRoom;
  }

  Origin open(SourceImage.Factory factory) {
    try {
      return new FactoryOrigin(factory, this, new WebFiles(factory.url(), settings));
    } catch (IllegalArgumentException e) {
      throw new RegistryException(
          Reason.UNREACHABLE, "factory " + factory.url() + ": no URL", e, null);
    }
  }

  /** The id of what was posted, once the factory has said it. */
  Optional<String> id(Posted posted) {
    return Optional.ofNullable(ids.get(posted));
  }

  void learned(Posted posted, String id) {
    ids.put(posted, id);
    if (!id.equals(ours(posted.text()))) {
      LOG.log(Level.INFO, "factory=" + posted.url() + " schematic=" + id + " own_id=other");
    }
  }

  /** What id this appliance would give it; anything else where it would not read it. */
  private static String ours(String text) {
    try {
      return Schematic.parse(text).id();
    } catch (SchematicException e) {
      return "";
    }
  }

  /**
   * What is held of that name for all these architectures, and if possible for no others: always
   * the same, or a channel would move without a reason. What a factory made last counts.
   */
  Optional<Digest> held(ImageReference named, List<Arch> arches) {
    return store.all().stream()
        .filter(release -> release.source().equals(named.toString()))
        .filter(release -> release.builds().keySet().containsAll(arches))
        .min(FEWEST_NEWEST)
        .map(Release::digest);
  }

  /**
   * What was asked for to have that release, if it came from this factory: its channel may name
   * another version by now.
   */
  Optional<ImageReference> asked(SourceImage.Factory factory, Digest release) {
    try {
      return store
          .recipes()
          .find(release)
          .flatMap(kept -> kept.text(ASKED))
          .map(ImageReferences::parse)
          .filter(image ->
              image.source() instanceof SourceImage.Factory(var url, var _, var _)
                  && url.equals(factory.url()));
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(
          Level.WARNING, "cache release={0} recipe=unusable why=\"{1}\"", release, e.getMessage());
      return Optional.empty();
    }
  }

  /** Keeps what {@link #asked} tells. */
  void keep(Digest release, ImageReference named) throws IOException {
    store.recipes().keep(release, new Json.Obj(Map.of(ASKED, new Json.Str(named.toString()))));
  }

  /** What the policy says of a name under which nothing is ever signed. */
  Verdict judge(ImageReference image, Digest digest) {
    return standings.judge(Unsigned.IMAGE, image, digest);
  }

  /** Where the files of one run are put. */
  Ingest ingest(Digest key) {
    try {
      return store.ingest(key);
    } catch (StoreException e) {
      if (e.reason() == StoreException.Reason.IN_USE) {
        throw new RegistryException(
            Reason.BUSY, "another channel brings the same here: it is looked for again soon");
      }
      throw new RegistryException(Reason.LOCAL_IO, Troubles.text(e), e, null);
    } catch (IOException e) {
      throw new RegistryException(Reason.LOCAL_IO, Troubles.text(e), e, null);
    }
  }

  LongConsumer needRoom() {
    return needRoom;
  }
}
