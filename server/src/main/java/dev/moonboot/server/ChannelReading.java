package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.config.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads channels that may be like one another, or be made of one another: each once, and what it
 * depends on before it.
 */
final class ChannelReading {
  private static final Kind<Arch> ARCH =
      new Kind<>(
          "amd64 or arm64",
          text -> Arch.parse(text).orElseThrow(() -> new IllegalArgumentException("unknown")),
          Arch::id);

  private static final List<Arch> BOTH = List.of(Arch.AMD64, Arch.ARM64);

  private static final Kind<Content> CONTENT = TrustConfig.oneOf(Content.values(), Content::id);

  /**
   * A channel as it was read.
   *
   * @param channel null when it has problems
   * @param composition null when it has problems, or is none
   */
  private record Read(
      @Nullable Channel channel,
      @Nullable Composition composition,
      List<Arch> arches,
      Content content,
      boolean isDefault) {}

  private final Map<String, ChannelSource> sources;
  private final Map<String, Read> read = new HashMap<>();
  private final Set<String> beingRead = new HashSet<>();
  private final Set<String> circles = new HashSet<>();

  ChannelReading(Map<String, ChannelSource> sources) {
    this.sources = sources;
    sources.values().forEach(this::checkLike);
  }

  /** The channel; empty when a problem was noted. */
  Optional<Channel> channel(String name) {
    return Optional.ofNullable(read(name).channel());
  }

  /** Whether paths without a channel are to mean it. */
  boolean isDefault(String name) {
    return read(name).isDefault();
  }

  /** Notes what is wrong with channels that others are made of, when all have been read. */
  void checkBases() {
    for (ChannelSource source : sources.values()) {
      String base = base(source.name());
      if (base != null) {
        checkBase(source, base);
      }
    }
  }

  private void checkBase(ChannelSource source, String base) {
    boolean own = source.build().isSet("base");
    Read of = read.get(base);
    List<String> circle = circle(source.name(), this::base);
    if (of == null) {
      if (own) {
        source.build().problem("base", unknown(base));
      }
    } else if (!circle.isEmpty()) {
      if (circles.addAll(circle)) {
        source
            .build()
            .problem(
                own ? "base" : "like",
                String.join(" is made of ", circle) + ": one of them needs an image as its base");
      }
    } else if (of.content() != Content.BOOT) {
      source
          .build()
          .problem("base", "channel " + base + " holds " + of.content().id() + ", nothing to boot");
    } else if (!of.arches().containsAll(read(source.name()).arches())) {
      source.in().problem("arch", "channel " + base + ", the base, has only " + ids(of.arches()));
    }
  }

  private static String ids(List<Arch> arches) {
    return String.join(", ", arches.stream().map(Arch::id).toList());
  }

  private @Nullable String base(String name) {
    Read done = read.get(name);
    Composition composition = done == null ? null : done.composition();
    return composition != null && composition.base() instanceof Base.OfChannel(var base)
        ? base
        : null;
  }

  private void checkLike(ChannelSource source) {
    String like = source.like();
    if (like == null) {
      return;
    }
    ChannelSource liked = sources.get(like);
    if (liked == null) {
      source.build().problem("like", unknown(like));
    } else if (!liked.isBuild()) {
      source.build().problem("like", "channel " + like + " has no build to be like");
    } else {
      List<String> circle = circle(source.name(), this::like);
      if (!circle.isEmpty() && circles.addAll(circle)) {
        source
            .build()
            .problem(
                "like", String.join(" is like ", circle) + ": one of them needs a base of its own");
      }
    }
  }

  private @Nullable String like(String name) {
    ChannelSource source = sources.get(name);
    return source == null ? null : source.like();
  }

  /** The way from {@code name} back to it; empty when it does not come back. */
  private static List<String> circle(String name, Function<String, @Nullable String> next) {
    List<String> way = new ArrayList<>(List.of(name));
    for (String at = next.apply(name); at != null; at = next.apply(at)) {
      if (at.equals(name)) {
        way.add(at);
        return way;
      } else if (way.contains(at)) {
        return List.of(); // of others, and told there
      }
      way.add(at);
    }
    return List.of();
  }

  private String unknown(String name) {
    return "there is no channel "
        + name
        + Suggestion.among(name, sources.keySet())
        + "; there are "
        + String.join(", ", sources.keySet());
  }

  private Read read(String name) {
    Read done = read.get(name);
    if (done == null) {
      ChannelSource source = sources.get(name);
      if (source == null) {
        throw new IllegalStateException("channel " + name);
      }
      beingRead.add(name);
      done = read(source);
      beingRead.remove(name);
      read.put(name, done);
    }
    return done;
  }

  private Read read(ChannelSource source) {
    Read liked = liked(source);
    Optional<Composition> composition =
        source.isBuild()
            ? CompositionConfig.read(
                source.name(),
                source.build(),
                source.like() != null,
                liked == null ? null : liked.composition())
            : Optional.empty();
    Optional<ImageReference> factory =
        source.isFactory() ? FactorySource.read(source.factory()) : Optional.empty();
    Content content = content(source);
    List<Arch> arches = arches(source, content, liked, composition);
    boolean isDefault = isDefault(source.in(), content);
    Optional<ImageReference> image =
        Optional.ofNullable(source.image())
            .or(() ->
                composition.map(of -> new ImageReference(new SourceImage.Composed(of), null, null)))
            .or(() -> factory);
    Channel channel = image.map(of -> channel(source, of, arches, content)).orElse(null);
    return new Read(channel, composition.orElse(null), arches, content, isDefault);
  }

  private @Nullable Read liked(ChannelSource source) {
    String like = source.like();
    ChannelSource liked = like == null ? null : sources.get(like);
    return liked == null || !liked.isBuild() || circles.contains(liked.name())
        ? null
        : read(liked.name());
  }

  private static Content content(ChannelSource source) {
    Content content =
        source
            .in()
            .value(
                "content",
                "what its images hold: what nodes boot, network boot programs (loaders), or what"
                    + " a Raspberry Pi's ROM loads (firmware)",
                Content.BOOT,
                CONTENT,
                List.of());
    if (content != Content.BOOT && (source.isBuild() || source.isFactory())) {
      source.in().problem("content", "a build or a factory makes what nodes boot; leave it out");
    }
    return content;
  }

  private List<Arch> arches(
      ChannelSource source,
      Content content,
      @Nullable Read liked,
      Optional<Composition> composition) {
    List<Arch> fallback = content == Content.FIRMWARE ? List.of(Arch.ARM64) : BOTH;
    if (liked != null) {
      fallback = liked.arches();
    } else if (composition.isPresent()
        && composition.get().base() instanceof Base.OfChannel(var base)
        && sources.containsKey(base)
        && !beingRead.contains(base)) { // else a circle, and told as one
      fallback = read(base).arches();
    }
    return source
        .in()
        .values(
            "arch",
            "the architectures that a release must have, all of them; of firmware only arm64, of a"
                + " build those of what it is like or made of",
            fallback,
            ARCH);
  }

  private static boolean isDefault(ConfigReader in, Content content) {
    boolean isDefault =
        in.bool(
            "default",
            "whether paths without a channel (/assets/talos/<arch>/...) mean this one;"
                + " the only one that nodes boot is the default anyway",
            false);
    if (isDefault && content != Content.BOOT) {
      in.problem("default", "the channel holds " + content.id() + ", nothing to boot");
    }
    return isDefault;
  }

  private static @Nullable Channel channel(
      ChannelSource source, ImageReference image, List<Arch> arches, Content content) {
    if (new LinkedHashSet<>(arches).size() < arches.size()) {
      source.in().problem("arch", "lists an architecture twice");
    }
    if (content == Content.FIRMWARE && arches.contains(Arch.AMD64)) {
      source
          .in()
          .problem("arch", "firmware is for the Raspberry Pi, which is arm64 only; leave it out");
    }
    try {
      return new Channel(source.name(), image, arches, content);
    } catch (IllegalArgumentException e) {
      source.in().problem(arches.isEmpty() ? "arch" : "image", String.valueOf(e.getMessage()));
      return null;
    }
  }
}
