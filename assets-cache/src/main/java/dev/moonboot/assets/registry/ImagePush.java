package dev.moonboot.assets.registry;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.blob.Blob;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.registry.RegistryClient;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.security.DigestException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts images into a repository of a registry, byte for byte, with the credentials of docker's
 * configuration. What is there already is not sent again.
 */
public final class ImagePush {
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
   * @param bytes JSON in its compact form, without blanks
   * @param tag what it is to be called; null for its digest alone
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Document(byte[] bytes, String mediaType, @Nullable String tag) {}

  private final SourceImage.Repository to;
  private final RegistryClient client;

  private ImagePush(SourceImage.Repository to, RegistryClient client) {
    this.to = to;
    this.client = client;
  }

  /**
   * Pushes all contents, then the documents in their order: what names others comes after them.
   *
   * @throws RegistryException when the registry does not take them
   */
  public static void push(
      SourceImage.Repository to,
      RegistrySettings settings,
      List<Content> contents,
      List<Document> documents) {
    boolean plain = settings.plainHttp().contains(to.registry());
    var http = new FailoverHttpClient(plain, plain, event -> {});
    try {
      ImagePush push = new ImagePush(to, client(to, settings, http));
      contents.forEach(push::content);
      documents.forEach(push::document);
    } finally {
      shutDown(http);
    }
  }

  private static void shutDown(FailoverHttpClient http) {
    try {
      http.shutDown();
    } catch (IOException e) {
      // all was sent, or somebody else said why not
    }
  }

  private static RegistryClient client(
      SourceImage.Repository to, RegistrySettings settings, FailoverHttpClient http) {
    var factory = RegistryClient.factory(EventHandlers.NONE, to.registry(), to.path(), http);
    Optional<Login> login = Login.find(to, settings.dockerConfig());
    login.ifPresent(
        found -> factory.setCredential(Credential.from(found.user(), found.password())));
    RegistryClient client = factory.setUserAgent("moonboot").newRegistryClient();
    asking(
        to,
        "log in to " + to.registry(),
        () -> {
          if (!client.doPushBearerAuth() && login.isPresent()) {
            client.configureBasicAuth();
          }
        });
    return client;
  }

  private interface Call {
    void run() throws IOException, com.google.cloud.tools.jib.api.RegistryException;
  }

  private static void asking(SourceImage.Repository to, String what, Call call) {
    try {
      call.run();
    } catch (RegistryUnauthorizedException e) {
      throw new RegistryException(
          Reason.AUTH_FAILED,
          "cannot %s: %s does not let us write; log in with an account that may (docker login %s)"
              .formatted(what, to.display(), to.registry()));
    } catch (IOException | com.google.cloud.tools.jib.api.RegistryException e) {
      throw new RegistryException(
          Reason.UNREACHABLE, "cannot %s: %s".formatted(what, e.getMessage()), e, null);
    }
  }

  private void content(Content content) {
    Digest digest = content.digest();
    asking(
        to,
        "push blob " + digest + " to " + to.display(),
        () -> {
          if (client.checkBlob(digest(digest)).isEmpty()) {
            client.pushBlob(digest(digest), blob(content), null, sent -> {});
          }
        });
  }

  private static Blob blob(Content content) {
    return switch (content) {
      case Content.OfFile(var _, var file) -> Blobs.from(file);
      case Content.OfBytes(var bytes) -> Blobs.from(out -> out.write(bytes), true);
    };
  }

  private void document(Document document) {
    Digest digest = Digest.of(document.bytes());
    PushedManifest manifest = PushedManifest.of(document);
    String reference = document.tag() == null ? digest.toString() : document.tag();
    asking(
        to,
        "push manifest " + digest + " to " + to.display() + ":" + reference,
        () -> {
          DescriptorDigest pushed = client.pushManifest(manifest, reference);
          if (!pushed.toString().equals(digest.toString())) {
            throw new IOException("it became " + pushed + " on the way");
          }
        });
  }

  private static DescriptorDigest digest(Digest digest) {
    try {
      return DescriptorDigest.fromHash(digest.hex());
    } catch (DigestException e) {
      throw new AssertionError("64 hex digits are a digest", e);
    }
  }
}
