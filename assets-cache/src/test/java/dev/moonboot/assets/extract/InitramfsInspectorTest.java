package dev.moonboot.assets.extract;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.InitramfsFixture;
import dev.moonboot.testing.InitramfsFixture.Extension;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitramfsInspectorTest {
  private static final byte[] BASE = InitramfsFixture.base(ARM64, 300_000, 7);
  private static final byte[] EXTENSIONS =
      InitramfsFixture.extensions(
          List.of(new Extension("frr", "v1.0.2"), new Extension("hello", "")));
  private static final List<String> NAMES = List.of("frr v1.0.2", "hello");

  @TempDir Path temp;

  private InitramfsInspector.Report inspect(byte[]... parts) throws IOException {
    byte[] all = ExtractionCase.joined(parts);
    return InitramfsInspector.inspect(Files.write(temp.resolve("initramfs.xz"), all));
  }

  private static InitramfsInspector.Report found(Compression packing, List<String> names) {
    return new InitramfsInspector.Report(packing, Optional.of(ARM64), names, "");
  }

  @Test
  void all_members_are_walked_however_they_are_packed() throws IOException {
    assertEquals(found(Compression.ZSTD, NAMES), inspect(InitramfsFixture.zstd(BASE, EXTENSIONS)));
    assertEquals(found(Compression.XZ, NAMES), inspect(InitramfsFixture.xz(BASE, EXTENSIONS)));
    assertEquals(found(Compression.GZIP, NAMES), inspect(InitramfsFixture.gzip(BASE, EXTENSIONS)));
    assertEquals(found(Compression.NONE, NAMES), inspect(BASE, EXTENSIONS));
  }

  @Test
  void members_may_be_mixed_and_have_zeros_between_them() throws IOException {
    byte[] early = InitramfsFixture.cpio(out -> out.file("early", 0644, new byte[10]));
    assertEquals(
        found(Compression.XZ, NAMES),
        inspect(
            early,
            new byte[512],
            InitramfsFixture.xz(BASE),
            new byte[3],
            InitramfsFixture.zstd(EXTENSIONS),
            new byte[4096],
            InitramfsFixture.gzip(early),
            new byte[1]));
  }

  @Test
  void archives_inside_one_stream_are_walked_too() throws IOException {
    assertEquals(
        found(Compression.ZSTD, NAMES),
        inspect(InitramfsFixture.zstd(ExtractionCase.joined(BASE, EXTENSIONS))));
  }

  @Test
  void of_two_lists_the_later_counts() throws IOException {
    byte[] later = InitramfsFixture.extensions(List.of(new Extension("other", "v2")));
    assertEquals(
        found(Compression.ZSTD, List.of("other v2")),
        inspect(InitramfsFixture.zstd(BASE, EXTENSIONS, later)));
  }

  @Test
  void an_init_that_is_no_elf_program_says_nothing() throws IOException {
    byte[] script =
        InitramfsFixture.cpio(out -> out.file("init", 0755, "#!/bin/sh".getBytes(UTF_8)));
    assertEquals(Optional.empty(), inspect(InitramfsFixture.zstd(script)).arch());
  }

  @Test
  void x_19_what_cannot_be_read_is_only_not_known() throws IOException {
    byte[] name = BASE.clone();
    System.arraycopy("10000000".getBytes(UTF_8), 0, name, 6 + 8 * 11, 8);
    assertEquals("a cpio name of 268435456 bytes", inspect(name).problem());
    byte[] packed = InitramfsFixture.zstd(BASE);
    assertEquals(
        Optional.of(ARM64),
        inspect(packed, "garbage".getBytes(UTF_8)).arch(),
        "what was seen before still counts");
    assertTrue(inspect(packed, "garbage!".getBytes(UTF_8)).problem().startsWith("unknown bytes"));
    byte[] half = Arrays.copyOf(packed, packed.length / 2);
    assertTrue(inspect(half).problem().contains("cut off"));
  }

  @Test
  void x_19_an_xz_dictionary_of_a_gibibyte_is_not_allocated() throws IOException {
    byte[] xz = InitramfsFixture.xz(BASE);
    // Block header: size, flags, filter id 0x21, its size 1, the dictionary's size; then its CRC.
    assertEquals(0x21, xz[14]);
    xz[16] = 36; // 2^30 bytes
    CRC32 crc = new CRC32();
    crc.update(xz, 12, 8);
    for (int i = 0; i < 4; i++) {
      xz[20 + i] = (byte) (crc.getValue() >> (8 * i));
    }
    assertTrue(inspect(xz).problem().contains("memory"), () -> "no memory limit was hit");
  }

  @Test
  void a_bomb_is_not_unpacked_to_its_end() throws IOException {
    byte[] bomb = InitramfsFixture.xz(new byte[100 << 20]);
    assertEquals("its archives unpack to more than 64 MiB", inspect(bomb).problem());
  }

  @Test
  void x_19_many_small_bombs_are_one_large_one() throws IOException {
    byte[] bomb = InitramfsFixture.zstd(new byte[40 << 20]);
    assertTrue(bomb.length < 8192, "no bomb");
    assertEquals("", inspect(bomb).problem());
    assertEquals("its archives unpack to more than 64 MiB", inspect(bomb, bomb).problem());
  }

  @Test
  void a_file_that_begins_like_no_initramfs_is_refused() {
    var refusal = assertThrows(ExtractException.class, () -> inspect("<html>".getBytes(UTF_8)));
    assertEquals(
        "is no initramfs (zstd, xz, gzip or cpio): it begins with 3c 68 74 6d 6c 3e",
        refusal.getMessage());
  }

  @Test
  void cpio_lists_what_we_write() throws IOException, InterruptedException {
    byte[] archive =
        InitramfsFixture.cpio(out -> {
          out.directory("usr", 0755);
          out.directory("usr/lib", 0755);
          out.file("usr/lib/a", 0644, "x".getBytes(UTF_8));
          out.symlink("lib", "usr/lib");
        });
    assertEquals(0, archive.length % 512);
    Process cpio =
        new ProcessBuilder(Requires.program("cpio").toString(), "-t", "--quiet")
            .redirectInput(Files.write(temp.resolve("a.cpio"), archive).toFile())
            .start();
    String listed = new String(cpio.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, cpio.waitFor());
    assertEquals("usr\nusr/lib\nusr/lib/a\nlib\n", listed);
  }

  @Test
  void a_file_without_its_directory_is_not_written() {
    assertThrows(
        IllegalArgumentException.class,
        () -> InitramfsFixture.cpio(out -> out.file("usr/a", 0644, new byte[0])));
  }

  @Test
  void names_in_quotes_are_read_and_deeper_lines_are_not() {
    String yaml =
        """
        layers:
            - image: 0.sqsh
              metadata:
                name: "quoted"
                version: '1.0'
                description: |
                    name: wrong
                    version: wrong
            - image: 1.sqsh
              metadata:
                version: v2
                name: second
        """;
    assertEquals(List.of("quoted 1.0", "second v2"), ExtensionsYaml.names(yaml));
  }

  @Test
  void both_architectures_are_told_apart() throws IOException {
    assertEquals(
        Optional.of(AMD64),
        inspect(InitramfsFixture.zstd(InitramfsFixture.base(AMD64, 10, 1))).arch());
  }
}
