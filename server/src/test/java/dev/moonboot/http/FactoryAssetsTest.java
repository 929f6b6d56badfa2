package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every file that there is by a schematic, composed and fetched. */
class FactoryAssetsTest {
  private static final String TEXT = "customization: {extraKernelArgs: [a=b]}";
  private static final String ID = Schematic.parse(TEXT).id();
  private static final String IMAGE = "/image/" + ID + "/v1.13.9/";

  @TempDir Path folder;
  private FactoryFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new FactoryFixture(folder, Map.of());
    fixture.post(TEXT);
    fixture.permits.release(100);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private byte[] checked(String name) throws Exception {
    RawClient.Answer answer = fixture.ready(IMAGE + name);
    assertEquals(200, answer.status(), answer.text());
    assertEquals(
        "attachment; filename=\"" + name + "\"", answer.header("Content-Disposition"), name);
    assertEquals(
        Digest.of(answer.body()).hex() + "  " + name + "\n",
        RawClient.get(fixture.address(), IMAGE + name + ".sha256").text());
    assertEquals(
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(answer.body()))
            + "  "
            + name
            + "\n",
        RawClient.get(fixture.address(), IMAGE + name + ".sha512").text());
    RawClient.Answer head = RawClient.ask(fixture.address(), "HEAD", IMAGE + name);
    assertEquals(answer.header("Content-Length"), head.header("Content-Length"), name);
    assertEquals(answer.header("ETag"), head.header("ETag"), name);
    return answer.body();
  }

  private static String at(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, ISO_8859_1);
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void boot_files_are_what_they_are_called(Arch arch) throws Exception {
    assertEquals("MZ", at(checked("kernel-" + arch.id()), 0, 2));
    assertTrue(checked("initramfs-" + arch.id() + ".xz").length > 1000);
    for (String platform : List.of("metal", "nocloud")) {
      String cmdline = new String(checked("cmdline-" + platform + "-" + arch.id()), UTF_8);
      assertTrue(cmdline.startsWith("talos.platform=" + platform + " "), cmdline);
      assertTrue(cmdline.endsWith(" a=b\n"), cmdline);
    }
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void unified_kernel_images_have_the_command_line_of_their_platform(Arch arch) throws Exception {
    for (String platform : List.of("metal", "nocloud")) {
      byte[] uki = checked(platform + "-" + arch.id() + "-uki.efi");
      assertEquals("MZ", at(uki, 0, 2));
      assertTrue(at(uki, 0, uki.length).contains("talos.platform=" + platform + " "), platform);
    }
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void iso_images_are_iso_9660(Arch arch) throws Exception {
    Requires.program("xorriso");
    Requires.program("mcopy");
    for (String platform : List.of("metal", "nocloud")) {
      byte[] iso = checked(platform + "-" + arch.id() + ".iso");
      assertEquals("CD001", at(iso, 0x8001, 5));
      assertTrue(at(iso, 0, iso.length).contains("talos.platform=" + platform + " "), platform);
    }
  }

  @Test
  void installer_tars_of_both_architectures_are_one_piece_of_work() throws Exception {
    Requires.program("tar");
    String image = fixture.address().getPort() + "/%sinstaller/" + ID + ":v1.13.9\"]";
    for (String name : List.of("installer", "metal-installer", "nocloud-installer")) {
      List<Digest> archives = new ArrayList<>();
      for (Arch arch : Arch.values()) {
        byte[] tar = checked(name + "-" + arch.id() + ".tar");
        assertEquals(0, tar.length % 512);
        String all = at(tar, 0, tar.length);
        String prefix = name.startsWith("nocloud") ? "nocloud-" : "";
        assertTrue(all.contains(image.formatted(prefix)), name);
        assertTrue(all.contains("usr/install/" + arch.id() + "/vmlinuz.efi"), name);
        archives.add(Digest.of(tar));
      }
      assertEquals(2, archives.stream().distinct().count());
    }
    assertEquals(2, fixture.made.size());
    assertEquals(
        Digest.of(checked("installer-arm64.tar")), Digest.of(checked("metal-installer-arm64.tar")));
  }

  @Test
  void a_tar_is_sent_in_parts_and_not_twice() throws Exception {
    String target = IMAGE + "installer-amd64.tar";
    RawClient.Answer whole = fixture.ready(target);
    assertEquals("application/x-tar", whole.header("Content-Type"));
    String tag = whole.header("ETag");
    assertEquals(304, RawClient.get(fixture.address(), target, "If-None-Match: " + tag).status());
    int length = whole.body().length;
    List<Integer> cuts =
        List.of(0, 1, 511, 512, 513, 1500, length - 3000, length - 1536, length - 1025, length - 1);
    StringBuilder parts = new StringBuilder();
    for (int i = 0; i < cuts.size(); i++) {
      int end = i + 1 < cuts.size() ? cuts.get(i + 1) : length;
      String range = "Range: bytes=" + cuts.get(i) + "-" + (end - 1);
      RawClient.Answer part = RawClient.get(fixture.address(), target, range, "If-Range: " + tag);
      assertEquals(206, part.status());
      parts.append(at(part.body(), 0, part.body().length));
    }
    assertEquals(at(whole.body(), 0, length), parts.toString());
    assertEquals(
        416, RawClient.get(fixture.address(), target, "Range: bytes=" + length + "-").status());
  }

  @Test
  void no_signature_stands_beside_a_tar() throws Exception {
    fixture.ready(IMAGE + "installer-amd64.tar");
    assertEquals(404, fixture.status(IMAGE + "installer-amd64.tar.sigstore.json"));
  }
}
