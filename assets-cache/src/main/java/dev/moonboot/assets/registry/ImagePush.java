package dev.moonboot.assets.registry;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import dev.moonboot.assets.registry.Transport.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts images into a repository of a registry, byte for byte (distribution-spec 1.1, "Pushing"),
 * under the rules of pulling: the same credentials, authorities, proxies, addresses and realms.
 * What is there already is not sent again.
 *
 * <p>What refers to an image is entered by the registry into the list of what does; for one without
 * such lists the list is kept under a tag ("Pushing Manifests with Subject"). What others put
 * there, or beside an image under the tag of its signatures, stays.
 */
public final class ImagePush implements AutoCloseable {
  /** A blob: a layer, a configuration. */
  public sealed interface Content {
    Digest digest();

    /** In a file. */
    record OfFile(Digest digest, Path file) implements Content {}

    /** In memory. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record OfBytes(byte[] bytes) implements Content {
      @Override
      public Digest digest() {
        return Digest.of(bytes);
      }
    }
  }

  /**
   * A manifest or index.
   *
   * @param bytes JSON
   * @param tag what it is to be called; null for its digest alone
   * @param joins whether layers of what is called so already stay
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Document(byte[] bytes, String mediaType, @Nullable String tag, boolean joins) {
    /** That stands for itself. */
    public Document(byte[] bytes, String mediaType, @Nullable String tag) {
      this(bytes, mediaType, tag, false);
    }

    /** Signatures beside an image, that of others among them (cosign, SIGNATURE_SPEC). */
    public static Document joining(byte[] bytes, String mediaType, String tag) {
      return new Document(bytes, mediaType, tag, true);
    }
  }

  private static final Map<String, String> BYTES =
      Map.of("Content-Type", "application/octet-stream");

  private final SourceImage.Repository to;
  private final RegistryRequests requests;
  private final Tries tries;
  private final Progress progress;

  private ImagePush(SourceImage.Repository to, RegistrySettings settings, Progress progress) {
    this.to = to;
    this.requests =
        new RegistryRequests(Network.SYSTEM, to, settings, RegistryRequests.Access.WRITE);
    this.tries = new Tries(to.display(), settings.timeouts().backoff(), null);
    this.progress = progress;
  }

  /**
   * Pushes all contents, then the documents in their order: what names others comes after them.
   *
   * @throws RegistryException when the registry does not take them
   * @throws UncheckedIOException when a file cannot be read
   */
  public static void push(
      SourceImage.Repository to,
      RegistrySettings settings,
      List<Content> contents,
      List<Document> documents,
      Progress progress) {
    try (var push = new ImagePush(to, settings, progress)) {
      progress.step("push", "to " + to.display());
      push.contents(contents);
      documents.forEach(push::document);
    }
  }

  private void contents(List<Content> contents) {
    long total = contents.stream().mapToLong(ImagePush::size).sum();
    long done = 0;
    for (Content content : contents) {
      long before = done;
      content(content, sent -> progress.bytes(before + sent, total));
      done += size(content);
      progress.bytes(done, total);
    }
  }

  private void content(Content content, Payload.Sent sent) {
    about(
        "blob " + content.digest(),
        () -> {
          if (!isThere(content.digest())) {
            upload(content, sent);
          }
          return content;
        });
  }

  private static long size(Content content) {
    return switch (content) {
      case Content.OfBytes(var bytes) -> bytes.length;
      case Content.OfFile(var _, var file) -> {
        try {
          yield Files.size(file);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private <T> T about(String what, Tries.Try<T> work) {
    try {
      return tries.run(work);
    } catch (RegistryException e) {
      throw new RegistryException(
          e.reason(),
          "cannot push %s to %s: %s".formatted(what, to.display(), e.getMessage()),
          e,
          e.retryAfter().orElse(null));
    }
  }

  private boolean isThere(Digest blob) throws IOException {
    try (Answer answer = requests.send("HEAD", "blobs/" + blob, Map.of())) {
      return answer.status() == 200;
    } catch (RegistryException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** "POST then PUT": the one way that every registry has. */
  private void upload(Content content, Payload.Sent sent) throws IOException {
    URI session;
    try (Answer begun =
        requests.write("POST", requests.uri("blobs/uploads/"), Map.of(), Payload.NONE)) {
      session = requests.location(begun);
    }
    Payload payload =
        switch (content) {
          case Content.OfFile(var _, var file) -> Payload.of(file, sent);
          case Content.OfBytes(var bytes) -> Payload.of(bytes);
        };
    String query = session.getRawQuery() == null ? "?" : "&";
    URI whole = URI.create(session + query + "digest=" + content.digest());
    requests.write("PUT", whole, BYTES, payload).close();
  }

  private void document(Document document) {
    String tag = document.tag();
    Optional<byte[]> there =
        document.joins() && tag != null
            ? about("signatures as " + tag, () -> there(tag, MediaTypes.ACCEPT))
            : Optional.empty();
    if (there.isEmpty()) {
      put(document);
      return;
    }
    SignatureImage.with(to.display() + ":" + tag, there.get(), document)
        .ifPresent(longer -> {
          content(new Content.OfBytes(longer.config()), _ -> {});
          put(longer.manifest());
        });
  }

  private void put(Document document) {
    Digest digest = Digest.of(document.bytes());
    boolean entered =
        about(
            "manifest " + digest + (document.tag() == null ? "" : " as " + document.tag()),
            () -> put(document, digest));
    if (!entered) {
      Digest subject = ReferrerIndex.subject(document).orElseThrow();
      about(
          "manifest %s into the list of what refers to %s".formatted(digest, subject),
          () -> {
            enter(subject, document);
            return digest;
          });
    }
  }

  /** False when it refers to another, and the registry has not understood that. */
  private boolean put(Document document, Digest digest) throws IOException {
    URI uri =
        requests.uri("manifests/" + (document.tag() == null ? digest : document.tag()).toString());
    Map<String, String> type = Map.of("Content-Type", document.mediaType());
    try (Answer taken = requests.write("PUT", uri, type, Payload.of(document.bytes()))) {
      String became = taken.header("Docker-Content-Digest");
      if (became != null && !became.equals(digest.toString())) {
        throw new Retry.Mismatch("it became " + became + " on the way");
      }
      return taken.header("OCI-Subject") != null || ReferrerIndex.subject(document).isEmpty();
    }
  }

  private void enter(Digest subject, Document document) throws IOException {
    String tag = ReferrerList.fallbackTag(subject);
    Optional<byte[]> longer =
        ReferrerIndex.with(
            to.display() + ":" + tag, there(tag, MediaTypes.OCI_INDEX).orElse(null), document);
    if (longer.isPresent()) {
      put(new Document(longer.get(), MediaTypes.OCI_INDEX, tag), Digest.of(longer.get()));
    }
  }

  private Optional<byte[]> there(String tag, String accept) throws IOException {
    try (Answer answer = requests.send("GET", "manifests/" + tag, Map.of("Accept", accept))) {
      return Optional.of(answer.body().all(Limits.REFERRERS));
    } catch (Body.TooLong e) {
      throw new RegistryException(
          Reason.TOO_LARGE, to.display() + ":" + tag + ": too long", e, null);
    } catch (RegistryException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    tries.close();
    requests.close();
  }
}
