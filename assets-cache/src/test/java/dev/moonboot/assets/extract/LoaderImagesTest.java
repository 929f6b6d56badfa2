package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.testing.TestImages.biosProgram;
import static dev.moonboot.testing.TestImages.efiProgram;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.testing.Requires;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImages;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LoaderImagesTest extends FileImageCase {
  private BootFiles loaders(Arch arch, TarFixture tar) {
    return files(Content.LOADERS, arch, TestLayers.ofTar(temp, tar.bytes()));
  }

  private String refusal(Arch arch, TarFixture tar) {
    return refusal(Content.LOADERS, arch, TestLayers.ofTar(temp, tar.bytes()));
  }

  private static Map<String, String> origins(BootFiles files) {
    Map<String, String> origins = new TreeMap<>();
    files.files().forEach((name, found) -> origins.put(name.fileName(), found.origin()));
    return origins;
  }

  @Test
  void the_image_of_the_talos_project_has_them_for_each_arch() throws IOException {
    BootFiles amd64 =
        files(Content.LOADERS, AMD64, TestLayers.of(TestImages.ipxe().platform(AMD64), temp));
    assertEquals(
        Map.of(
            "ipxe.efi", "usr/libexec/ipxe.efi",
            "snp.efi", "usr/libexec/snp.efi",
            "undionly.kpxe", "usr/libexec/undionly.kpxe"),
        origins(amd64));
    assertEquals(Content.LOADERS, amd64.content());
    assertEquals("network boot programs", amd64.layout());
    assertArrayEquals(efiProgram(AMD64, "snp"), bytes(amd64, AssetName.file("snp.efi")));
    BootFiles arm64 =
        files(Content.LOADERS, ARM64, TestLayers.of(TestImages.ipxe().platform(ARM64), temp));
    assertEquals(
        Map.of("ipxe.efi", "usr/libexec/ipxe.efi", "snp.efi", "usr/libexec/snp.efi"),
        origins(arm64));
  }

  @Test
  void what_names_its_arch_comes_before_what_does_not() {
    TarFixture tar =
        new TarFixture()
            .file("boot/ipxe.efi", efiProgram(AMD64, "ipxe"))
            .file("boot/ipxe-arm64.efi", efiProgram(ARM64, "ipxe"))
            .file("boot/snponly.efi", efiProgram(AMD64, "snponly"))
            .file("undionly.kpxe", biosProgram());
    assertEquals(Map.of("ipxe.efi", "boot/ipxe-arm64.efi"), origins(loaders(ARM64, tar)));
    assertEquals(
        Map.of(
            "ipxe.efi", "boot/ipxe.efi",
            "snp.efi", "boot/snponly.efi",
            "undionly.kpxe", "undionly.kpxe"),
        origins(loaders(AMD64, tar)));
  }

  @Test
  void a_link_leads_to_the_program() {
    TarFixture tar =
        new TarFixture()
            .symlink("usr/lib/ipxe/ipxe.efi", "../../../opt/ipxe-1.21.efi")
            .file("opt/ipxe-1.21.efi", efiProgram(ARM64, "ipxe"))
            .hardLink("usr/lib/ipxe/snp.efi", "opt/ipxe-1.21.efi");
    assertEquals(
        Map.of(
            "ipxe.efi", "usr/lib/ipxe/ipxe.efi -> opt/ipxe-1.21.efi",
            "snp.efi", "usr/lib/ipxe/snp.efi -> opt/ipxe-1.21.efi"),
        origins(loaders(ARM64, tar)));
  }

  @Test
  void programs_in_several_layers_come_together_and_the_upper_counts() throws IOException {
    byte[] lower =
        new TarFixture()
            .file("ipxe.efi", efiProgram(ARM64, "old"))
            .file("snp.efi", efiProgram(ARM64, "gone"))
            .bytes();
    byte[] upper =
        new TarFixture().file("ipxe.efi", efiProgram(ARM64, "new")).file(".wh.snp.efi", "").bytes();
    BootFiles files =
        files(Content.LOADERS, ARM64, new TestLayers(temp).addTar(lower).addTar(upper));
    assertEquals(Map.of("ipxe.efi", "ipxe.efi"), origins(files));
    assertArrayEquals(efiProgram(ARM64, "new"), bytes(files, AssetName.file("ipxe.efi")));
  }

  @Test
  void a_program_for_another_machine_is_refused_and_what_was_found_is_said() {
    assertEquals(
        "the image lacks network boot programs for arm64: ipxe.efi or snp.efi; found: README,"
            + " ipxe.efi; ipxe.efi is for amd64, not for arm64",
        refusal(
            ARM64,
            new TarFixture().file("ipxe.efi", efiProgram(AMD64, "ipxe")).file("README", "text")));
  }

  @Test
  void an_image_without_any_says_what_it_has() {
    assertEquals(
        "the image lacks network boot programs for amd64: ipxe.efi or snp.efi and undionly.kpxe;"
            + " found: nothing",
        refusal(AMD64, new TarFixture().directories("usr")));
    assertEquals(
        "the image lacks network boot programs for amd64: undionly.kpxe; found:"
            + " usr/libexec/ipxe.efi",
        refusal(AMD64, new TarFixture().file("usr/libexec/ipxe.efi", efiProgram(AMD64, "x"))));
  }

  @Test
  void x_17_what_is_no_program_is_refused_whatever_it_is_called() {
    byte[] pe32 = efiProgram(AMD64, "x");
    pe32[0x80 + 24] = 0x0b;
    pe32[0x80 + 25] = 0x01;
    byte[] driver = efiProgram(AMD64, "x");
    driver[0x80 + 24 + 68] = 11;
    Map<byte[], String> cases =
        Map.of(
            "<html>".getBytes(UTF_8),
            "ipxe.efi is no EFI program (no PE header)",
            new byte[0],
            "ipxe.efi is no EFI program (no PE header)",
            Arrays.copyOf(efiProgram(AMD64, "x"), 0x90),
            "ipxe.efi is no 64-bit EFI program",
            pe32,
            "ipxe.efi is no 64-bit EFI program (PE32+)",
            driver,
            "ipxe.efi is no EFI application (PE subsystem 11)");
    cases.forEach((program, why) ->
        assertContains(
            why,
            refusal(
                AMD64,
                new TarFixture().file("ipxe.efi", program).file("undionly.kpxe", biosProgram()))));
    for (byte[] no :
        new byte[][] {efiProgram(AMD64, "x"), "text".getBytes(UTF_8), new byte[0], big()}) {
      assertContains(
          "; undionly.kpxe is ",
          refusal(
              AMD64,
              new TarFixture().file("ipxe.efi", efiProgram(AMD64, "x")).file("undionly.kpxe", no)));
    }
  }

  private static byte[] big() {
    byte[] big = new byte[(640 << 10) + 1];
    big[0] = (byte) 0xea;
    return big;
  }

  @Test
  void ipxe_as_debian_builds_it_passes() throws IOException {
    Path folder = Path.of("/usr/lib/ipxe");
    Requires.that(Files.exists(folder.resolve("undionly.kpxe")), "iPXE (package ipxe)");
    TarFixture tar =
        new TarFixture()
            .file("usr/lib/ipxe/ipxe.efi", Files.readAllBytes(folder.resolve("ipxe.efi")))
            .file("usr/lib/ipxe/snponly.efi", Files.readAllBytes(folder.resolve("snponly.efi")))
            .file(
                "usr/lib/ipxe/undionly.kpxe", Files.readAllBytes(folder.resolve("undionly.kpxe")));
    assertEquals(
        Map.of(
            "ipxe.efi", "usr/lib/ipxe/ipxe.efi",
            "snp.efi", "usr/lib/ipxe/snponly.efi",
            "undionly.kpxe", "usr/lib/ipxe/undionly.kpxe"),
        origins(loaders(AMD64, tar)));
  }
}
