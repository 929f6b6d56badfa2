package dev.moonboot.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.Requires;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoImageTest {
  @Test
  void a_version_makes_the_same_image_each_time_and_another_one_another() {
    assertEquals(DemoImage.of("v1-demo").index(), DemoImage.of("v1-demo").index());
    assertNotEquals(DemoImage.of("v1-demo").index(), DemoImage.of("v2-demo").index());
  }

  @Test
  void everything_lies_under_the_digest_of_its_bytes() {
    DemoImage image = DemoImage.of("v1-demo");
    image.manifests().forEach((digest, content) -> assertEquals(digest, content.digest()));
    image.blobs().forEach((digest, content) -> assertEquals(digest, content.digest()));
  }

  @Test
  void the_index_has_an_image_for_each_architecture_and_each_has_all_it_names() {
    DemoImage image = DemoImage.of("v1-demo");
    List<String> arches =
        list(image, image.index(), "manifests").stream()
            .map(entry -> entry.object("platform").orElseThrow().text("architecture").orElseThrow())
            .toList();
    assertEquals(List.of("arm64", "amd64"), arches);
    for (Json.Obj platform : list(image, image.index(), "manifests")) {
      Digest manifest = Digest.parse(platform.text("digest").orElseThrow());
      assertEquals(2, list(image, manifest, "layers").size());
      for (Json.Obj layer : list(image, manifest, "layers")) {
        Digest digest = Digest.parse(layer.text("digest").orElseThrow());
        assertTrue(image.blobs().containsKey(digest));
      }
    }
  }

  private static List<Json.Obj> list(DemoImage image, Digest manifest, String member) {
    byte[] text = content(image.manifests(), manifest).bytes();
    return ((Json.Obj) JsonText.parse(new String(text, UTF_8)))
        .array(member).orElseThrow().stream().map(Json.Obj.class::cast).toList();
  }

  private static DemoImage.Content content(Map<Digest, DemoImage.Content> all, Digest digest) {
    DemoImage.Content content = all.get(digest);
    assertTrue(content != null, digest + " is missing");
    return content;
  }

  @Test
  void tar_reads_a_layer(@TempDir Path folder) throws IOException, InterruptedException {
    Path tar = Requires.program("tar");
    byte[] archive =
        new TarWriter()
            .file("a/b", 0644, "hello".getBytes(UTF_8))
            .file("c", 0, new byte[512])
            .toByteArray();
    Path file = Files.write(folder.resolve("layer.tar"), archive);
    Process list =
        new ProcessBuilder(tar.toString(), "-tvf", file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(list.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, list.waitFor(), said);
    assertEquals(
        List.of("-rw-r--r-- 0/0 5 a/b", "---------- 0/0 512 c"),
        said.lines()
            .map(line -> line.replaceAll(" +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d", ""))
            .map(line -> line.replaceAll(" +", " "))
            .toList());
  }

  @Test
  void a_layer_unpacks_to_its_diff_id() throws IOException {
    DemoImage image = DemoImage.of("v1-demo");
    for (Json.Obj platform : list(image, image.index(), "manifests")) {
      Digest manifest = Digest.parse(platform.text("digest").orElseThrow());
      byte[] text = content(image.manifests(), manifest).bytes();
      Json.Obj config =
          ((Json.Obj) JsonText.parse(new String(text, UTF_8))).object("config").orElseThrow();
      byte[] configText =
          content(image.blobs(), Digest.parse(config.text("digest").orElseThrow())).bytes();
      List<Json> diffIds =
          ((Json.Obj) JsonText.parse(new String(configText, UTF_8)))
              .object("rootfs")
              .orElseThrow()
              .array("diff_ids")
              .orElseThrow();
      List<Json.Obj> layers = list(image, manifest, "layers");
      for (int i = 0; i < layers.size(); i++) {
        Digest layer = Digest.parse(layers.get(i).text("digest").orElseThrow());
        var unpacked =
            new GZIPInputStream(new ByteArrayInputStream(content(image.blobs(), layer).bytes()));
        assertEquals(new Json.Str(Digest.of(unpacked.readAllBytes()).toString()), diffIds.get(i));
      }
    }
  }
}
