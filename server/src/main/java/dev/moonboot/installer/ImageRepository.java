package dev.moonboot.installer;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.verify.SignatureForms;
import dev.moonboot.installer.RegistryAnswer.Code;
import dev.moonboot.release.AssetLookup.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One repository as it is now: what is in it, by digest, and what is attached to that.
 *
 * @param name below {@code /v2/}
 * @param all releases whose images are in it
 * @param tags the release of each tag
 * @param signatures of these images, and others
 */
record ImageRepository(
    String name, List<Release> all, SortedMap<String, Release> tags, ReleaseSignatures signatures) {
  private static final String BYTES = "application/octet-stream";
  private static final String SIGNED = ".sig";

  /** A manifest by its tag; empty when the tag is nothing here. */
  Optional<RegistryAnswer> tagged(String tag) {
    return Optional.ofNullable(tags.get(tag)).flatMap(this::image).or(() -> attached(tag));
  }

  /** The image of a release by one of its tags. */
  Optional<RegistryAnswer> image(Release release) {
    return InstallerFiles.index(release)
        .map(index ->
            new RegistryAnswer.File(found(index, release, false), InstallerFiles.INDEX_TYPE));
  }

  /** Tags that tools make of an image's digest, to look for what belongs to it. */
  private Optional<RegistryAnswer> attached(String tag) {
    boolean legacy = tag.endsWith(SIGNED);
    String image = legacy ? tag.substring(0, tag.length() - SIGNED.length()) : tag;
    return images()
        .filter(index -> index.digest().fileName().equals(image))
        .flatMap(index -> signatures.image(index.digest()).stream())
        .findFirst()
        .map(signed ->
            legacy
                ? document(signed.legacy().manifest(), false)
                : new RegistryAnswer.Document(
                    ImageIndex.of(List.of(ImageIndex.descriptor(signed.bundle().manifest())))
                        .compact()
                        .getBytes(StandardCharsets.UTF_8),
                    InstallerFiles.INDEX_TYPE,
                    false));
  }

  /** All tags, and of signed images those that tools look for. */
  RegistryAnswer list(Iterable<String> others) {
    List<String> listed = new ArrayList<>(tags.keySet());
    others.forEach(listed::add);
    images()
        .filter(index -> signatures.image(index.digest()).isPresent())
        .map(index -> index.digest().fileName() + SIGNED)
        .forEach(listed::add);
    return new RegistryAnswer.Tags(name, listed.stream().distinct().sorted().toList());
  }

  private Stream<Asset> images() {
    return all.stream().flatMap(release -> InstallerFiles.index(release).stream());
  }

  /** What a digest names among {@code manifests}, {@code blobs} or {@code referrers}. */
  RegistryAnswer byDigest(String kind, String reference) {
    Digest digest;
    try {
      digest = Digest.parse(reference);
    } catch (IllegalArgumentException e) {
      return new RegistryAnswer.Unknown(
          Code.DIGEST_INVALID, "only digests as sha256:<64 hex digits> are known here");
    }
    return switch (kind) {
      case "manifests" -> manifest(digest);
      case "blobs" -> blob(digest);
      default -> referrers(digest);
    };
  }

  private RegistryAnswer manifest(Digest digest) {
    return file(digest, release -> InstallerFiles.index(release).stream())
        .<RegistryAnswer>map(found -> new RegistryAnswer.File(found, InstallerFiles.INDEX_TYPE))
        .or(() ->
            file(digest, InstallerFiles::manifests)
                .map(found -> new RegistryAnswer.File(found, InstallerFiles.MANIFEST_TYPE)))
        .or(() -> kept(digest, signed().map(SignatureForms.Attached::manifest)))
        .orElseGet(() ->
            new RegistryAnswer.Unknown(
                Code.MANIFEST_UNKNOWN, "%s has no manifest %s".formatted(name, digest)));
  }

  private RegistryAnswer blob(Digest digest) {
    return file(digest, InstallerFiles::blobs)
        .<RegistryAnswer>map(found -> new RegistryAnswer.File(found, BYTES))
        .or(() ->
            kept(digest, signed().flatMap(attached -> attached.blobs().stream()))
                .map(document -> new RegistryAnswer.Document(document.bytes(), BYTES, true)))
        .orElseGet(() ->
            new RegistryAnswer.Unknown(
                Code.BLOB_UNKNOWN, "%s has no blob %s".formatted(name, digest)));
  }

  private Optional<Found> file(Digest digest, Function<Release, Stream<Asset>> files) {
    return all.stream()
        .flatMap(release ->
            files
                .apply(release)
                .filter(asset -> asset.digest().equals(digest))
                .map(asset -> found(asset, release, true)))
        .findFirst();
  }

  private static Optional<RegistryAnswer.Document> kept(
      Digest digest, Stream<SignatureForms.Document> documents) {
    return documents
        .filter(document -> document.digest().equals(digest))
        .findFirst()
        .map(document -> document(document, true));
  }

  private static RegistryAnswer.Document document(SignatureForms.Document of, boolean immutable) {
    return new RegistryAnswer.Document(of.bytes(), of.mediaType(), immutable);
  }

  private Stream<SignatureForms.Attached> signed() {
    return images()
        .flatMap(index -> signatures.image(index.digest()).stream())
        .flatMap(signed -> signed.all().stream());
  }

  private RegistryAnswer referrers(Digest subject) {
    return new RegistryAnswer.Referrers(
        images()
            .filter(index -> index.digest().equals(subject))
            .limit(1)
            .flatMap(index -> signatures.image(index.digest()).stream())
            .map(signed -> ImageIndex.descriptor(signed.bundle().manifest()))
            .toList());
  }

  /** The release whose image a digest names, or where there is none a tag. */
  Optional<Release> release(String tag, Optional<String> digest) {
    return digest.isEmpty()
        ? Optional.ofNullable(tags.get(tag))
        : all.stream()
            .filter(release ->
                InstallerFiles.index(release)
                    .filter(index -> index.digest().toString().equals(digest.get()))
                    .isPresent())
            .findFirst();
  }

  private Found found(Asset asset, Release release, boolean immutable) {
    return new Found(asset, release, immutable, "/v2/" + name + "/manifests/" + asset.digest());
  }

  /** The newest release of each version, and each release by its own digest. */
  static void tag(List<Release> newestFirst, Map<String, Release> tags) {
    for (Release release : newestFirst) {
      if (InstallerFiles.index(release).isPresent()) {
        tags.putIfAbsent(release.version(), release);
        tags.put(release.digest().fileName(), release);
      }
    }
  }
}
