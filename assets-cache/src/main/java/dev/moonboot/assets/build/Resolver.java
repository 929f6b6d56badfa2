package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Platforms;
import dev.moonboot.assets.registry.RegistryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One composition being resolved. Used by one thread, once. */
final class Resolver {
  /** Each one is a squashfs that the node mounts, and an input that is asked for at every look. */
  static final int MAX_EXTENSIONS = 64;

  private static final String VERSION_LABEL = "org.opencontainers.image.version";

  private final Composition composition;
  private final Resolving.Order order;
  private final InputImages images;
  private final BaseChannels channels;
  private final Known known;

  /** What was read of images before. */
  record Known(Map<Digest, OfficialCatalog> catalogs, Map<Digest, String> versions) {}

  /** What all is put upon, and what a composed channel brings with it. */
  private record Ground(Input base, String version, @Nullable Recipe of) {
    List<Input> extensions() {
      return of == null ? List.of() : of.extensions();
    }
  }

  Resolver(Resolving.Order order, InputImages images, BaseChannels channels, Known known) {
    this.composition = order.composition();
    this.order = order;
    this.images = images;
    this.channels = channels;
    this.known = known;
  }

  Resolution run() {
    Ground ground = ground();
    List<Input> catalogs = new ArrayList<>();
    List<Input> extensions =
        new ArrayList<>(composition.replace() ? List.of() : ground.extensions());
    extensions.addAll(extensions(ground, catalogs));
    check(extensions);
    List<String> arguments = new ArrayList<>();
    Recipe of = ground.of();
    if (of != null) {
      arguments.addAll(of.arguments());
    }
    arguments.addAll(composition.arguments());
    Composition.Overlay overlay = composition.overlay();
    String board = overlay != null ? overlay.name() : of != null ? of.overlay() : "";
    Recipe recipe =
        new Recipe(
            ground.version(),
            ground.base(),
            installerBase(ground),
            extensions,
            composition.replace(),
            composition.platform(),
            arguments,
            board,
            order.arches(),
            composition.outputs(),
            Marker.schematic(extensions, arguments, board));
    return new Resolution.Fixed(recipe, catalogs);
  }

  private void check(List<Input> extensions) {
    if (extensions.size() > MAX_EXTENSIONS) {
      throw Objection.later(
          "%s has %d extensions and can have %d: leave some out, or put several into one image"
              .formatted(composition.name(), extensions.size(), MAX_EXTENSIONS));
    }
    Map<Digest, String> seen = new HashMap<>();
    for (Input extension : extensions) {
      String other = seen.putIfAbsent(extension.digest(), extension.name());
      if (other != null) {
        throw Objection.content(
            extension.digest(),
            "extension %s is the same image as %s: leave one of them out"
                .formatted(extension.name(), other));
      }
    }
  }

  private Ground ground() {
    return switch (composition.base()) {
      case Base.Image(var image) -> {
        Input base = fixed("base " + image, new Named(image.toString(), image));
        yield new Ground(base, version(base), null);
      }
      case Base.OfChannel(var channel) -> ofChannel(channel);
    };
  }

  private Ground ofChannel(String channel) {
    order.progress().step("resolve", "base channel:" + channel);
    BaseChannels.Head head =
        channels
            .head(channel)
            .orElseThrow(() ->
                Objection.later(
                    "base channel:%s has no head yet: it is tried again until it has one"
                        .formatted(channel)));
    Recipe recipe = head.recipe();
    if (recipe != null) {
      return new Ground(recipe.base(), recipe.version(), recipe);
    }
    if (head.image().source() instanceof SourceImage.Factory) {
      throw Objection.later(
          "base channel:%s follows an Image Factory, whose files have no image to build on: name"
                  .formatted(channel)
              + " the imager image of that version as the base");
    }
    Input base = new Input("channel:" + channel, head.image(), head.digest());
    return new Ground(
        base,
        TalosVersion.parse(head.version()).isPresent() ? head.version() : version(base),
        null);
  }

  /** An image as somebody called it. */
  private record Named(String name, ImageReference image) {}

  /** Its digest as written, or that of its tag. */
  private Input fixed(String what, Named named) {
    ImageReference image = named.image();
    order.progress().step("resolve", what);
    Digest digest = image.digest();
    return new Input(
        named.name(),
        image,
        digest != null ? digest : about(what, () -> images.registry(image).resolve(image.tag())));
  }

  private static <T> T about(String what, Supplier<T> asked) {
    try {
      return asked.get();
    } catch (RegistryException e) {
      throw new RegistryException(
          e.reason(), what + ": " + e.getMessage(), e, e.retryAfter().orElse(null));
    }
  }

  // The Talos version.

  private String version(Input base) {
    String tag = base.image().tag();
    return (tag == null ? Optional.<TalosVersion>empty() : TalosVersion.parse(tag))
        .map(TalosVersion::toString)
        .or(() -> Optional.ofNullable(known.versions().get(base.digest())))
        .orElseGet(() -> readVersion(base));
  }

  private String readVersion(Input base) {
    admit("base", base);
    String version =
        about("base " + base.name(), () -> labelled(base))
            .or(() ->
                about(
                    "base " + base.name(),
                    () -> images.versionInside(base, order.arches().getFirst())))
            .flatMap(TalosVersion::parse)
            .map(TalosVersion::toString)
            .orElseThrow(() ->
                Objection.content(
                    base.digest(),
                    "base %s: neither its tag nor what is in it tells the Talos version; write the"
                            .formatted(base.name())
                        + " version's tag before the digest, as in imager:v1.13.9@sha256:…"));
    known.versions().put(base.digest(), version);
    return version;
  }

  private Optional<String> labelled(Input base) {
    Arch arch = order.arches().getFirst();
    PlatformImage platform = Platforms.select(images.registry(base.image()), base.digest(), arch);
    return Optional.ofNullable(platform.labels().get(VERSION_LABEL))
        .filter(label -> TalosVersion.parse(label).isPresent());
  }

  private void admit(String what, Input input) {
    Optional<Refresh> objection = about(what + " " + input.name(), () -> images.objection(input));
    if (objection.isPresent()) {
      throw new Objection(objection.get());
    }
  }

  // Extensions.

  private List<Input> extensions(Ground ground, List<Input> catalogs) {
    List<Input> found = new ArrayList<>();
    for (Part part : composition.extensions()) {
      found.add(
          switch (part) {
            case Part.Image(var image) ->
                fixed("extension " + image, new Named(image.toString(), image));
            case Part.Official(var name) -> official(name, ground, catalogs);
          });
    }
    return found;
  }

  private Input official(String name, Ground ground, List<Input> catalogs) {
    if (catalogs.isEmpty()) {
      for (ImageReference image : catalogImages(ground)) {
        catalogs.add(fixed("catalog " + image, new Named(image.toString(), image)));
      }
    }
    List<String> near = new ArrayList<>();
    for (Input catalog : catalogs) {
      OfficialCatalog names = catalog(catalog);
      Optional<ImageReference> found = names.find(name);
      if (found.isPresent()) {
        ImageReference image = ImagesBeside.mirrored(found.get(), catalog.image().source());
        return fixed("extension " + name, new Named(name, image));
      }
      names.names().stream().filter(other -> isLike(name, other)).forEach(near::add);
    }
    throw Objection.content(
        catalogs.getFirst().digest(),
        "extension %s: not in %s%s; name its image if it is another's (registry/repository:tag)"
            .formatted(
                name,
                String.join(", ", catalogs.stream().map(Input::name).toList()),
                near.isEmpty() ? "" : ", which has " + String.join(", ", near)));
  }

  /** Whether one holds the other, leaving out who made them. */
  private static boolean isLike(String wanted, String other) {
    String one = wanted.substring(wanted.lastIndexOf('/') + 1);
    String two = other.substring(other.lastIndexOf('/') + 1);
    return one.contains(two) || two.contains(one);
  }

  private List<ImageReference> catalogImages(Ground ground) {
    return composition.catalogs().isEmpty()
        ? List.of(ImagesBeside.catalog(ground.base().image().source(), ground.version()))
        : composition.catalogs();
  }

  private OfficialCatalog catalog(Input catalog) {
    OfficialCatalog read = known.catalogs().get(catalog.digest());
    if (read == null) {
      admit("catalog", catalog);
      order.progress().step("resolve", "reading catalog " + catalog.name());
      read = about("catalog " + catalog.name(), () -> images.catalog(catalog));
      known.catalogs().put(catalog.digest(), read);
    }
    return read;
  }

  // The installer.

  private @Nullable Input installerBase(Ground ground) {
    if (!composition.outputs().contains(Output.INSTALLER)) {
      return null;
    }
    Optional<ImageReference> image =
        Optional.ofNullable(composition.installerBase())
            .or(() -> ImagesBeside.installerBase(ground.base().image(), ground.version()));
    return image.isPresent()
        ? fixed("installer base " + image.get(), new Named(image.get().toString(), image.get()))
        : null;
  }
}
