package dev.moonboot.assets.registry;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the image for one architecture behind a digest. */
public final class Platforms {
  private final Registry registry;
  private final Arch arch;
  private final Set<String> offered = new TreeSet<>();

  private Platforms(Registry registry, Arch arch) {
    this.registry = registry;
    this.arch = arch;
  }

  /**
   * The image for {@code arch} that {@code top} is or lists, by the rules of OCI image-spec
   * (image-index.md): entries for Linux and that architecture; where an entry names no platform,
   * what the image's own configuration says; an index within an index is followed once.
   * Attestations and entries of unknown kinds are passed over.
   *
   * @throws RegistryException {@code NO_PLATFORM} when there is none, saying which there are
   */
  public static PlatformImage select(Registry registry, Digest top, Arch arch) {
    return new Platforms(registry, arch).select(top);
  }

  private PlatformImage select(Digest top) {
    switch (registry.manifest(top)) {
      case Manifest.Image image -> {
        return match(image)
            .orElseThrow(() -> none("the image is for " + offers() + ", without an index"));
      }
      case Manifest.Index index -> {
        return search(index, true)
            .orElseThrow(() ->
                none(
                    offered.isEmpty()
                        ? "the index lists no image"
                        : "the index lists only " + offers()));
      }
    }
  }

  private Optional<PlatformImage> search(Manifest.Index index, boolean top) {
    List<Manifest.Entry> entries =
        index.entries().stream()
            .filter(this::mayBe)
            .sorted(Comparator.comparingInt(Platforms::rank))
            .toList();
    for (Manifest.Entry entry : entries) {
      Optional<PlatformImage> found = follow(entry, top);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private boolean mayBe(Manifest.Entry entry) {
    String type = entry.descriptor().mediaType();
    if (entry.attestation() || !(MediaTypes.isImage(type) || MediaTypes.isIndex(type))) {
      return false;
    }
    if (entry.os() == null && entry.architecture() == null) {
      return true; // its configuration will say
    }
    if ("unknown".equals(entry.os()) && "unknown".equals(entry.architecture())) {
      return false;
    }
    if (isWanted(entry.os(), entry.architecture()) && isPlain(entry.variant())) {
      return true;
    }
    offer(entry.os(), entry.architecture(), entry.variant());
    return false;
  }

  /** Baseline variants: {@code v8} is every 64-bit Arm, {@code v1} every x86-64. */
  private boolean isPlain(@Nullable String variant) {
    return variant == null
        || variant.isEmpty()
        || variant.equals(
            switch (arch) {
              case ARM64 -> "v8";
              case AMD64 -> "v1";
            });
  }

  /** What says that it fits comes before what must be fetched to know. */
  private static int rank(Manifest.Entry entry) {
    return (entry.architecture() == null ? 2 : 0)
        + (MediaTypes.isIndex(entry.descriptor().mediaType()) ? 1 : 0);
  }

  private Optional<PlatformImage> follow(Manifest.Entry entry, boolean top) {
    Digest digest = entry.descriptor().digest();
    return switch (registry.manifest(digest)) {
      case Manifest.Image image when entry.architecture() != null ->
          Optional.of(platformImage(image, ImageConfig.of(registry, image)));
      case Manifest.Image image -> match(image);
      case Manifest.Index index when top -> search(index, false);
      case Manifest.Index _ ->
          throw new RegistryException(
              Reason.UNSUPPORTED,
              "index " + digest + " lies two levels below the tag: only one is followed");
    };
  }

  private Optional<PlatformImage> match(Manifest.Image image) {
    ImageConfig config = ImageConfig.of(registry, image);
    if (config.architecture() != null && !isWanted(config.os(), config.architecture())) {
      offer(config.os(), config.architecture(), null);
      return Optional.empty();
    }
    return Optional.of(platformImage(image, config));
  }

  private boolean isWanted(@Nullable String os, @Nullable String architecture) {
    return (os == null || os.equals("linux")) && arch.id().equals(architecture);
  }

  private void offer(@Nullable String os, @Nullable String architecture, @Nullable String variant) {
    String name = architecture + (variant == null || variant.isEmpty() ? "" : "/" + variant);
    offered.add(
        (os == null || os.equals("linux") ? name : os + "/" + name).replaceAll("[^ -~]", "?"));
  }

  private String offers() {
    return String.join(", ", offered);
  }

  private RegistryException none(String what) {
    return new RegistryException(
        Reason.NO_PLATFORM,
        "%s; publish %s or leave it out of the architectures asked for".formatted(what, arch.id()));
  }

  private static PlatformImage platformImage(Manifest.Image image, ImageConfig config) {
    return new PlatformImage(image.digest(), image.layers(), config.diffIds(), config.labels());
  }
}
