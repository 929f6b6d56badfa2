package dev.moonboot.server;

import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Following;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import dev.moonboot.config.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the section {@code build} of one channel. What it does not say is as in the build that it
 * is like, if it is like one.
 */
final class CompositionConfig {
  private static final Set<Output> BOOTABLE = Set.of(Output.INITRAMFS, Output.PARTS, Output.UKI);

  private final String name;
  private final ConfigReader in;
  private final boolean isLike;
  private final @Nullable Composition liked;

  /**
   * @param name of the channel
   * @param isLike whether it names a build that it is like
   * @param liked that build; null for none, or when that one cannot be used
   */
  private CompositionConfig(
      String name, ConfigReader in, boolean isLike, @Nullable Composition liked) {
    this.name = name;
    this.in = in;
    this.isLike = isLike;
    this.liked = liked;
  }

  /** Reads the channel that a build is like, before all else. */
  static Optional<String> like(ConfigReader in) {
    return in.optional(
        "like", "the channel whose build this one is, but for what stands here", Kind.TEXT);
  }

  /**
   * Reads what is left of the section.
   *
   * @param name of the channel
   * @param isLike whether {@link #like} was answered
   * @param liked the build of the channel it answered; null for none, or when that has problems
   * @return empty when a problem was noted, here or there
   */
  static Optional<Composition> read(
      String name, ConfigReader in, boolean isLike, @Nullable Composition liked) {
    return new CompositionConfig(name, in, isLike, liked).read();
  }

  private Optional<Composition> read() {
    Optional<Base> base = base();
    List<Part> extensions = extensions();
    List<String> arguments =
        in.values(
            "arguments",
            "kernel arguments put behind Talos's own; -name removes one of those",
            liked == null ? List.of() : liked.arguments(),
            BuildKinds.ARGUMENT);
    String platform =
        in.value(
            "platform",
            "Talos's name of where it runs",
            liked == null ? "metal" : liked.platform(),
            BuildKinds.PLATFORM,
            List.of());
    Optional<String> overlay =
        in.optional(
            "overlay",
            "the board whose kernel arguments are added; none of its files are",
            BuildKinds.OVERLAY);
    Set<Output> outputs = outputs();
    List<ImageReference> catalogs =
        in.values(
            "catalogs",
            "images that say which image an extension of Talos's own is; without one that of the"
                + " base's registry and version",
            liked == null ? List.of() : liked.catalogs(),
            BuildKinds.IMAGE);
    Optional<ImageReference> installerBase =
        in.optional(
            "installer-base",
            "the image that the installer image is put upon; without it the one beside the base",
            BuildKinds.IMAGE);
    boolean replace =
        in.value(
            "existing",
            "what becomes of extensions that the base has already: keep or replace",
            liked != null && liked.replace(),
            BuildKinds.REPLACE,
            List.of());
    boolean strict =
        in.bool(
            "strict",
            "whether warnings about an extension refuse it, as errors do",
            liked != null && liked.strict());
    Following following =
        in.value(
            "follow",
            "what makes a new release: inputs (whatever their tags name) or lock (the lock file)",
            liked == null ? Following.INPUTS : liked.following(),
            BuildKinds.FOLLOWING,
            List.of());
    if (isLike && liked == null) {
      return Optional.empty();
    }
    return base.map(from ->
        new Composition(
            name,
            from,
            extensions,
            replace,
            platform,
            arguments,
            overlay.map(Composition.Overlay::new).orElse(liked == null ? null : liked.overlay()),
            catalogs,
            installerBase.orElse(liked == null ? null : liked.installerBase()),
            outputs,
            strict,
            following,
            null));
  }

  private Optional<Base> base() {
    Optional<Base> own =
        in.optional(
            "base", "what kernel and initramfs come from; required without like", BuildKinds.BASE);
    if (own.isEmpty() && !isLike && !in.isSet("base")) {
      in.problem("base", "must be set: what kernel and initramfs come from (or like: a channel)");
    }
    return own.isEmpty() && liked != null ? Optional.of(liked.base()) : own;
  }

  private List<Part> extensions() {
    List<Part> add =
        in.values(
            "add",
            "with like: extensions that come behind those of the other build",
            List.of(),
            BuildKinds.EXTENSION);
    List<Part> without =
        in.values(
            "without",
            "with like: extensions of the other build that are left out",
            List.of(),
            BuildKinds.EXTENSION);
    List<Part> inherited = new ArrayList<>(liked == null ? List.of() : liked.extensions());
    if (liked != null) {
      without.stream().filter(part -> !inherited.remove(part)).forEach(this::notThere);
      add.stream()
          .filter(inherited::contains)
          .forEach(
              part -> in.problem("add", BuildKinds.text(part) + " is in it already; leave it out"));
    }
    inherited.addAll(add);
    List<Part> extensions =
        in.values(
            "extensions", "what is put into it, in this order", inherited, BuildKinds.EXTENSION);
    if (isLike && in.isSet("extensions")) {
      in.problem("extensions", "with like, write add and without");
    } else if (!isLike && !add.isEmpty()) {
      in.problem("add", "is for builds with like; write it in extensions");
    } else if (!isLike && !without.isEmpty()) {
      in.problem("without", "is for builds with like; leave it out");
    }
    noneTwice(isLike ? "add" : "extensions", isLike ? add : extensions);
    return extensions;
  }

  private void notThere(Part part) {
    List<String> there =
        liked == null ? List.of() : liked.extensions().stream().map(BuildKinds::text).toList();
    String text = BuildKinds.text(part);
    in.problem(
        "without",
        text
            + " is none of them"
            + Suggestion.among(text, there)
            + (there.isEmpty() ? "; it has none" : "; it has " + String.join(", ", there)));
  }

  private void noneTwice(String key, List<Part> parts) {
    Set<Part> seen = new HashSet<>();
    parts.stream()
        .filter(part -> !seen.add(part))
        .distinct()
        .forEach(part -> in.problem(key, "lists " + BuildKinds.text(part) + " twice"));
  }

  private Set<Output> outputs() {
    Set<Output> outputs =
        new LinkedHashSet<>(
            in.values(
                "outputs",
                "what is made besides kernel and command line",
                liked == null ? List.of(Output.INITRAMFS) : List.copyOf(liked.outputs()),
                BuildKinds.OUTPUT));
    if (outputs.stream().noneMatch(BOOTABLE::contains)) {
      in.problem(
          "outputs",
          "has nothing that nodes boot; add one of "
              + BOOTABLE.stream().map(Output::id).sorted().collect(Collectors.joining(", ")));
    }
    return outputs;
  }
}
