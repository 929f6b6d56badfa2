package dev.moonboot.assets;

import java.nio.file.Path;

/**
 * Where an image comes from, without a tag: a repository in a registry, files on this disk, or what
 * stands in the place of an image.
 */
public sealed interface SourceImage {
  /**
   * As a person writes it: {@code ghcr.io/acme/talos}, {@code oci:DIR}, {@code oci-archive:FILE}.
   */
  String display();

  /**
   * A repository in a registry.
   *
   * @param registry host, with a port where one is given ({@code ghcr.io}, {@code 127.0.0.1:5000})
   * @param path repository path below the registry ({@code acme/talos})
   */
  record Repository(String registry, String path) implements SourceImage {
    @Override
    public String display() {
      return registry + "/" + path;
    }
  }

  /** An OCI image layout in a directory (image-spec, image-layout.md). */
  record Layout(Path directory) implements SourceImage {
    @Override
    public String display() {
      return "oci:" + directory;
    }
  }

  /** An OCI image layout in one tar file, as {@code skopeo copy … oci-archive:FILE} writes it. */
  record Archive(Path file) implements SourceImage {
    @Override
    public String display() {
      return "oci-archive:" + file;
    }
  }

  /**
   * No image, but several put together here.
   *
   * @param of what is put together
   */
  record Composed(Composition of) implements SourceImage {
    /** What it is written with in front of its name. */
    static final String PREFIX = "build:";

    @Override
    public String display() {
      return PREFIX + of.name();
    }
  }

  /**
   * No image, but boot files from an Image Factory; the tag of the image is the Talos version, or a
   * {@link VersionLine}.
   *
   * @param url of the factory, without a slash at the end: {@code https://factory.talos.dev}
   * @param schematic the id (64 hexadecimal digits), or the text of one
   * @param files which of its files are fetched
   */
  record Factory(String url, String schematic, Files files) implements SourceImage {
    /** Kernel, initramfs and command line of {@code metal}. */
    public Factory(String url, String schematic) {
      this(url, schematic, Files.METAL);
    }

    /**
     * Which files are fetched besides kernel and initramfs.
     *
     * @param platform Talos's name of what the command line, and the rest, is for
     * @param uki whether the unified kernel image is
     * @param iso whether the ISO image is
     */
    public record Files(String platform, boolean uki, boolean iso) {
      /** What every release has. */
      public static final Files METAL = new Files("metal", false, false);

      /** {@code ?platform=nocloud&uki&iso}; empty for {@link #METAL}. */
      @Override
      public String toString() {
        return equals(METAL)
            ? ""
            : "?platform=" + platform + (uki ? "&uki" : "") + (iso ? "&iso" : "");
      }
    }

    @Override
    public String display() {
      return "factory:" + url + "/" + (isId() ? schematic : "schematic") + files;
    }

    /** The same schematic by its id. */
    public Factory withId(String id) {
      return new Factory(url, id, files);
    }

    /** Whether the schematic is named by its id, and not written out. */
    public boolean isId() {
      return schematic.matches("[0-9a-f]{64}");
    }
  }
}
