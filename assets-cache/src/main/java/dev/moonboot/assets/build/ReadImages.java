package dev.moonboot.assets.build;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.extension.ExtensionCatalog;
import dev.moonboot.assets.extension.ExtensionException;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.TreeExtraction;
import dev.moonboot.assets.registry.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What has to be read of images to resolve a composition, once a digest: nothing is fetched before
 * the policy has let the image in.
 */
final class ReadImages {
  private static final String VERSION_LABEL = "org.opencontainers.image.version";

  private final Resolving.Order order;
  private final InputImages images;
  private final Known known;

  /** What was read before. */
  record Known(Map<Digest, ExtensionCatalog> catalogs, Map<Digest, String> versions) {}

  ReadImages(Resolving.Order order, InputImages images, Known known) {
    this.order = order;
    this.images = images;
    this.known = known;
  }

  /** The Talos version of a base: its tag's, its label's, or what is in it. */
  String version(Input base) {
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

  /** What a catalog says. */
  ExtensionCatalog catalog(Input catalog) {
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

  /** Names what was asked for before whatever its registry says. */
  static <T> T about(String what, Supplier<T> asked) {
    try {
      return asked.get();
    } catch (RegistryException e) {
      throw new RegistryException(
          e.reason(), what + ": " + e.getMessage(), e, e.retryAfter().orElse(null));
    }
  }
}
