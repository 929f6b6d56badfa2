package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program skopeo pulls from a running listener, and makes sense of what it gets. */
class SkopeoPullTest {
  @TempDir Path folder;
  private InstallerLab lab;
  private Release release;
  private String image;

  @BeforeEach
  void start() throws IOException {
    lab = new InstallerLab(folder.resolve("lab"), null);
    release = lab.publish(InstallerLab.CONTENT);
    image = "docker://" + lab.address() + "/installer/compute:v1.13.9";
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private String skopeo(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Requires.program("skopeo").toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("errors").toFile())
            .directory(folder.toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), out + Files.readString(folder.resolve("errors")));
    return out;
  }

  @Test
  void copies_all_of_it_as_it_is() throws Exception {
    skopeo(
        "copy", "-q", "--all", "--preserve-digests", "--src-tls-verify=false", image, "oci:copy:x");
    Json.Obj index = (Json.Obj) JsonText.parse(Files.readString(folder.resolve("copy/index.json")));
    Json.Obj entry = (Json.Obj) index.array("manifests").orElseThrow().getFirst();
    assertEquals(
        InstallerFiles.index(release).orElseThrow().digest().toString(),
        entry.text("digest").orElseThrow());
    for (var blob : InstallerFiles.blobs(release).toList()) {
      Path copied = folder.resolve("copy/blobs/sha256").resolve(blob.digest().hex());
      assertEquals(blob.digest(), Digest.of(Files.readAllBytes(copied)));
    }
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void inspects_the_image_of_each_architecture(Arch arch) throws Exception {
    String said = skopeo("--override-arch", arch.id(), "inspect", "--tls-verify=false", image);
    Json.Obj json = (Json.Obj) JsonText.parse(said);
    assertEquals(arch.id(), json.text("Architecture").orElseThrow());
    assertEquals("linux", json.text("Os").orElseThrow());
    assertEquals("1970-01-01T00:00:00Z", json.text("Created").orElseThrow());
    assertEquals(2, json.array("Layers").orElseThrow().size());
    assertEquals(3, json.array("RepoTags").orElseThrow().size());
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void unpacks_the_boot_files(Arch arch) throws Exception {
    skopeo(
        "--override-arch", arch.id(), "copy", "-q", "--src-tls-verify=false", image, "dir:files");
    String layer = release.asset(arch, InstallerFiles.layer(1)).orElseThrow().digest().hex();
    Process tar =
        new ProcessBuilder(
                Requires.program("tar").toString(),
                "-xOf",
                folder.resolve("files").resolve(layer).toString(),
                "usr/install/" + arch.id() + "/vmlinuz.efi")
            .start();
    assertEquals(
        Digest.of(InstallerLab.CONTENT.uki(arch)), Digest.of(tar.getInputStream().readAllBytes()));
  }
}
