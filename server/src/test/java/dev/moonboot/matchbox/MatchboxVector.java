package dev.moonboot.matchbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One request to a real matchbox with the data it had and the answer it gave (v0.11.0 and its
 * newest sources agree, except where {@link #otherExpect} says so).
 */
public record MatchboxVector(String name, Json.Obj json) {
  private static final Instant ASSET_TIME = Instant.ofEpochSecond(1_700_000_000);
  private static final String CONFIG_MAP = "..2026_01_01_00_00_00.123456789";

  /** All that were recorded. */
  public static List<MatchboxVector> all() {
    try (InputStream in = MatchboxVector.class.getResourceAsStream("http-vectors.json")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      return ((Json.Arr) JsonText.parse(text))
          .items().stream()
              .map(Json.Obj.class::cast)
              .map(item -> new MatchboxVector(item.text("name").orElseThrow(), item))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String method() {
    return request().text("method").orElse("GET");
  }

  public String path() {
    return request().text("path").orElseThrow();
  }

  /** As sent, still encoded; empty when there was none. */
  public String query() {
    return request().text("query").orElse("");
  }

  /** Headers of the request. */
  public Map<String, Json> headers() {
    return request().object("headers").map(Json.Obj::members).orElse(Map.of());
  }

  public Json.Obj request() {
    return json.object("request").orElseThrow();
  }

  /** The request as it goes over the wire. */
  public String head() {
    String target = path() + (query().isEmpty() ? "" : "?" + query());
    StringBuilder head = new StringBuilder(method() + " " + target + " HTTP/1.1\r\n");
    head.append("Host: matchbox.example.com:8080\r\nConnection: close\r\n");
    headers()
        .forEach((name, value) -> head.append(name + ": " + ((Json.Str) value).value() + "\r\n"));
    return head.append("\r\n").toString();
  }

  /** What the newest matchbox answers. */
  public Json.Obj expect() {
    return json.object("expect").orElseThrow();
  }

  /** What matchbox v0.11.0 answers: the same, or as good. */
  public Json.Obj otherExpect() {
    return json.object("expect_v0_11_0").orElseGet(this::expect);
  }

  public int status() {
    return Math.toIntExact(expect().integer("status").orElseThrow());
  }

  /** True when matchbox had been started with other options than usual. */
  public boolean needsOtherOptions() {
    return json.member("server").isPresent();
  }

  /** True when matchbox had a key to sign with. */
  public boolean needsKey() {
    return json.object("server").flatMap(server -> server.member("signing")).isPresent();
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * Writes the data the server had.
   *
   * @param root an empty folder: gets {@code groups}, {@code profiles}, templates and {@code
   *     assets}
   */
  public void write(Path root) throws IOException {
    List<String> folders =
        json.array("dirs")
            .map(list -> list.stream().map(item -> ((Json.Str) item).value()).toList())
            .orElse(List.of("groups", "profiles", "generic", "cloud", "ignition"));
    for (String folder : folders) {
      Files.createDirectories(root.resolve(folder));
    }
    Files.createDirectories(root.resolve("assets"));
    for (String kind : List.of("groups", "profiles")) {
      for (Json file : json.array(kind).orElse(List.of())) {
        writeDataFile(root.resolve(kind), (Json.Obj) file);
      }
    }
    writeTexts(root, "templates");
    writeTexts(root.resolve("assets"), "assets");
    if (layout().equals("asset-symlink")) {
      Files.createSymbolicLink(root.resolve("assets/link"), Path.of("real.txt"));
    }
  }

  private String layout() {
    return json.text("layout").orElse("");
  }

  private void writeDataFile(Path folder, Json.Obj file) throws IOException {
    String name = file.text("file").orElseThrow();
    String body = file.text("raw").orElseGet(() -> file.object("json").orElseThrow().compact());
    if (!layout().equals("k8s-configmap")) {
      write(folder.resolve(name), body);
      return;
    }
    write(folder.resolve(CONFIG_MAP).resolve(name), body);
    Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
    if (!Files.exists(folder.resolve("..data"))) {
      Files.createSymbolicLink(folder.resolve("..data"), Path.of(CONFIG_MAP));
    }
  }

  private void writeTexts(Path root, String member) throws IOException {
    Map<String, Json> texts = json.object(member).map(Json.Obj::members).orElse(Map.of());
    for (var text : texts.entrySet()) {
      Path file = root.resolve(text.getKey());
      write(file, ((Json.Str) text.getValue()).value());
      Files.setLastModifiedTime(file, FileTime.from(ASSET_TIME));
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, bytes(text));
  }

  /** Python's "surrogateescape" stands for bytes that are no UTF-8: U+DC80 to U+DCFF. */
  private static byte[] bytes(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(c -> {
          if (c >= 0xDC80 && c <= 0xDCFF) {
            out.write(c - 0xDC00);
          } else {
            out.writeBytes(Character.toString(c).getBytes(UTF_8));
          }
        });
    return out.toByteArray();
  }
}
