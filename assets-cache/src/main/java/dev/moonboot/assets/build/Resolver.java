package dev.moonboot.assets.build;

import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Composition.Part;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Recipe;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.VersionLine;
import dev.moonboot.assets.build.Assembly.Ground;
import dev.moonboot.assets.extension.ExtensionCatalog;
import dev.moonboot.assets.extension.ExtensionException;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One composition being resolved. Used by one thread, once. */
final class Resolver {
  private final Composition composition;
  private final Resolving.Order order;
  private final InputImages images;
  private final BaseChannels channels;
  private final ReadImages read;

  /**
   * @param read what is read of images
   */
  Resolver(Resolving.Order order, InputImages images, BaseChannels channels, ReadImages read) {
    this.composition = order.composition();
    this.order = order;
    this.images = images;
    this.channels = channels;
    this.read = read;
  }

  Resolution run() {
    Ground ground = ground();
    List<Input> catalogs = new ArrayList<>();
    Assembly.Added added = new Assembly.Added(extensions(ground, catalogs), installerBase(ground));
    return new Resolution.Fixed(
        Assembly.recipe(composition, order.arches(), ground, added), catalogs);
  }

  private Ground ground() {
    Input kept = order.kept();
    if (kept != null && kept.name().equals(composition.base().name())) {
      return new Ground(kept, read.version(kept), null);
    }
    return switch (composition.base()) {
      case Base.Image(var image) -> {
        Input base = fixed("base " + image, new Named(image.toString(), image));
        yield new Ground(base, read.version(base), null);
      }
      case Base.Line line -> {
        Input base = newest(line);
        yield new Ground(base, read.version(base), null);
      }
      case Base.OfChannel(var channel) -> ofChannel(channel);
    };
  }

  private Input newest(Base.Line base) {
    String what = "base " + base.name();
    order.progress().step("resolve", what);
    List<String> tags =
        ReadImages.about(
            what, () -> images.registry(new ImageReference(base.source(), null, null)).tags());
    String tag =
        base.line()
            .newest(tags)
            .map(VersionLine.Tagged::tag)
            .orElseThrow(() ->
                new RegistryException(
                    Reason.NOT_FOUND,
                    "%s: none of the tags there (%d) is a version of it%s"
                        .formatted(
                            what,
                            tags.size(),
                            base.line().pre()
                                ? ""
                                : "; pre-releases count with %s-pre".formatted(base.line()))));
    return fixed(what, new Named(base.name(), new ImageReference(base.source(), tag, null)));
  }

  private Ground ofChannel(String channel) {
    order.progress().step("resolve", "base channel:" + channel);
    BaseChannels.Head head =
        channels
            .head(channel)
            .orElseThrow(() ->
                Objection.later(
                    "base channel:%s has no head yet, or one of which a file is being fetched again:"
                            .formatted(channel)
                        + " it is tried again until it has one"));
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
        TalosVersion.parse(head.version()).isPresent() ? head.version() : read.version(base),
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
        digest != null
            ? digest
            : ReadImages.about(what, () -> images.registry(image).resolve(image.tag())));
  }

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
    List<ExtensionCatalog> others = new ArrayList<>();
    for (Input catalog : catalogs) {
      ExtensionCatalog names = read.catalog(catalog);
      Optional<ExtensionCatalog.Entry> found = names.find(name);
      if (found.isPresent()) {
        ImageReference image = ImagesBeside.mirrored(found.get().image(), catalog.image().source());
        return fixed("extension " + name, new Named(name, image));
      }
      others.add(names);
    }
    try {
      throw new IllegalStateException(
          ExtensionCatalog.find(others, name) + " was not found before");
    } catch (ExtensionException e) {
      throw Objection.content(catalogs.getFirst().digest(), String.valueOf(e.getMessage()));
    }
  }

  private List<ImageReference> catalogImages(Ground ground) {
    return composition.catalogs().isEmpty()
        ? List.of(ImagesBeside.catalog(ground.base().image().source(), ground.version()))
        : composition.catalogs();
  }

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
