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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private final Map<String, ChannelSource> sources;
  private final ChannelLinks links;
  private final Map<String, ReadChannel> read = new HashMap<>();
  private final Set<String> beingRead = new HashSet<>();

  ChannelReading(Map<String, ChannelSource> sources) {
    this.sources = sources;
    this.links = new ChannelLinks(sources);
    links.checkLikes();
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
    links.checkBases(read);
  }

  private ReadChannel read(String name) {
    ReadChannel done = read.get(name);
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

  private ReadChannel read(ChannelSource source) {
    ReadChannel liked = liked(source);
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
    return new ReadChannel(channel, composition.orElse(null), arches, content, isDefault);
  }

  private @Nullable ReadChannel liked(ChannelSource source) {
    String like = source.like();
    ChannelSource liked = like == null ? null : sources.get(like);
    return liked == null || !liked.isBuild() || links.isInCircle(liked.name())
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
      @Nullable ReadChannel liked,
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
