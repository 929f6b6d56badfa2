package dev.moonboot.server;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.ImagePush;
import dev.moonboot.assets.verify.SignatureForms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An installer image of all its architectures as it is put into a registry, with its signatures.
 *
 * @param index digest of what its tags name
 * @param size of that, in bytes
 * @param contents layers and configurations
 * @param documents in the order in which a registry takes them
 */
record InstallerPush(
    Digest index, long size, List<ImagePush.Content> contents, List<ImagePush.Document> documents) {
  InstallerPush {
    contents = List.copyOf(contents);
    documents = List.copyOf(documents);
  }

  /** A file of the image; of one architecture, or the index. */
  record Part(AssetName name, Digest digest, Path file) {}

  /** The parts that a release has. */
  static List<Part> parts(Release release) {
    return release.builds().values().stream()
        .flatMap(build -> build.assets().values().stream())
        .map(asset -> new Part(asset.name(), asset.digest(), asset.file()))
        .toList();
  }

  /**
   * The image in those parts; other files may be among them.
   *
   * @param tags what it is to be called
   */
  static InstallerPush of(List<Part> parts, List<String> tags) {
    Map<Digest, ImagePush.Content> contents = new LinkedHashMap<>();
    parts.stream()
        .filter(part -> InstallerFiles.isBlob(part.name()))
        .forEach(part ->
            contents.put(part.digest(), new ImagePush.Content.OfFile(part.digest(), part.file())));
    List<ImagePush.Document> documents = new ArrayList<>();
    named(parts, InstallerFiles.MANIFEST)
        .forEach(part ->
            documents.add(new ImagePush.Document(bytes(part), InstallerFiles.MANIFEST_TYPE, null)));
    byte[] index = bytes(named(parts, InstallerFiles.INDEX).findFirst().orElseThrow());
    for (String tag : tags) {
      documents.add(new ImagePush.Document(index, InstallerFiles.INDEX_TYPE, tag));
    }
    return new InstallerPush(
        Digest.of(index), index.length, List.copyOf(contents.values()), documents);
  }

  private static Stream<Part> named(List<Part> parts, AssetName name) {
    return parts.stream().filter(part -> part.name().equals(name));
  }

  private static byte[] bytes(Part part) {
    try {
      return Files.readAllBytes(part.file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same with signatures.
   *
   * @param signatures as {@link SignatureForms} makes them: the one under a tag first; or none
   */
  InstallerPush with(List<SignatureForms.Attached> signatures) {
    List<ImagePush.Content> all = new ArrayList<>(contents);
    List<ImagePush.Document> signed = new ArrayList<>(documents);
    String tag = index.fileName() + ".sig";
    for (int i = 0; i < signatures.size(); i++) {
      signatures
          .get(i)
          .blobs()
          .forEach(blob -> all.add(new ImagePush.Content.OfBytes(blob.bytes())));
      SignatureForms.Document manifest = signatures.get(i).manifest();
      signed.add(
          new ImagePush.Document(manifest.bytes(), manifest.mediaType(), i == 0 ? tag : null));
    }
    return new InstallerPush(index, size, all, signed);
  }

  /**
   * Puts it there.
   *
   * @throws dev.moonboot.assets.registry.RegistryException when the registry does not take it
   */
  void push(SourceImage.Repository to, RegistrySettings settings, Progress progress) {
    ImagePush.push(to, settings, contents, documents, progress);
  }
}
