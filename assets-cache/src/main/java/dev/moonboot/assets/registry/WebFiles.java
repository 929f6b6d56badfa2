package dev.moonboot.assets.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.registry.Guard.Role;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Files and short texts of one web server that is no registry, reached as registries are: the same
 * TLS, proxy, addresses, redirects, time limits and tries; without credentials.
 *
 * <p>Every method throws {@link RegistryException} when it cannot do what it says.
 */
public final class WebFiles implements AutoCloseable {
  private static final int MOST_REASON = 1 << 10;

  private final URI base;
  private final RegistrySettings.Timeouts timeouts;
  private final Transport transport;
  private final Tries tries;

  /**
   * @param base {@code https://factory.talos.dev}, without a slash at the end; plain HTTP only
   *     where the settings allow it for that host
   * @throws IllegalArgumentException when it is no URL
   */
  public WebFiles(String base, RegistrySettings settings) {
    this.base = URI.create(base + "/");
    this.timeouts = settings.timeouts();
    this.transport = new Transport(Network.SYSTEM, settings);
    this.tries = new Tries(Hosts.shown(this.base), timeouts.backoff(), null);
  }

  /** A file that came. */
  public record Got(long size, Digest digest) {}

  /**
   * Posts a text; not sent on to where the server redirects.
   *
   * @param path below the base: {@code schematics}
   * @param most the answer's length in bytes at most
   * @return the answer's text, of status 200 or 201
   */
  public String post(String path, String type, String text, int most) {
    URI uri = base.resolve(path);
    return tries.run(() -> {
      Map<String, String> headers = Map.of("Content-Type", type);
      try (Answer answer = transport.send("POST", uri, headers, Role.REGISTRY, text)) {
        requireOk(uri, answer);
        return new String(answer.body().all(most), UTF_8);
      } catch (Body.TooLong e) {
        throw tooLarge(uri, most);
      }
    });
  }

  /** A short text, of {@code most} bytes at most. */
  public String text(String path, int most) {
    URI uri = base.resolve(path);
    return tries.run(() -> {
      try (Answer answer = Redirects.follow(transport, "GET", uri, Map.of(), Map.of())) {
        requireOk(uri, answer);
        return new String(answer.body().all(most), UTF_8);
      } catch (Body.TooLong e) {
        throw tooLarge(uri, most);
      }
    });
  }

  /**
   * Brings a file here. What was cut is continued where the server says that it still is the same
   * file, and else begins anew.
   *
   * @param to is replaced
   * @param most bytes
   * @param announced told the size before anything is written; throws when there is no room
   */
  public Got download(String path, Path to, long most, LongConsumer announced, Progress progress) {
    var wanted = new WebDownload.Wanted(base.resolve(path), most, announced, progress);
    try (WebDownload download = new WebDownload(wanted, to)) {
      return download.run(transport, tries.retry(), timeouts.stall());
    }
  }

  static RegistryException tooLarge(URI uri, long most) {
    return new RegistryException(
        Reason.TOO_LARGE, Hosts.shown(uri) + ": larger than the " + most + " bytes that are taken");
  }

  static void requireOk(URI uri, Answer answer) throws IOException {
    int status = answer.status();
    if (status == 200 || status == 201) {
      return;
    }
    String what = Hosts.shown(uri) + uri.getRawPath() + ": answered " + status + reason(answer);
    switch (status) {
      case 404 -> throw new RegistryException(Reason.NOT_FOUND, what);
      case 401, 402, 403 -> throw new RegistryException(Reason.AUTH_FAILED, what);
      case 429, 503 ->
          throw new Retry.ComeBack(
              what, RetryAfter.read(answer.header("Retry-After"), answer.header("Date")));
      default -> {
        if (status >= 500) {
          throw new IOException(what);
        }
        throw new RegistryException(Reason.UNSUPPORTED, what);
      }
    }
  }

  /** What the server says about it, safe to print. */
  private static String reason(Answer answer) {
    try {
      byte[] bytes = answer.body().all(MOST_REASON);
      String text = new String(bytes, UTF_8).lines().findFirst().orElse("").strip();
      String safe = text.replaceAll("[^\\x20-\\x7e]", "?");
      return safe.isEmpty() || safe.startsWith("<") ? "" : " (" + safe + ")";
    } catch (IOException e) {
      return "";
    }
  }

  /** The file as it lies there, for one that came before. */
  public static Got of(Path file) throws IOException {
    MessageDigest hash = Digest.sha256();
    long size = 0;
    byte[] buffer = new byte[1 << 16];
    try (var in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        hash.update(buffer, 0, count);
        size += count;
      }
    }
    return new Got(size, Digest.of(hash));
  }

  /** Ends whatever is running. */
  @Override
  public void close() {
    tries.close();
    transport.close();
  }
}
