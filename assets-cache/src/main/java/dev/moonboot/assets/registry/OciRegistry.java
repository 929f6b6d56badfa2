package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A repository in a registry, by the OCI distribution-spec. Believes nothing but digests. */
final class OciRegistry implements Registry {
  /** In bytes a second: a blob that comes slower than this on the whole is given up. */
  private static final long SLOWEST = 50 << 10;

  private static final int STALLS_A_BLOB = 20;
  private static final Map<String, String> ACCEPT = Map.of("Accept", MediaTypes.ACCEPT);

  private final SourceImage.Repository source;
  private final RegistrySettings.Timeouts timeouts;
  private final RegistryRequests requests;
  private final Tries tries;

  OciRegistry(SourceImage.Repository source, RegistrySettings settings) {
    this(source, settings, Network.SYSTEM, null);
  }

  /**
   * @param pauses null for real ones
   */
  OciRegistry(
      SourceImage.Repository source,
      RegistrySettings settings,
      Network network,
      Retry.@Nullable Pauses pauses) {
    this.source = source;
    this.timeouts = settings.timeouts();
    this.requests = new RegistryRequests(network, source, settings);
    this.tries = new Tries(source.display(), settings.timeouts().backoff(), pauses);
  }

  @Override
  public Digest resolve(@Nullable String tag) {
    if (tag == null) {
      throw new RegistryException(Reason.NOT_FOUND, source.display() + ": name a tag or a digest");
    }
    return tries.run(() -> {
      Digest digest = head(tag);
      return digest == null ? Digest.of(get(tag, null, Limits.MANIFEST).bytes()) : digest;
    });
  }

  /** Null when the registry does not say it: some answer no HEAD, some leave the digest out. */
  private @Nullable Digest head(String tag) throws IOException {
    try (Answer answer = requests.send("HEAD", "manifests/" + tag, ACCEPT)) {
      String digest = answer.status() == 200 ? answer.header("Docker-Content-Digest") : null;
      return digest == null ? null : Digest.parse(digest);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public List<String> tags() {
    return tries.run(() -> RepositoryTags.of(requests, source));
  }

  @Override
  public Manifest manifest(Digest digest) {
    return tries.run(() -> {
      Raw raw = get(digest.toString(), digest, Limits.MANIFEST);
      return ManifestReader.read(digest, raw.bytes(), raw.contentType());
    });
  }

  @Override
  public Artifact artifact(Digest digest, int maxBytes) {
    int most = Math.min(maxBytes, Limits.MANIFEST);
    return tries.run(
        () -> ManifestReader.artifact(digest, get(digest.toString(), digest, most).bytes()));
  }

  @Override
  public Referrers referrers(Digest subject, String artifactType) {
    return tries
        .run(() -> ReferrersQuery.run(requests, subject, artifactType))
        .orElseGet(() -> fallback(subject, artifactType));
  }

  private Referrers fallback(Digest subject, String artifactType) {
    String tag = ReferrerList.fallbackTag(subject);
    try {
      byte[] index = tries.run(() -> get(tag, null, Limits.REFERRERS)).bytes();
      var list = new ReferrerList(artifactType);
      list.add(source.display() + ":" + tag, index);
      return list.found(false);
    } catch (RegistryException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return Referrers.NONE;
      }
      throw e;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Raw(byte[] bytes, @Nullable String contentType) {}

  private Raw get(String reference, @Nullable Digest expected, int most) throws IOException {
    String what = "manifest " + source.display() + " " + reference;
    try (Answer answer = requests.send("GET", "manifests/" + reference, ACCEPT)) {
      if (answer.status() != 200) {
        throw new IOException(what + ": answered " + answer.status());
      }
      if (answer.length().orElse(0) > most) {
        throw tooLarge(what, most, null);
      }
      byte[] bytes = answer.body().all(most);
      check(what, Digest.of(bytes), expected, answer.header("Docker-Content-Digest"));
      return new Raw(bytes, answer.header("Content-Type"));
    } catch (Body.TooLong e) {
      throw tooLarge(what, most, e);
    }
  }

  /** What the header claims is no evidence for a digest, but against the answer it is. */
  private static void check(
      String what, Digest found, @Nullable Digest expected, @Nullable String claimed)
      throws Retry.Mismatch {
    if (expected != null && !found.equals(expected)) {
      throw new Retry.Mismatch(what + ": the registry answered with " + found);
    }
    if (claimed != null && claimed.startsWith("sha256:") && !claimed.equals(found.toString())) {
      throw new Retry.Mismatch(
          what + ": the registry answered with " + found + " and calls it something else");
    }
  }

  private static RegistryException tooLarge(String what, int most, @Nullable Throwable cause) {
    return new RegistryException(
        Reason.TOO_LARGE,
        what + ": larger than the " + (most >> 10) + " KiB that are taken",
        cause,
        null);
  }

  @Override
  public byte[] read(Descriptor blob, int maxBytes) {
    if (blob.size() > maxBytes) {
      throw new RegistryException(
          Reason.TOO_LARGE,
          "blob %s: %d bytes, at most %d are taken"
              .formatted(blob.digest(), blob.size(), maxBytes));
    }
    return tries.run(() -> small(blob));
  }

  private byte[] small(Descriptor blob) throws IOException {
    String what = "blob " + blob.digest();
    try (Answer answer = requests.send("GET", "blobs/" + blob.digest(), Map.of())) {
      if (answer.status() != 200) {
        throw new IOException(what + ": answered " + answer.status());
      }
      if (answer.length().orElse(blob.size()) != blob.size()) {
        throw new Retry.Mismatch(what + ": announced with another size than its manifest says");
      }
      byte[] bytes = answer.body().all(Math.toIntExact(blob.size()));
      if (bytes.length != blob.size() || !Digest.of(bytes).equals(blob.digest())) {
        throw new Retry.Mismatch(what + ": the registry answered with " + Digest.of(bytes));
      }
      return bytes;
    } catch (Body.TooLong e) {
      throw new Retry.Mismatch(what + ": longer than the manifest says");
    }
  }

  @Override
  public void download(Descriptor blob, Path part, Progress progress) {
    if (blob.size() > Limits.LAYER) {
      throw new RegistryException(
          Reason.TOO_LARGE,
          "blob %s: %d bytes, at most %d are taken"
              .formatted(blob.digest(), blob.size(), Limits.LAYER));
    }
    Duration least = timeouts.stall().multipliedBy(STALLS_A_BLOB);
    Duration bySize = Duration.ofSeconds(blob.size() / SLOWEST);
    try (var download = new BlobDownload(blob, part, progress)) {
      download.run(requests, tries.retry(), least.compareTo(bySize) > 0 ? least : bySize);
    }
  }

  @Override
  public void close() {
    tries.close();
    requests.close();
  }
}
