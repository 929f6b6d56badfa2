package dev.moonboot.installer;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.verify.SignatureForms;
import dev.moonboot.installer.RegistryAnswer.Code;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.release.AssetLookup.Found;
import dev.moonboot.release.Releases;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The installer images of all channels as repositories: {@code installer/<channel>}, with a tag for
 * each Talos version, {@code latest} for the head, and {@code sha256-<hex>} for each release.
 * Answers from memory. Only what belongs to a repository is found in it, by whatever digest.
 */
public final class InstallerRepositories {
  /** What all repositories' names begin with. */
  public static final String FOLDER = "installer/";

  private static final Pattern THING =
      Pattern.compile("([^:]{1,255})/(manifests|blobs|referrers)/([^/]{1,255})");
  private static final Pattern TAGS = Pattern.compile("([^:]{1,255})/tags/list");
  private static final String LATEST = "latest";

  private final Releases releases;
  private final ReleaseSignatures signatures;

  public InstallerRepositories(Releases releases, ReleaseSignatures signatures) {
    this.releases = releases;
    this.signatures = signatures;
  }

  /** Whether any channel has installer images: else there is no registry here at all. */
  public boolean isAny() {
    return releases.channels().stream().anyMatch(InstallerRepositories::hasInstallers);
  }

  private static boolean hasInstallers(Channel channel) {
    return channel.image().source() instanceof SourceImage.Composed(var of)
        && of.outputs().contains(Output.INSTALLER);
  }

  /** The repository that a composed release's image is in. */
  static String repository(Release release) {
    return FOLDER + release.source().substring(release.source().indexOf(':') + 1);
  }

  /**
   * What a path means.
   *
   * @param path below {@code /v2/}
   */
  public RegistryAnswer lookup(String path) {
    if (path.isEmpty()) {
      return new RegistryAnswer.Here();
    }
    Matcher tags = TAGS.matcher(path);
    if (tags.matches()) {
      return repository(tags.group(1))
          .<RegistryAnswer>map(Repository::list)
          .orElseGet(() -> unknown(tags.group(1)));
    }
    Matcher thing = THING.matcher(path);
    if (!thing.matches()) {
      return new RegistryAnswer.Unknown(Code.NAME_UNKNOWN, "there is no such endpoint");
    }
    return repository(thing.group(1))
        .map(repository -> repository.lookup(thing.group(2), thing.group(3)))
        .orElseGet(() -> unknown(thing.group(1)));
  }

  private static RegistryAnswer unknown(String name) {
    return new RegistryAnswer.Unknown(
        Code.NAME_UNKNOWN,
        "%s is no repository; there is installer/NAME for each channel with the output installer"
            .formatted(name));
  }

  /** Whether a repository of that name is here. */
  boolean isRepository(String name) {
    return repository(name).isPresent();
  }

  /** The release whose image a tag, or where there is one a digest, names. */
  Optional<Release> release(String name, String tag, Optional<String> digest) {
    return repository(name)
        .flatMap(repository ->
            digest.isEmpty()
                ? Optional.ofNullable(repository.tags().get(tag))
                : repository.all.stream()
                    .filter(release ->
                        InstallerFiles.index(release)
                            .filter(index -> index.digest().toString().equals(digest.get()))
                            .isPresent())
                    .findFirst());
  }

  private Optional<Repository> repository(String name) {
    if (!name.startsWith(FOLDER)) {
      return Optional.empty();
    }
    Optional<Channel> channel =
        releases
            .channel(name.substring(FOLDER.length()))
            .filter(InstallerRepositories::hasInstallers);
    return channel.map(of -> new Repository(name, releases(of)));
  }

  /** The head, then others that were made for the channel; without what cannot be served now. */
  private List<Release> releases(Channel channel) {
    String source = channel.image().toString();
    return Stream.concat(
            releases.newestFirst(channel.name()).stream(),
            releases.held().stream().filter(release -> release.source().equals(source)))
        .distinct()
        .filter(release -> !releases.isDamaged(release.digest()))
        .toList();
  }

  /** The image of a head that can be served now, for what is to be put elsewhere. */
  public Optional<Release> head(String channel) {
    return releases
        .head(channel)
        .filter(release -> InstallerFiles.index(release).isPresent())
        .filter(release -> !releases.isDamaged(release.digest()));
  }

  /** What is attached to an installer image, to be put elsewhere with it. */
  public List<SignatureForms.Attached> attached(Digest index) {
    return signatures.image(index).map(ReleaseSignatures.OfImage::all).orElse(List.of());
  }

  /** One repository as it is now. */
  private final class Repository {
    private final String name;
    private final List<Release> all;

    Repository(String name, List<Release> all) {
      this.name = name;
      this.all = all;
    }

    RegistryAnswer lookup(String kind, String reference) {
      if (kind.equals("manifests") && !reference.contains(":")) {
        return tagged(reference);
      }
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

    private RegistryAnswer tagged(String tag) {
      Map<String, Release> tags = tags();
      Optional<Found> image =
          Optional.ofNullable(tags.get(tag))
              .flatMap(release ->
                  InstallerFiles.index(release).map(index -> found(index, release, false)));
      return image
          .<RegistryAnswer>map(found -> new RegistryAnswer.File(found, InstallerFiles.INDEX_TYPE))
          .or(() -> attached(tag))
          .orElseGet(() ->
              tags.isEmpty()
                  ? new RegistryAnswer.NotReady(name)
                  : new RegistryAnswer.Unknown(
                      Code.MANIFEST_UNKNOWN,
                      "%s has no tag %s; there are %s"
                          .formatted(name, tag, String.join(", ", tags.keySet()))));
    }

    /** Tags that tools make of an image's digest, to look for what belongs to it. */
    private Optional<RegistryAnswer> attached(String tag) {
      boolean legacy = tag.endsWith(".sig");
      String image = legacy ? tag.substring(0, tag.length() - ".sig".length()) : tag;
      return images()
          .filter(index -> index.digest().fileName().equals(image))
          .flatMap(index -> signatures.image(index.digest()).stream())
          .findFirst()
          .map(signed ->
              legacy
                  ? document(signed.legacy().manifest(), false)
                  : new RegistryAnswer.Document(
                      index(List.of(listed(signed.bundle().manifest())))
                          .compact()
                          .getBytes(StandardCharsets.UTF_8),
                      InstallerFiles.INDEX_TYPE,
                      false));
    }

    /** The newest release of each tag. */
    private Map<String, Release> tags() {
      Map<String, Release> tags = new TreeMap<>();
      for (Release release : all) {
        if (InstallerFiles.index(release).isPresent()) {
          tags.putIfAbsent(release.version(), release);
          tags.put(release.digest().fileName(), release);
        }
      }
      head(name.substring(FOLDER.length())).ifPresent(head -> tags.put(LATEST, head));
      return tags;
    }

    RegistryAnswer list() {
      List<String> tags = new ArrayList<>(tags().keySet());
      images()
          .filter(index -> signatures.image(index.digest()).isPresent())
          .map(index -> index.digest().fileName() + ".sig")
          .forEach(tags::add);
      return new RegistryAnswer.Tags(name, tags.stream().distinct().sorted().toList());
    }

    private Stream<Asset> images() {
      return all.stream().flatMap(release -> InstallerFiles.index(release).stream());
    }

    private RegistryAnswer manifest(Digest digest) {
      for (Release release : all) {
        Optional<Asset> index =
            InstallerFiles.index(release).filter(asset -> asset.digest().equals(digest));
        if (index.isPresent()) {
          return new RegistryAnswer.File(
              found(index.get(), release, true), InstallerFiles.INDEX_TYPE);
        }
        Optional<Asset> image =
            InstallerFiles.manifests(release)
                .filter(asset -> asset.digest().equals(digest))
                .findFirst();
        if (image.isPresent()) {
          return new RegistryAnswer.File(
              found(image.get(), release, true), InstallerFiles.MANIFEST_TYPE);
        }
      }
      return signed()
          .map(SignatureForms.Attached::manifest)
          .filter(manifest -> manifest.digest().equals(digest))
          .findFirst()
          .<RegistryAnswer>map(manifest -> document(manifest, true))
          .orElseGet(() ->
              new RegistryAnswer.Unknown(
                  Code.MANIFEST_UNKNOWN, "%s has no manifest %s".formatted(name, digest)));
    }

    private RegistryAnswer blob(Digest digest) {
      for (Release release : all) {
        Optional<Asset> blob =
            InstallerFiles.blobs(release)
                .filter(asset -> asset.digest().equals(digest))
                .findFirst();
        if (blob.isPresent()) {
          return new RegistryAnswer.File(
              found(blob.get(), release, true), "application/octet-stream");
        }
      }
      return signed()
          .flatMap(attached -> attached.blobs().stream())
          .filter(blob -> blob.digest().equals(digest))
          .findFirst()
          .<RegistryAnswer>map(
              blob -> new RegistryAnswer.Document(blob.bytes(), "application/octet-stream", true))
          .orElseGet(() ->
              new RegistryAnswer.Unknown(
                  Code.BLOB_UNKNOWN, "%s has no blob %s".formatted(name, digest)));
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
              .map(signed -> listed(signed.bundle().manifest()))
              .toList());
    }

    private Found found(Asset asset, Release release, boolean immutable) {
      return new Found(asset, release, immutable, "/v2/" + name + "/manifests/" + asset.digest());
    }
  }

  private static RegistryAnswer document(SignatureForms.Document of, boolean immutable) {
    return new RegistryAnswer.Document(of.bytes(), of.mediaType(), immutable);
  }

  /** How a manifest stands in a list of referrers (distribution-spec, "Listing Referrers"). */
  private static Json.Obj listed(SignatureForms.Document manifest) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("mediaType", new Json.Str(manifest.mediaType()));
    members.put("digest", new Json.Str(manifest.digest().toString()));
    members.put("size", Json.Num.of(manifest.bytes().length));
    if (JsonText.parse(new String(manifest.bytes(), StandardCharsets.UTF_8))
        instanceof Json.Obj content) {
      content.member("artifactType").ifPresent(type -> members.put("artifactType", type));
      content.member("annotations").ifPresent(notes -> members.put("annotations", notes));
    }
    return new Json.Obj(members);
  }

  /** An index over these descriptors. */
  public static Json.Obj index(List<Json.Obj> descriptors) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("schemaVersion", Json.Num.of(2));
    members.put("mediaType", new Json.Str(InstallerFiles.INDEX_TYPE));
    members.put("manifests", new Json.Arr(List.copyOf(descriptors)));
    return new Json.Obj(members);
  }
}
