package dev.moonboot.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.testing.Requires;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoKernelTest {
  private static final Path SOURCE = Path.of("src/main/resources/dev/moonboot/demo/kernel-amd64.S");

  @Test
  void the_bytes_are_what_the_source_assembles_to(@TempDir Path folder) throws Exception {
    Requires.that("amd64".equals(System.getProperty("os.arch")), "binutils for x86");
    Path as = Requires.program("as");
    Path objcopy = Requires.program("objcopy");
    Path object = folder.resolve("kernel.o");
    Path binary = folder.resolve("kernel.bin");
    run(as, "--32", "-o", object.toString(), SOURCE.toString());
    run(objcopy, "-O", "binary", "-j", ".text", object.toString(), binary.toString());
    assertArrayEquals(Files.readAllBytes(binary), DemoKernel.assembled());
  }

  private static void run(Path program, String... arguments) throws Exception {
    var command = new ProcessBuilder(program.toString());
    command.command().addAll(List.of(arguments));
    assertEquals(0, command.inheritIO().start().waitFor());
  }

  /** Kernel doc, arch/x86/boot.rst: what a boot loader looks at first. */
  @Test
  void the_amd64_kernel_is_a_bzimage_of_that_release() {
    ByteBuffer kernel =
        ByteBuffer.wrap(DemoKernel.of(Arch.AMD64, "6.18.0-demo")).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals((short) 0xaa55, kernel.getShort(0x1fe));
    assertEquals("HdrS", text(kernel, 0x202, 4));
    assertEquals(0x0206, kernel.getShort(0x206));
    assertEquals(1, kernel.get(0x211) & 1, "loaded high");
    int setup = (kernel.get(0x1f1) + 1) * 512;
    assertEquals(kernel.capacity(), setup + kernel.getInt(0x1f4) * 16, "syssize");
    String version = text(kernel, kernel.getShort(0x20e) + 0x200, 64);
    assertTrue(version.startsWith("6.18.0-demo (moonboot demo, not Talos)"), version);
  }

  /** Kernel doc, arch/arm64/booting.rst, inside the container of zboot-header.S. */
  @Test
  void the_arm64_kernel_is_an_image_inside_zboot() throws IOException {
    ByteBuffer zboot =
        ByteBuffer.wrap(DemoKernel.of(Arch.ARM64, "6.18.0-demo")).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals("zimg", text(zboot, 4, 4));
    byte[] payload = new byte[zboot.getInt(12)];
    zboot.get(zboot.getInt(8), payload);
    byte[] image = new GZIPInputStream(new ByteArrayInputStream(payload)).readAllBytes();
    ByteBuffer kernel = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals("ARMd", text(kernel, 0x38, 4));
    assertEquals(image.length, kernel.getLong(16));
  }

  private static String text(ByteBuffer bytes, int offset, int length) {
    byte[] text = new byte[length];
    bytes.get(offset, text);
    return new String(text, US_ASCII);
  }
}
