package dev.moonboot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.schematic.SchematicException;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Behaves towards clients as the public Image Factory does. */
public final class FakeFactory implements AutoCloseable {
  private final HttpServer server;
  private final HttpServer store;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile int failing = 500;
  private volatile boolean redirects;
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger misplaced = new AtomicInteger();
  private volatile int cutAfter;
  private volatile boolean names = true;

  public FakeFactory() {
    try {
      server = started(this::answer);
      store = started(exchange -> file(exchange, files.get(exchange.getRequestURI().getPath())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpServer started(HttpHandler handler) throws IOException {
    var made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    made.createContext("/", handler);
    made.setExecutor(threads);
    made.start();
    return made;
  }

  /** {@code http://127.0.0.1:port}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What a registry's settings must allow plain HTTP for. */
  public List<String> hosts() {
    return List.of(
        "127.0.0.1:" + server.getAddress().getPort(), "127.0.0.1:" + store.getAddress().getPort());
  }

  /** Makes kernel, initramfs and command line of that schematic for all architectures. */
  public void makes(String id, String version, long seed) {
    String folder = "/image/" + id + "/" + version + "/";
    for (Arch arch : Arch.values()) {
      String a = arch.id();
      files.put(
          folder + "kernel-" + a,
          arch == Arch.AMD64
              ? KernelFixture.bzImage("6.18.9-talos")
              : KernelFixture.arm64Image("6.18.9-talos"));
      files.put(
          folder + "initramfs-" + a + ".xz",
          InitramfsFixture.zstd(InitramfsFixture.base(arch, 10_000, seed)));
      files.put(folder + "cmdline-metal-" + a, "talos.platform=metal x=1".getBytes(UTF_8));
    }
  }

  /** Says that there are these versions. */
  public void lists(String... versions) {
    files.put(
        "/versions",
        new Json.Arr(Arrays.stream(versions).<Json>map(Json.Str::new).toList())
            .compact()
            .getBytes(UTF_8));
  }

  /** Makes command line, unified kernel image and ISO image for a platform, too. */
  public void makesFor(String platform, String id, String version) {
    String folder = "/image/" + id + "/" + version + "/";
    for (Arch arch : Arch.values()) {
      String of = platform + "-" + arch.id();
      files.put(folder + "cmdline-" + of, ("talos.platform=" + platform).getBytes(UTF_8));
      files.put(
          folder + of + "-uki.efi", TestImages.Content.DEFAULT.withVersion(version).uki(arch));
      files.put(folder + of + ".iso", iso());
    }
  }

  /** As much of one as says what it is. */
  private static byte[] iso() {
    byte[] iso = new byte[20 * 2048];
    ByteBuffer.wrap(iso)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(16 * 2048, "\001CD001\001".getBytes(UTF_8))
        .putInt(16 * 2048 + 80, 20)
        .putShort(16 * 2048 + 128, (short) 2048)
        .put(17 * 2048, "\000CD001\001EL TORITO SPECIFICATION".getBytes(UTF_8));
    return iso;
  }

  /** Puts other bytes in a file's place. */
  public void put(String path, byte[] bytes) {
    files.put(path, bytes);
  }

  /** Leaves the end of a file away. */
  public void cut(String path, int length) {
    files.computeIfPresent(path, (_, bytes) -> Arrays.copyOf(bytes, length));
  }

  /** Cuts the connection after so many bytes of a file, as often as that. */
  public void cutAfter(int bytes, int times) {
    cutAfter = bytes;
    cuts.set(times);
  }

  /**
   * Names files from now on by an {@code ETag} each, or not; sends the rest of a file all the same.
   */
  public void names(boolean named) {
    names = named;
  }

  /** Sends what stands so many bytes before it as the rest of a file, once. */
  public void misplaces(int bytes) {
    misplaced.set(bytes);
  }

  /** Takes a file away. */
  public void remove(String path) {
    files.remove(path);
  }

  /** Sends clients of files on to another port, as the public one does to its store. */
  public void redirect() {
    redirects = true;
  }

  /** Answers the next requests with that status; 503 asks to come back at once. */
  public void fail(int times, int status) {
    failing = status;
    failures.set(times);
  }

  /** The method and path of every request so far. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String range = exchange.getRequestHeaders().getFirst("Range");
    asked.add(exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range));
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      exchange.getResponseHeaders().add("Retry-After", "0");
      send(exchange, failing, "queue is full".getBytes(UTF_8));
    } else if (path.equals("/schematics")) {
      post(exchange);
    } else if (redirects && files.containsKey(path)) {
      exchange
          .getResponseHeaders()
          .add("Location", "http://127.0.0.1:" + store.getAddress().getPort() + path);
      send(exchange, 302, new byte[0]);
    } else {
      file(exchange, files.get(path));
    }
  }

  /** A file, or the rest of it where it still is the one that was asked for. */
  private void file(HttpExchange exchange, byte @Nullable [] bytes) throws IOException {
    if (bytes == null) {
      send(exchange, 404, null);
      return;
    }
    String name = "\"" + Digest.of(bytes).shortHex() + "\"";
    if (names) {
      exchange.getResponseHeaders().add("ETag", name);
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    boolean same = name.equals(exchange.getRequestHeaders().getFirst("If-Range"));
    int from = range != null && same ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %d-%d/%d"
                  .formatted(from - misplaced.getAndSet(0), bytes.length - 1, bytes.length));
    }
    byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
    if (rest.length > cutAfter && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      try (exchange) {
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length);
        exchange.getResponseBody().write(rest, 0, cutAfter);
        exchange.getResponseBody().flush();
      }
    } else {
      send(exchange, from > 0 ? 206 : 200, rest);
    }
  }

  private static void post(HttpExchange exchange) throws IOException {
    try {
      String text = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      Schematic schematic = Schematic.parse(text);
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("id", new Json.Str(schematic.id()));
      members.put("schematic", new Json.Str(schematic.canonical()));
      send(exchange, 201, new Json.Obj(members).compact().getBytes(UTF_8));
    } catch (SchematicException e) {
      send(exchange, 400, String.valueOf(e.getMessage()).getBytes(UTF_8));
    }
  }

  private static void send(HttpExchange exchange, int status, byte @Nullable [] bytes)
      throws IOException {
    byte[] body = bytes == null ? "not found\n".getBytes(UTF_8) : bytes;
    try (exchange) {
      exchange.sendResponseHeaders(
          bytes == null ? 404 : status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    store.stop(0);
    threads.close();
  }
}
