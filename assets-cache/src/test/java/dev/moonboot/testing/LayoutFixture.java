package dev.moonboot.testing;

import static dev.moonboot.testing.RegistryFixture.object;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An OCI image layout in a directory, into which images are put. It holds one repository: names of
 * repositories do not matter.
 */
public final class LayoutFixture implements RegistryFixture {
  private final Path directory;
  private final boolean listsReferrers;
  private final Map<String, Json> entries = new LinkedHashMap<>();

  /**
   * Begins an empty layout.
   *
   * @param listsReferrers whether artifacts stand in its index, as oras copies them; else only what
   *     is tagged does, as skopeo has it
   */
  public LayoutFixture(Path directory, boolean listsReferrers) {
    this.directory = directory;
    this.listsReferrers = listsReferrers;
    write("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(UTF_8));
  }

  private void write(String name, byte[] bytes) {
    try {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Digest putBlob(String repository, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    write("blobs/sha256/" + digest.hex(), bytes);
    return digest;
  }

  @Override
  public Digest putManifest(String repository, String mediaType, byte[] bytes) {
    Digest digest = putBlob(repository, bytes);
    if (listsReferrers) {
      Attachments.artifact(bytes).ifPresent(entry -> list(digest.toString(), entry));
    }
    return digest;
  }

  @Override
  public void tag(String repository, String tag, Digest manifest) {
    list(
        "tag " + tag,
        object(
            "mediaType",
            new Json.Str(MANIFEST),
            "digest",
            new Json.Str(manifest.toString()),
            "size",
            Json.Num.of(manifestSize(repository, manifest)),
            "annotations",
            object("org.opencontainers.image.ref.name", new Json.Str(tag))));
  }

  private void list(String key, Json entry) {
    entries.put(key, entry);
    write("index.json", RegistryFixture.bytes(Attachments.index(List.copyOf(entries.values()))));
  }

  @Override
  public long manifestSize(String repository, Digest manifest) {
    try {
      return Files.size(directory.resolve("blobs/sha256/" + manifest.hex()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean hasReferrers() {
    return listsReferrers;
  }

  /** The layout as a source image. */
  public SourceImage.Layout layout() {
    return new SourceImage.Layout(directory);
  }

  /** Packs it into a tar. */
  public SourceImage.Archive archive(Path file) {
    var tar = new TarFixture();
    try (var files = Files.walk(directory)) {
      for (Path path : files.filter(Files::isRegularFile).sorted().toList()) {
        tar.file(directory.relativize(path).toString(), Files.readAllBytes(path));
      }
      Files.write(file, tar.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SourceImage.Archive(file);
  }

  @Override
  public String address() {
    throw new UnsupportedOperationException("a layout has no address");
  }

  @Override
  public RegistrySettings settings() {
    return RegistrySettings.DEFAULT;
  }

  @Override
  public void close() {}
}
