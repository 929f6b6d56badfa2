package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Content;
import dev.moonboot.config.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How channels lead to one another: by what they are like, and by what they are made of. Notes
 * where a way leads nowhere, or back to where it began; each circle once.
 */
final class ChannelLinks {
  private final Map<String, ChannelSource> sources;
  private final Set<String> circles = new HashSet<>();

  ChannelLinks(Map<String, ChannelSource> sources) {
    this.sources = sources;
  }

  /** Notes what is wrong with what channels are like, before any of them is read. */
  void checkLikes() {
    sources.values().forEach(this::checkLike);
  }

  /** Whether a channel is in a circle that was noted. */
  boolean isInCircle(String name) {
    return circles.contains(name);
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

  /**
   * Notes what is wrong with channels that others are made of.
   *
   * @param read all channels
   */
  void checkBases(Map<String, ReadChannel> read) {
    for (ChannelSource source : sources.values()) {
      String base = base(source.name(), read);
      if (base != null) {
        checkBase(source, base, read);
      }
    }
  }

  private void checkBase(ChannelSource source, String base, Map<String, ReadChannel> read) {
    boolean own = source.build().isSet("base");
    ReadChannel of = read.get(base);
    List<String> circle = circle(source.name(), name -> base(name, read));
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
    } else if (isFactory(base)) {
      source
          .build()
          .problem(
              own ? "base" : "like",
              ("channel %s follows an Image Factory, whose files have no image to build on: name the"
                      + " imager image of that version")
                  .formatted(base));
    } else if (!of.arches().containsAll(arches(source.name(), read))) {
      source.in().problem("arch", "channel " + base + ", the base, has only " + ids(of.arches()));
    }
  }

  private boolean isFactory(String name) {
    ChannelSource source = sources.get(name);
    return source != null && source.isFactory();
  }

  private static List<Arch> arches(String name, Map<String, ReadChannel> read) {
    ReadChannel of = read.get(name);
    return of == null ? List.of() : of.arches();
  }

  private static String ids(List<Arch> arches) {
    return String.join(", ", arches.stream().map(Arch::id).toList());
  }

  private static @Nullable String base(String name, Map<String, ReadChannel> read) {
    ReadChannel of = read.get(name);
    Composition composition = of == null ? null : of.composition();
    return composition != null && composition.base() instanceof Base.OfChannel(var base)
        ? base
        : null;
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
}
