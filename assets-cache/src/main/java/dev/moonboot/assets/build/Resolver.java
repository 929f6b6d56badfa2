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
import dev.moonboot.assets.build.Assembly.Ground;
import dev.moonboot.assets.extension.ExtensionCatalog;
import dev.moonboot.assets.extension.ExtensionException;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.TreeExtraction;
import dev.moonboot.assets.registry.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One composition being resolved. Used by one thread, once. */
final class Resolver {
  private static final String VERSION_LABEL = "org.opencontainers.image.version";

  private final Composition composition;
  private final Resolving.Order order;
  private final InputImages images;
  private final BaseChannels channels;
  private final Known known;

  /** What was read of images before. */
  record Known(Map<Digest, ExtensionCatalog> catalogs, Map<Digest, String> versions) {}

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
    Assembly.Added added = new Assembly.Added(extensions(ground, catalogs), installerBase(ground));
    return new Resolution.Fixed(
        Assembly.recipe(composition, order.arches(), ground, added), catalogs);
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
    Arch arch = order.arches().getFirst();
    String version =
        about("base " + base.name(), () -> labelled(base, arch))
            .or(() -> about("base " + base.name(), () -> inside(base, arch)))
            .orElseThrow(() ->
                Objection.content(
                    base.digest(),
                    "base %s: neither its tag nor what is in it tells the Talos version; write the"
                            .formatted(base.name())
                        + " version's tag before the digest, as in imager:v1.13.9@sha256:…"));
    known.versions().put(base.digest(), version);
    return version;
  }

  private Optional<String> labelled(Input base, Arch arch) {
    String label = images.platform(base, arch).labels().getOrDefault(VERSION_LABEL, "");
    return TalosVersion.parse(label).map(TalosVersion::toString);
  }

  private Optional<String> inside(Input base, Arch arch) {
    try {
      String version =
          images.aside(
              base,
              folder ->
                  images
                      .base(new InputImages.Ground(base, arch, "", false), folder.resolve("base"))
                      .boot()
                      .talosVersion());
      return TalosVersion.parse(version).map(TalosVersion::toString);
    } catch (ExtractException e) {
      throw Objection.content(base.digest(), "base " + base.name() + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    List<ExtensionCatalog> read = new ArrayList<>();
    for (Input catalog : catalogs) {
      ExtensionCatalog names = catalog(catalog);
      Optional<ExtensionCatalog.Entry> found = names.find(name);
      if (found.isPresent()) {
        ImageReference image = ImagesBeside.mirrored(found.get().image(), catalog.image().source());
        return fixed("extension " + name, new Named(name, image));
      }
      read.add(names);
    }
    try {
      throw new IllegalStateException(ExtensionCatalog.find(read, name) + " was not found before");
    } catch (ExtensionException e) {
      throw Objection.content(catalogs.getFirst().digest(), String.valueOf(e.getMessage()));
    }
  }

  private List<ImageReference> catalogImages(Ground ground) {
    return composition.catalogs().isEmpty()
        ? List.of(ImagesBeside.catalog(ground.base().image().source(), ground.version()))
        : composition.catalogs();
  }

  private ExtensionCatalog catalog(Input catalog) {
    ExtensionCatalog read = known.catalogs().get(catalog.digest());
    if (read == null) {
      admit("catalog", catalog);
      order.progress().step("resolve", "reading catalog " + catalog.name());
      read = about("catalog " + catalog.name(), () -> read(catalog));
      known.catalogs().put(catalog.digest(), read);
    }
    return read;
  }

  private ExtensionCatalog read(Input catalog) {
    try {
      Arch arch = anyArch(catalog);
      return images.aside(
          catalog,
          folder -> {
            TreeExtraction.Unpacked unpacked =
                images.unpack(
                    catalog,
                    arch,
                    folder.resolve("catalog"),
                    (layers, out, progress) ->
                        TreeExtraction.unpack(layers, out.resolve("spool"), progress));
            return ExtensionCatalog.read(catalog.name(), unpacked.tree());
          });
    } catch (ExtractException | ExtensionException e) {
      throw Objection.content(
          catalog.digest(), "catalog " + catalog.name() + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is in a catalog is the same for all, and it may be published for one alone. */
  private Arch anyArch(Input catalog) {
    try {
      images.platform(catalog, Arch.AMD64);
      return Arch.AMD64;
    } catch (RegistryException e) {
      if (e.reason() == RegistryException.Reason.NO_PLATFORM) {
        return Arch.ARM64;
      }
      throw e;
    }
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
