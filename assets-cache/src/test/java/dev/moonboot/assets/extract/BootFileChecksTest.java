package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.assets.extract.BootFileExtractor.Wanted;
import dev.moonboot.testing.KernelFixture;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in the right place with the wrong content. */
class BootFileChecksTest extends ExtractionCase {
  @Test
  void x_17_kernels_that_are_none_are_refused() {
    assertEquals(AT + "vmlinuz is empty", refusal(kernel(new byte[0])));
    assertContains(
        "vmlinuz is no Linux kernel: it begins with 6e 6f 74 20",
        refusal(kernel("not a kernel".getBytes(UTF_8))));
    assertContains(
        "vmlinuz is a kernel for arm64 (EFI_ZBOOT), not for amd64",
        refusal(kernel(CONTENT.kernel(ARM64))));
    assertContains(
        "vmlinuz is a kernel for arm64 (ARM64_IMAGE), not for amd64",
        refusal(kernel(CONTENT.rawImage())));
    byte[] disguised = KERNEL.clone();
    ByteBuffer.wrap(disguised)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x3c, 0x1000)
        .putInt(0x1000, 0x4550)
        .putShort(0x1004, (short) 0xaa64);
    assertContains("but is an EFI program for PE machine 0xaa64", refusal(kernel(disguised)));
  }

  private static byte[] kernel(byte[] kernel) {
    return new TarFixture()
        .file(AT + "vmlinuz", kernel)
        .file(AT + "initramfs.xz", INITRAMFS)
        .bytes();
  }

  @Test
  void x_17_a_kernel_over_its_limit_is_refused_without_being_written() throws IOException {
    TestLayers layers = TestLayers.ofTar(temp, kernel(new byte[2 << 20]));
    var refusal =
        assertThrows(ExtractException.class, () -> extract(layers, SmallLimits.kernel(1 << 20)));
    assertEquals(AT + "vmlinuz has 2 MiB; at most 1 MiB are allowed", refusal.getMessage());
    try (Stream<Path> left = Files.walk(temp.resolve("out"))) {
      assertEquals(1, left.count(), "only the empty directory is left");
    }
  }

  @Test
  void x_17_initramfs_that_are_none_or_for_another_arch_are_refused() {
    assertContains("initramfs.xz is empty", refusal(initramfs(new byte[0])));
    assertContains(
        "initramfs.xz is no initramfs (zstd, xz, gzip or cpio): it begins with 42 5a",
        refusal(initramfs("BZh9".getBytes(UTF_8))));
    assertContains(
        "initramfs.xz is an initramfs whose init is for arm64, not for amd64",
        refusal(initramfs(CONTENT.initramfs(ARM64))));
  }

  private static byte[] initramfs(byte[] initramfs) {
    return new TarFixture()
        .file(AT + "vmlinuz", KERNEL)
        .file(AT + "initramfs.xz", initramfs)
        .bytes();
  }

  @Test
  void a_file_that_differs_from_a_checksum_list_is_refused() {
    String sums = "0".repeat(64) + " *./amd64/vmlinuz\n";
    byte[] tar = joined(new TarFixture().file("usr/install/SHA256SUMS", sums).unfinished(), GOOD);
    assertContains("vmlinuz does not match usr/install/SHA256SUMS", refusal(tar));
    byte[] own =
        joined(
            new TarFixture().file(AT + "initramfs.xz.sha256", "1".repeat(64) + "\n").unfinished(),
            GOOD);
    assertContains("initramfs.xz does not match " + AT + "initramfs.xz.sha256", refusal(own));
  }

  @Test
  void a_uki_for_another_arch_is_refused() {
    byte[] tar = new TarFixture().file(AT + "vmlinuz.efi", CONTENT.uki(ARM64)).bytes();
    assertEquals(AT + "vmlinuz.efi is for arm64, not for amd64", refusal(tar));
  }

  @Test
  void nothing_is_left_of_a_zboot_whose_payload_lies() {
    byte[] zboot = KernelFixture.zboot(KernelFixture.bzImage("6.1"), "gzip");
    Wanted arm = Wanted.of(Arch.ARM64);
    byte[] tar =
        new TarFixture()
            .file("usr/install/arm64/vmlinuz", zboot)
            .file("usr/install/arm64/initramfs.xz", CONTENT.initramfs(ARM64))
            .bytes();
    var refusal =
        assertThrows(
            ExtractException.class,
            () -> BootFileExtractor.extract(TestLayers.ofTar(temp, tar), arm, temp, Progress.NONE));
    assertContains("with no arm64 Image inside", String.valueOf(refusal.getMessage()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=b\nboot http://elsewhere/", "a\rb", "a\tb", "\u007f"})
  void a_command_line_that_would_end_a_scripts_line_is_refused(String cmdline) {
    assertContains(
        ".cmdline of "
            + AT
            + "vmlinuz.efi.signed holds characters that no kernel command line may have",
        refusal(uki(cmdline)));
  }

  @Test
  void a_command_line_longer_than_kernels_take_is_refused() {
    assertContains("is longer than 4000 bytes", refusal(uki("x".repeat(4001))));
  }

  @Test
  void a_command_line_ends_at_its_first_nul_and_loses_blanks_around() throws IOException {
    BootFiles files = extract(uki(" a=b c \n\0boot http://elsewhere/"));
    Path cmdline = Objects.requireNonNull(files.files().get(AssetName.CMDLINE)).file();
    assertEquals("a=b c\n", Files.readString(cmdline));
  }

  /** A UKI under the name that Secure Boot images of Talos before 1.10 give it. */
  private static byte[] uki(String cmdline) {
    byte[] uki =
        new UkiWriter(UkiWriter.returningStub(AMD64))
            .section(".cmdline", cmdline.getBytes(UTF_8))
            .section(".linux", KERNEL)
            .section(".initrd", INITRAMFS)
            .toByteArray();
    return new TarFixture().file(AT + "vmlinuz.efi.signed", uki).bytes();
  }
}
