package dev.moonboot.assets.cache;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.registry.Artifact;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.Manifest;
import dev.moonboot.assets.registry.Referrers;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** In the place of a registry, for what no signature can be had of: knows nothing. */
enum Unsigned implements Registry {
  IMAGE;

  @Override
  public Digest resolve(@Nullable String tag) {
    throw nothing();
  }

  @Override
  public List<String> tags() {
    throw nothing();
  }

  @Override
  public Manifest manifest(Digest digest) {
    throw nothing();
  }

  @Override
  public Artifact artifact(Digest digest, int maxBytes) {
    throw nothing();
  }

  @Override
  public Referrers referrers(Digest subject, String artifactType) {
    return new Referrers(List.of(), false);
  }

  @Override
  public byte[] read(Descriptor blob, int maxBytes) {
    throw nothing();
  }

  @Override
  public void download(Descriptor blob, Path part, Progress progress) {
    throw nothing();
  }

  private static RegistryException nothing() {
    return new RegistryException(Reason.NOT_FOUND, "no image, so nothing belongs to it");
  }

  @Override
  public void close() {}
}
