package dev.moonboot.assets;

import java.nio.file.Path;

/** Where an image comes from, without a tag: a repository in a registry, or files on this disk. */
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
}
