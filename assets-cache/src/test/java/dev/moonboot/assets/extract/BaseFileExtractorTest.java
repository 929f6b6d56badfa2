package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.assets.extract.BaseFileExtractor.BaseFiles;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import dev.moonboot.testing.TestImages.Content;
import dev.moonboot.testing.TestLayers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What others are composed of. */
class BaseFileExtractorTest {
  private static final Content CONTENT = Content.DEFAULT;

  @TempDir Path temp;

  private int runs;

  private BaseFiles extract(TestLayers layers, Arch arch) throws IOException {
    Path out = Files.createDirectory(temp.resolve("out-" + runs++));
    return BaseFileExtractor.extract(layers, BootFileExtractor.Wanted.of(arch), out, Progress.NONE);
  }

  private BaseFiles extract(TestImage image, Arch arch) throws IOException {
    return extract(TestLayers.of(image.platform(arch), temp), arch);
  }

  private static byte[] bytes(@Nullable Found found) throws IOException {
    return found == null ? new byte[0] : Files.readAllBytes(found.file());
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void an_imager_has_stub_and_loader_as_files(Arch arch) throws IOException {
    BaseFiles base = extract(TestImages.imager(CONTENT), arch);
    assertEquals("plain pair", base.boot().layout());
    assertArrayEquals(UkiWriter.returningStub(arch), bytes(base.stub()));
    assertArrayEquals(UkiWriter.returningStub(arch), bytes(base.loader()));
    assertEquals("", base.osRelease());
    assertNull(base.splash());
    try (Stream<Path> files = Files.list(temp.resolve("out-0"))) {
      assertEquals(
          Stream.concat(
                  base.boot().files().keySet().stream().map(AssetName::fileName),
                  Stream.of("systemd-stub.efi", "systemd-boot.efi"))
              .collect(Collectors.toSet()),
          Set.copyOf(files.map(file -> file.getFileName().toString()).toList()));
    }
  }

  @ParameterizedTest
  @EnumSource(Arch.class)
  void an_installers_stub_is_cut_out_of_its_uki(Arch arch) throws IOException {
    BaseFiles base = extract(TestImages.installer(CONTENT), arch);
    assertEquals("installer UKI", base.boot().layout());
    assertArrayEquals(UkiWriter.returningStub(arch), bytes(base.loader()));
    assertEquals("NAME=\"Talos\"\nID=talos\nVERSION_ID=v1.13.9\n", base.osRelease());
    assertEquals(61, bytes(base.splash()).length);
    // The same is made of it as of the stub that it was.
    assertArrayEquals(sections(UkiWriter.returningStub(arch)), sections(bytes(base.stub())));
  }

  private static byte[] sections(byte[] stub) {
    return new UkiWriter(stub).section(".osrel", new byte[10]).toByteArray();
  }

  @Test
  void a_pair_reads_lower_layers_for_the_stub_and_a_uki_does_not() throws IOException {
    byte[] lower = new TarFixture().file("usr/bin/installer", "ELF").bytes();
    byte[] middle =
        new TarFixture()
            .file("usr/install/amd64/systemd-boot.efi", UkiWriter.returningStub(Arch.AMD64))
            .bytes();
    byte[] uki =
        new TarFixture().file("usr/install/amd64/vmlinuz.efi", CONTENT.uki(Arch.AMD64)).bytes();
    TestLayers unified = new TestLayers(temp).addTar(lower).addTar(middle).addTar(uki);
    extract(unified, Arch.AMD64);
    assertEquals(List.of(2, 1), unified.fetched());

    byte[] pair =
        new TarFixture()
            .file("usr/install/amd64/vmlinuz", CONTENT.kernel(Arch.AMD64))
            .file("usr/install/amd64/initramfs.xz", CONTENT.initramfs(Arch.AMD64))
            .bytes();
    TestLayers plain = new TestLayers(temp).addTar(lower).addTar(middle).addTar(pair);
    BaseFiles base = extract(plain, Arch.AMD64);
    assertEquals(List.of(2, 1, 0), plain.fetched());
    assertNull(base.stub());
  }

  @Test
  void a_program_for_another_machine_is_refused() {
    TarFixture tar =
        new TarFixture()
            .file("usr/install/amd64/vmlinuz", CONTENT.kernel(Arch.AMD64))
            .file("usr/install/amd64/initramfs.xz", CONTENT.initramfs(Arch.AMD64))
            .file("usr/install/amd64/systemd-stub.efi", UkiWriter.returningStub(Arch.ARM64));
    String why =
        String.valueOf(
            assertThrows(
                    ExtractException.class,
                    () -> extract(TestLayers.ofTar(temp, tar.bytes()), Arch.AMD64))
                .getMessage());
    assertEquals("usr/install/amd64/systemd-stub.efi is no EFI program for amd64", why);
  }

  private Path uki(byte[] bytes) throws IOException {
    return Files.write(temp.resolve("uki"), bytes);
  }

  private static byte[] changed(int at, int value) {
    byte[] uki =
        new UkiWriter(UkiWriter.returningStub(Arch.AMD64))
            .section(".osrel", "ID=x".getBytes(UTF_8))
            .section(".linux", new byte[10])
            .toByteArray();
    ByteBuffer.wrap(uki).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return uki;
  }

  @Test
  void x_18_a_uki_whose_stub_does_not_stand_before_the_rest_is_refused() throws IOException {
    int table = 0x80 + 24 + 240;
    assertEquals("ID=x", UkiParts.read(uki(changed(0x88, 0))).osRelease());
    for (byte[] hostile :
        List.of(
            changed(table + 16, 0x7fffffff), // the stub's section is longer than the file
            changed(table + 20, 0), // it is where the headers are
            changed(table + 8, 0x10000), // it reaches into the next one in memory
            changed(table + 36, 0x40000040), // nothing can be executed
            changed(table + 40 + 20, 0x7fffffff), // the next one is outside
            changed(table + 40 + 8, 0x7fffffff), // it is longer than it is
            changed(0x3c, 0x7fffffff),
            changed(0x84, 0xffff8664), // 65535 sections
            new byte[100],
            UkiWriter.returningStub(Arch.AMD64))) {
      assertThrows(ExtractException.class, () -> UkiParts.read(uki(hostile)));
    }
  }
}
