package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.Requires;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpxeImageCommandTest {
  private static final Path DEBIAN = Path.of("/usr/lib/ipxe");

  @TempDir Path temp;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void needs() {
    Requires.program("xorriso");
    Requires.program("mformat");
    Requires.that(Files.exists(DEBIAN.resolve("ipxe.iso")), "the package ipxe is not installed");
  }

  private static Ran run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    List<String> words = new ArrayList<>(List.of("ipxe-image"));
    words.addAll(List.of(args));
    int code =
        Main.run(
            words.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ran(code, out.toString(), err.toString());
  }

  /** Debian's for BIOS, and nothing for UEFI. */
  private Path binaries() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("binaries"));
    Files.copy(DEBIAN.resolve("ipxe.iso"), folder.resolve("ipxe.iso"));
    Files.copy(DEBIAN.resolve("ipxe.lkrn"), folder.resolve("ipxe.lkrn"));
    return folder;
  }

  @Test
  void says_what_it_made_and_for_whom() throws Exception {
    Path image = temp.resolve("boot.iso");
    Ran ran =
        run(
            "--url",
            "http://10.0.1.5:8080/",
            "--out",
            image.toString(),
            "--ipxe",
            binaries().toString());
    assertEquals(0, ran.code(), ran.err());
    byte[] bytes = Files.readAllBytes(image);
    assertEquals(
        """
        %s: %d bytes
          sha256  %s
          boots   bios
          not     uefi-amd64: there is no ipxe-amd64.efi
          not     uefi-arm64: there is no ipxe-arm64.efi
        """
            .formatted(image, bytes.length, Digest.of(bytes).hex()),
        ran.out());
    try (Stream<Path> left = Files.list(temp)) {
      assertEquals(2, left.count(), "the image, and the binaries");
    }
  }

  @Test
  void says_it_as_json_too() throws Exception {
    Path image = temp.resolve("boot.iso");
    Ran ran =
        run(
            "--url",
            "https://boot.example",
            "--out",
            image.toString(),
            "--json",
            "--ipxe",
            binaries().toString());
    assertEquals(0, ran.code(), ran.err());
    Json.Obj told = (Json.Obj) JsonText.parse(ran.out());
    assertEquals(
        List.of("file", "size", "sha256", "url", "boots", "leftOut"),
        List.copyOf(told.members().keySet()));
    assertEquals("https://boot.example", told.text("url").orElseThrow());
    assertEquals(Files.size(image), told.integer("size").orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.1.5:8080",
        "ftp://10.0.1.5",
        "http://10.0.1.5/${x}",
        "http://a:b@10.0.1.5",
        "http://10.0.1.5/?x",
        "http://10.0.1.5 ||",
        "http://10.0.1.5:65536",
        "http://10.0.1.5:0",
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://0.0.0.0:8080",
        "http://[::1]:8080"
      })
  void urls_that_lead_nowhere_are_refused(String url) {
    Ran ran = run("--url", url, "--out", temp.resolve("x.iso").toString());
    assertEquals(ExitCode.USAGE, ran.code(), ran.err());
    assertTrue(ran.err().contains("--url"), ran.err());
  }

  @Test
  void a_folder_that_is_not_there_is_told() {
    Path out = temp.resolve("no/such/boot.iso");
    Ran ran = run("--url", "http://10.0.1.5", "--out", out.toString());
    assertEquals(ExitCode.FAILED, ran.code());
    assertEquals(
        "moonboot: "
            + out.getParent()
            + " is no folder; make it, or name another file with --out\n",
        ran.err());
  }

  @Test
  void a_folder_in_the_place_of_the_image_is_told() throws Exception {
    Path out = Files.createDirectory(temp.resolve("boot.iso"));
    Ran ran = run("--url", "http://10.0.1.5", "--out", out.toString());
    assertEquals(ExitCode.FAILED, ran.code());
    assertEquals(
        "moonboot: %s is a folder; name a file in it: --out %s/moonboot-ipxe.iso\n"
            .formatted(out, out),
        ran.err());
  }
}
