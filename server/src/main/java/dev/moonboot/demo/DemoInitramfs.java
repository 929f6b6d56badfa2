package dev.moonboot.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.compose.NewcWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * An initramfs in the shape of Talos's, filled with noise so that transferring it takes a while.
 */
final class DemoInitramfs {
  private static final int ROOT_FILE_SYSTEM = 6 << 20;
  private static final int ELF_HEADER = 64;

  private DemoInitramfs() {}

  static byte[] of(Arch arch, String version) {
    var out = new ByteArrayOutputStream(ROOT_FILE_SYSTEM + 4096);
    try (var cpio = new NewcWriter(out)) {
      cpio.file("init", 0755, init(arch));
      cpio.file("rootfs.sqsh", 0644, noise(arch, version));
      cpio.file("README", 0644, "moonboot demo payload, not Talos\n".getBytes(UTF_8));
      cpio.file("hello.sqsh", 0644, "hsqs".getBytes(US_ASCII));
      cpio.file("extensions.yaml", 0644, extensions().getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String extensions() {
    return """
    layers:
        - image: hello.sqsh
          metadata:
            name: demo-hello
            version: v1.0.0
            author: moonboot
            description: an extension in name only
            compatibility:
                talos:
                    version: '>= v1.0.0'
    """;
  }

  /** The header of an ELF program: what says which processor an initramfs is for. */
  private static byte[] init(Arch arch) {
    ByteBuffer elf = ByteBuffer.allocate(ELF_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}); // 64-bit, little endian
    elf.putShort(16, (short) 2).putShort(18, machine(arch)).putInt(20, 1);
    return elf.putShort(52, (short) ELF_HEADER).array();
  }

  private static short machine(Arch arch) {
    return switch (arch) {
      case AMD64 -> 0x3e;
      case ARM64 -> 0xb7;
    };
  }

  private static byte[] noise(Arch arch, String version) {
    byte[] noise = new byte[ROOT_FILE_SYSTEM];
    new Random((arch.id() + version).hashCode()).nextBytes(noise); // the same each time
    return noise;
  }
}
