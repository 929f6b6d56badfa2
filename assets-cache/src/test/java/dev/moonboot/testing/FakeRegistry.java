package dev.moonboot.testing;

import static java.util.Objects.requireNonNull;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.json.Json;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A registry in this process that counts what it is asked and can lie in every way (see {@link
 * FakeRegistryFault}). All repositories share their blobs; tags belong to one repository.
 */
public final class FakeRegistry implements RegistryFixture {
  private static final RegistrySettings.Timeouts PATIENCE =
      new RegistrySettings.Timeouts(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMillis(5));
  private static final String TAGS = "/tags/list";
  private static final Pattern LAST = Pattern.compile("last=(\\d+)");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Content(String mediaType, byte[] bytes) {}

  private record Fault(
      Predicate<FakeRegistryRequest> when, AtomicInteger times, FakeRegistryFault fault) {}

  private final Map<Digest, Content> manifests = new ConcurrentHashMap<>();
  private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, Digest> tags = new ConcurrentHashMap<>();
  private final List<FakeRegistryRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final Path directory;
  private final @Nullable FakeRegistryTls tls;
  private final FakeRegistryServer server;
  private volatile int referrersPage = Integer.MAX_VALUE;
  private volatile FakeRegistryAuth auth = FakeRegistryAuth.NONE;

  private FakeRegistry(@Nullable FakeRegistryTls tls) {
    this.tls = tls;
    try {
      directory = Files.createTempDirectory("fake-registry");
      Files.writeString(directory.resolve("ca.pem"), tls == null ? "" : tls.authority());
      Files.writeString(directory.resolve("config.json"), "{}");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = new FakeRegistryServer(tls, this::answer);
  }

  /** By HTTPS, with a certificate of an authority that {@link #settings} trusts. */
  public static FakeRegistry start() {
    return start(FakeRegistryTls.Kind.GOOD);
  }

  /** By HTTPS, with that certificate. */
  public static FakeRegistry start(FakeRegistryTls.Kind kind) {
    return new FakeRegistry(FakeRegistryTls.of(kind));
  }

  /** By plain HTTP. */
  public static FakeRegistry startPlain() {
    return new FakeRegistry(null);
  }

  @Override
  public String address() {
    return "127.0.0.1:" + port();
  }

  /** The port, on 127.0.0.1. */
  public int port() {
    return server.port();
  }

  /** {@code https://127.0.0.1:port}, or http. */
  public String url() {
    return (tls == null ? "http://" : "https://") + address();
  }

  @Override
  public RegistrySettings settings() {
    return new RegistrySettings(
        tls == null ? Set.of(address()) : Set.of(),
        tls == null ? List.of() : List.of(directory.resolve("ca.pem")),
        Set.of(),
        directory.resolve("config.json"),
        null,
        List.of(),
        PATIENCE);
  }

  /** As {@link #settings}, with credentials for this registry in a docker config.json. */
  public RegistrySettings settings(String user, String password) {
    return settings(address(), user, password);
  }

  /** As {@link #settings}, with credentials for a registry that goes by another name. */
  public RegistrySettings settings(String registry, String user, String password) {
    String basic =
        Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    try {
      Files.writeString(
          directory.resolve("config.json"),
          "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(registry, basic));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return settings();
  }

  @Override
  public Digest putBlob(String repository, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    blobs.put(digest, bytes.clone());
    return digest;
  }

  /** Keeps a blob for all repositories. */
  public Digest putBlob(byte[] bytes) {
    return putBlob("", bytes);
  }

  /** Takes a blob away. */
  public void removeBlob(Digest digest) {
    blobs.remove(digest);
  }

  @Override
  public Digest putManifest(String repository, String mediaType, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    manifests.put(digest, new Content(mediaType, bytes.clone()));
    return digest;
  }

  /** Lies: gives {@code bytes} to who asks for {@code digest}. */
  public void forgeManifest(Digest digest, String mediaType, byte[] bytes) {
    manifests.put(digest, new Content(mediaType, bytes.clone()));
  }

  /** A manifest that was put before. */
  public byte[] manifestBytes(Digest manifest) {
    return requireNonNull(manifests.get(manifest), "no such manifest").bytes().clone();
  }

  @Override
  public long manifestSize(String repository, Digest manifest) {
    return requireNonNull(manifests.get(manifest), "no such manifest").bytes().length;
  }

  @Override
  public boolean hasReferrers() {
    return referrersPage > 0;
  }

  /** Answers the referrers API with so many artifacts a page; 0: has no such API. */
  public FakeRegistry referrersPage(int size) {
    referrersPage = size;
    return this;
  }

  @Override
  public void tag(String repository, String tag, Digest manifest) {
    tags.put(repository + ":" + tag, manifest);
  }

  /** Deletes a tag. */
  public void untag(String repository, String tag) {
    tags.remove(repository + ":" + tag);
  }

  /** Asks for credentials from now on. */
  public void require(FakeRegistryAuth how) {
    auth = how;
  }

  /** Gives another answer to every request of that kind, until {@link #heal}. */
  public void fault(Kind kind, FakeRegistryFault fault) {
    fault(kind, Integer.MAX_VALUE, fault);
  }

  /** Gives another answer to the next requests of that kind. */
  public void fault(Kind kind, int times, FakeRegistryFault fault) {
    fault(request -> request.kind() == kind, times, fault);
  }

  /** Gives another answer to the next requests that fit; of several faults the first one counts. */
  public void fault(Predicate<FakeRegistryRequest> when, int times, FakeRegistryFault fault) {
    faults.add(new Fault(when, new AtomicInteger(times), fault));
  }

  /** Answers rightly again. */
  public void heal() {
    faults.clear();
  }

  /** What was asked so far, in order. */
  public List<FakeRegistryRequest> requests() {
    return List.copyOf(requests);
  }

  /** What was asked of that kind so far, in order. */
  public List<FakeRegistryRequest> requests(Kind kind) {
    return requests.stream().filter(request -> request.kind() == kind).toList();
  }

  /** How often that kind was asked so far. */
  public int count(Kind kind) {
    return requests(kind).size();
  }

  /** Starts counting anew. */
  public void forget() {
    requests.clear();
  }

  private FakeRegistryReply answer(FakeRegistryRequest request) {
    requests.add(request);
    FakeRegistryReply right = auth.challenge(request, url()).orElseGet(() -> content(request));
    return faults.stream()
        .filter(fault -> fault.when().test(request) && fault.times().getAndDecrement() > 0)
        .findFirst()
        .map(fault -> fault.fault().apply(request, right))
        .orElse(right);
  }

  private FakeRegistryReply content(FakeRegistryRequest request) {
    String path = request.path();
    String last = path.substring(path.lastIndexOf('/') + 1);
    return switch (request.kind()) {
      case HEAD_MANIFEST, GET_MANIFEST -> manifest(path, last);
      case PUT_MANIFEST -> taken(request, path, last);
      case UPLOAD -> upload(request, path);
      case BLOB -> blob(request, Digest.parse(last));
      case REFERRERS -> referrers(request, Digest.parse(last));
      case TOKEN, OTHER ->
          path.endsWith(TAGS)
              ? tags(request, path.substring("/v2/".length(), path.length() - TAGS.length()))
              : FakeRegistryReply.of(path.equals("/v2/") ? 200 : 404);
    };
  }

  /** Three a page. */
  private FakeRegistryReply tags(FakeRegistryRequest request, String repository) {
    List<String> all =
        tags.keySet().stream()
            .filter(name -> name.startsWith(repository + ":"))
            .map(name -> name.substring(repository.length() + 1))
            .sorted()
            .toList();
    if (all.isEmpty()) {
      return FakeRegistryReply.of(404);
    }
    var last = LAST.matcher(String.valueOf(request.query()));
    int from = last.find() ? Integer.parseInt(last.group(1)) : 0;
    int to = Math.min(all.size(), from + 3);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    if (to < all.size()) {
      headers.put("Link", "<%s?n=3&last=%d>; rel=\"next\"".formatted(request.path(), to));
    }
    List<Json> page = all.subList(from, to).stream().<Json>map(Json.Str::new).toList();
    Json.Obj list =
        new Json.Obj(Map.of("name", new Json.Str(repository), "tags", new Json.Arr(page)));
    return FakeRegistryReply.of(200, headers, list.compact().getBytes(StandardCharsets.UTF_8));
  }

  private FakeRegistryReply manifest(String path, String reference) {
    String repository = path.substring("/v2/".length(), path.lastIndexOf("/manifests/"));
    Digest digest =
        reference.startsWith("sha256:")
            ? Digest.parse(reference)
            : tags.get(repository + ":" + reference);
    Content content = digest == null ? null : manifests.get(digest);
    if (digest == null || content == null) {
      return FakeRegistryReply.of(404);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", content.mediaType());
    headers.put("Docker-Content-Digest", digest.toString());
    return FakeRegistryReply.of(200, headers, content.bytes());
  }

  private FakeRegistryReply taken(FakeRegistryRequest request, String path, String reference) {
    String repository = path.substring("/v2/".length(), path.lastIndexOf("/manifests/"));
    String type = String.valueOf(request.header("content-type"));
    Digest digest = putManifest(repository, type, request.body());
    if (!reference.startsWith("sha256:")) {
      tag(repository, reference, digest);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Docker-Content-Digest", digest.toString());
    if (hasReferrers() && new String(request.body(), StandardCharsets.UTF_8).contains("subject")) {
      headers.put("OCI-Subject", "of it");
    }
    return FakeRegistryReply.of(201, headers, new byte[0]);
  }

  private FakeRegistryReply upload(FakeRegistryRequest request, String path) {
    if (request.method().equals("POST")) {
      return FakeRegistryReply.of(202, Map.of("Location", path + "1?state=x"), new byte[0]);
    }
    Digest digest = putBlob(request.body());
    return FakeRegistryReply.of(("state=x&digest=" + digest).equals(request.query()) ? 201 : 400);
  }

  private FakeRegistryReply referrers(FakeRegistryRequest request, Digest subject) {
    if (referrersPage == 0) {
      return FakeRegistryReply.of(404);
    }
    String query = String.valueOf(request.query());
    List<Json> all =
        manifests.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .flatMap(entry -> Attachments.referrer(subject, entry.getValue().bytes()).stream())
            .toList();
    var last = LAST.matcher(query);
    int from = last.find() ? Integer.parseInt(last.group(1)) : 0;
    int to = (int) Math.min(all.size(), (long) from + referrersPage);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", INDEX);
    if (to < all.size()) {
      headers.put("Link", "<%s?last=%d>; rel=\"next\"".formatted(request.path(), to));
    }
    return FakeRegistryReply.of(
        200, headers, RegistryFixture.bytes(Attachments.index(all.subList(from, to))));
  }

  private FakeRegistryReply blob(FakeRegistryRequest request, Digest digest) {
    byte[] bytes = blobs.get(digest);
    if (bytes == null) {
      return FakeRegistryReply.of(404);
    }
    var range = RANGE.matcher(request.headers().getOrDefault("range", ""));
    if (!range.matches()) {
      return FakeRegistryReply.of(200, Map.of("Content-Type", "application/octet-stream"), bytes);
    }
    int from = Integer.parseInt(range.group(1));
    if (from >= bytes.length) {
      return FakeRegistryReply.of(416);
    }
    String where = "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length);
    return FakeRegistryReply.of(
        206, Map.of("Content-Range", where), Arrays.copyOfRange(bytes, from, bytes.length));
  }

  @Override
  public void close() {
    server.close();
    try {
      Files.deleteIfExists(directory.resolve("ca.pem"));
      Files.deleteIfExists(directory.resolve("config.json"));
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
