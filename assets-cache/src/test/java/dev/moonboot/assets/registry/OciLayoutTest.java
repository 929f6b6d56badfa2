package dev.moonboot.assets.registry;

import static dev.moonboot.assets.registry.RegistryLab.assertFails;
import static dev.moonboot.assets.registry.RegistryLab.blob;
import static dev.moonboot.assets.registry.RegistryLab.content;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.RegistryException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layouts in a directory and in a tar, whole and broken. */
class OciLayoutTest {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  @TempDir Path directory;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final byte[] layer = content(300_000);
  private Digest image;

  @BeforeEach
  void fill() {
    byte[] config =
        utf8(
            "{\"architecture\":\"arm64\",\"os\":\"linux\",\"rootfs\":{\"diff_ids\":[\"%s\"]}}"
                .formatted(Digest.of(layer)));
    byte[] manifest =
        utf8(
            "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
                .formatted(
                    descriptor("application/vnd.oci.image.config.v1+json", config),
                    descriptor("application/vnd.oci.image.layer.v1.tar", layer)));
    image = Digest.of(manifest);
    files.put("oci-layout", utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
    for (byte[] blob : new byte[][] {config, layer, manifest}) {
      files.put("blobs/sha256/" + Digest.of(blob).hex(), blob);
    }
    files.put("index.json", index(tagged("demo", image)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String descriptor(String type, byte[] bytes) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(type, Digest.of(bytes), bytes.length);
  }

  private static String tagged(String tag, Digest digest) {
    return ("{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":1,\"annotations\":"
            + "{\"org.opencontainers.image.ref.name\":\"%s\"}}")
        .formatted(MANIFEST, digest, tag);
  }

  private static byte[] index(String... entries) {
    return utf8("{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}");
  }

  private Registry openDirectory() throws IOException {
    Path layout = directory.resolve("layout");
    for (var file : files.entrySet()) {
      Path path = layout.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return Registries.open(new SourceImage.Layout(layout), RegistrySettings.DEFAULT);
  }

  private byte[] tar() throws IOException {
    var tar = new ByteArrayOutputStream();
    tar.write(header("blobs/", '5', 0));
    tar.write(header("././@PaxHeader", 'x', 600)); // an extension, passed over
    tar.write(new byte[1024]);
    for (var file : files.entrySet()) {
      tar.write(header("./" + file.getKey(), '0', file.getValue().length));
      tar.write(file.getValue());
      tar.write(new byte[(512 - file.getValue().length % 512) % 512]);
    }
    tar.write(new byte[1024]);
    return tar.toByteArray();
  }

  private static byte[] header(String name, char type, int size) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 124, "%011o".formatted(size));
    header[156] = (byte) type;
    put(header, 257, "ustar\00000");
    put(header, 148, "        ");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private Registry openArchive(byte[] tar) throws IOException {
    Path file = directory.resolve("image.tar");
    Files.write(file, tar);
    return Registries.open(new SourceImage.Archive(file), RegistrySettings.DEFAULT);
  }

  private void assertReadable(Registry layout) throws IOException {
    try (layout) {
      assertEquals(image, layout.resolve("demo"));
      assertEquals(image, layout.resolve(null));
      assertEquals(List.of("demo"), layout.tags());
      PlatformImage found = Platforms.select(layout, image, Arch.ARM64);
      assertEquals(blob(layer), found.layers().getFirst());
      Path part = directory.resolve("part");
      Files.write(part, new byte[500_000]); // rubbish of an earlier time
      layout.download(found.layers().getFirst(), part, Progress.NONE);
      assertArrayEquals(layer, Files.readAllBytes(part));
      assertFails(Reason.NOT_FOUND, () -> layout.resolve("other"));
      Descriptor missing = blob(new byte[] {1});
      assertFails(Reason.NOT_FOUND, () -> layout.read(missing, 10));
      assertFails(Reason.NOT_FOUND, () -> layout.download(missing, part, Progress.NONE));
      assertFails(Reason.NOT_FOUND, () -> layout.manifest(missing.digest()));
    }
  }

  @Test
  void a_directory_is_read() throws IOException {
    assertReadable(openDirectory());
  }

  @Test
  void a_tar_is_read_in_place() throws IOException {
    assertReadable(openArchive(tar()));
  }

  @Test
  void a_tag_among_several_must_be_named() throws IOException {
    Digest other = Digest.of(new byte[] {2});
    files.put("index.json", index(tagged("demo", image), tagged("other", other)));
    try (Registry layout = openDirectory()) {
      assertEquals(other, layout.resolve("other"));
      String message =
          String.valueOf(assertFails(Reason.NOT_FOUND, () -> layout.resolve(null)).getMessage());
      assertTrue(message.endsWith("it has 2 images, tagged demo, other"), message);
    }
  }

  @Test
  void content_that_is_not_what_its_name_says_is_refused() throws IOException {
    byte[] wrong = layer.clone();
    wrong[1000] ^= 1;
    files.put("blobs/sha256/" + Digest.of(layer).hex(), wrong);
    files.put("blobs/sha256/" + image.hex(), utf8("{}"));
    for (Registry layout : new Registry[] {openDirectory(), openArchive(tar())}) {
      try (layout) {
        Path part = directory.resolve("part");
        assertFails(
            Reason.DIGEST_MISMATCH, () -> layout.download(blob(layer), part, Progress.NONE));
        assertFalse(Files.exists(part));
        assertFails(Reason.DIGEST_MISMATCH, () -> layout.read(blob(layer), layer.length));
        assertFails(Reason.DIGEST_MISMATCH, () -> layout.manifest(image));
      }
    }
    files.put("blobs/sha256/" + Digest.of(layer).hex(), Arrays.copyOf(layer, 100));
    try (Registry layout = openDirectory()) {
      assertFails(
          Reason.DIGEST_MISMATCH,
          () -> layout.download(blob(layer), directory.resolve("part"), Progress.NONE));
    }
  }

  @Test
  void what_is_no_layout_is_refused() throws IOException {
    files.put("oci-layout", utf8("{\"imageLayoutVersion\":\"2.0.0\"}"));
    assertFails(Reason.UNSUPPORTED, () -> open(directory.resolve("missing"), false));
    assertFails(Reason.NOT_FOUND, () -> open(directory.resolve("missing"), true));
  }

  /** A relative one starts where moonboot was started, which is not where many look for it. */
  @Test
  void a_folder_that_is_not_there_is_told_with_its_whole_name() {
    Path missing = Path.of("no-such-layout");
    RegistryException failure =
        assertThrows(
            RegistryException.class,
            () ->
                Registries.open(new SourceImage.Layout(missing), RegistrySettings.DEFAULT).close());
    assertEquals(
        "oci:no-such-layout: there is no folder " + missing.toAbsolutePath(), failure.getMessage());
    assertEquals(Reason.NOT_FOUND, failure.reason());
  }

  private void open(Path path, boolean archive) {
    try (Registry opened =
        archive
            ? Registries.open(new SourceImage.Archive(path), RegistrySettings.DEFAULT)
            : openDirectory()) {
      opened.resolve(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "checksum", "size", "negative", "gzip", "text", "empty"})
  void a_broken_tar_is_refused(String fault) throws IOException {
    byte[] tar = tar();
    byte[] broken =
        switch (fault) {
          case "cut" -> Arrays.copyOf(tar, tar.length - 3000);
          case "checksum" -> {
            tar[0] ^= 1;
            yield tar;
          }
          case "size" -> header("oci-layout", '0', Integer.MAX_VALUE);
          case "negative" -> {
            byte[] header = header("oci-layout", '0', 0);
            Arrays.fill(header, 124, 136, (byte) 0xff);
            yield header;
          }
          case "gzip" -> {
            var packed = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(packed)) {
              out.write(tar);
            }
            yield packed.toByteArray();
          }
          case "text" -> "x".repeat(2000).getBytes(StandardCharsets.UTF_8);
          default -> new byte[0];
        };
    assertFails(
        fault.equals("empty") ? Reason.NOT_FOUND : Reason.MALFORMED,
        () -> {
          try {
            openArchive(broken).close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
