package dev.moonboot.server;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.ImageLists;
import dev.moonboot.factory.Factory;
import dev.moonboot.factory.FactoryConfig;
import dev.moonboot.factory.Listing;
import dev.moonboot.json.Json;
import dev.moonboot.release.Releases;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the Image Factory together with the cache that composes for it. */
final class FactoryParts {
  private final FactoryConfig config;
  private final AssetCache cache;
  private final Releases releases;
  private final ImageLists lists;

  private FactoryParts(
      FactoryConfig config, AssetCache cache, Releases releases, ImageLists lists) {
    this.config = config;
    this.cache = cache;
    this.releases = releases;
    this.lists = lists;
  }

  static Factory open(
      FactoryConfig config, ApplianceConfig appliance, AssetCache cache, Releases releases) {
    var lists = new ImageLists(appliance.registry(), appliance.cache().resolve("catalogs"));
    FactoryParts parts = new FactoryParts(config, cache, releases, lists);
    return new Factory(
        config,
        appliance.state().resolve("factory"),
        new Factory.Ground(
            AssetCache::parse,
            parts::make,
            parts::held,
            () -> lists.tags(config.base()),
            parts::listed));
  }

  /** With what a factory needs. */
  static Set<Digest> needed(Set<Digest> others, @Nullable Factory factory) {
    Set<Digest> all = new HashSet<>(others);
    if (factory != null) {
      all.addAll(factory.needed());
    }
    return all;
  }

  private Fetched make(Channel channel) {
    Fetched fetched = cache.fetch(channel, Progress.NONE);
    if (fetched instanceof Fetched.Held(var release)) {
      releases.offer(release);
    }
    return fetched;
  }

  /** What no channel names is offered when it is first asked for. */
  private Optional<Release> held(Digest digest) {
    if (releases.isDamaged(digest)) {
      return Optional.empty();
    }
    Optional<Release> held = cache.release(digest);
    if (held.isPresent() && releases.release(digest).isEmpty()) {
      releases.offer(held.get());
    }
    return held;
  }

  private Json.Arr listed(Listing.Kind kind, String version) {
    List<ImageLists.Listed> all =
        switch (kind) {
          case EXTENSIONS -> lists.extensions(catalog("extensions", version));
          case OVERLAYS -> lists.overlays(catalog("overlays", version));
        };
    return new Json.Arr(
        all.stream()
            .<Json>map(
                listed -> kind == Listing.Kind.EXTENSIONS ? extension(listed) : overlay(listed))
            .toList());
  }

  /** Beside the base, as at ghcr.io; extensions as they are configured. */
  private ImageReference catalog(String what, String version) {
    if (what.equals("extensions") && !config.catalogs().isEmpty()) {
      return new ImageReference(config.catalogs().getFirst(), version, null);
    }
    String path = config.base().path();
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    return new ImageReference(
        new SourceImage.Repository(config.base().registry(), folder + what), version, null);
  }

  private static Json extension(ImageLists.Listed listed) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(listed.name()));
    members.put("ref", new Json.Str(tagged(listed.image())));
    members.put("digest", new Json.Str(String.valueOf(listed.image().digest())));
    members.put("author", new Json.Str(listed.author()));
    members.put("description", new Json.Str(listed.description()));
    return new Json.Obj(members);
  }

  private static Json overlay(ImageLists.Listed listed) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(listed.name()));
    members.put("image", new Json.Str(listed.repository()));
    members.put("ref", new Json.Str(tagged(listed.image())));
    members.put("digest", new Json.Str(String.valueOf(listed.image().digest())));
    return new Json.Obj(members);
  }

  private static String tagged(ImageReference image) {
    return new ImageReference(image.source(), image.tag(), null).toString();
  }
}
