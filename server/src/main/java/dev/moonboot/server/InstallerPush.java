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
 * @param documents what comes first, in the order in which a registry takes it
 * @param tagged the image by its tags: whoever follows one finds it signed
 * @param referring what comes last: not every registry takes what refers to an image
 */
record InstallerPush(
    Digest index,
    long size,
    List<ImagePush.Content> contents,
    List<ImagePush.Document> documents,
    List<ImagePush.Document> tagged,
    List<ImagePush.Document> referring) {
  InstallerPush {
    contents = List.copyOf(contents);
    documents = List.copyOf(documents);
    tagged = List.copyOf(tagged);
    referring = List.copyOf(referring);
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
    return new InstallerPush(
        Digest.of(index),
        index.length,
        List.copyOf(contents.values()),
        documents,
        tags.stream()
            .map(tag -> new ImagePush.Document(index, InstallerFiles.INDEX_TYPE, tag))
            .toList(),
        List.of());
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
    if (signatures.isEmpty()) {
      return this;
    }
    List<ImagePush.Content> all = new ArrayList<>(contents);
    signatures.stream()
        .flatMap(signature -> signature.blobs().stream())
        .forEach(blob -> all.add(new ImagePush.Content.OfBytes(blob.bytes())));
    SignatureForms.Document beside = signatures.getFirst().manifest();
    List<ImagePush.Document> first = new ArrayList<>(documents);
    first.add(new ImagePush.Document(tagged.getFirst().bytes(), InstallerFiles.INDEX_TYPE, null));
    first.add(
        ImagePush.Document.joining(beside.bytes(), beside.mediaType(), index.fileName() + ".sig"));
    List<ImagePush.Document> last =
        signatures.stream()
            .skip(1)
            .map(SignatureForms.Attached::manifest)
            .map(each -> new ImagePush.Document(each.bytes(), each.mediaType(), null))
            .toList();
    return new InstallerPush(index, size, all, first, tagged, last);
  }

  /**
   * Puts it there.
   *
   * @throws dev.moonboot.assets.registry.RegistryException when the registry does not take it
   */
  void push(SourceImage.Repository to, RegistrySettings settings, Progress progress) {
    List<ImagePush.Document> all =
        Stream.of(documents, tagged, referring).flatMap(List::stream).toList();
    ImagePush.push(to, settings, contents, all, progress);
  }
}
