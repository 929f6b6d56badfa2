package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The machine field of PE files (PE/COFF specification, "Machine Types"). */
final class Pe {
  private Pe() {}

  static Optional<Arch> arch(short machine) {
    return switch (machine & 0xffff) {
      case 0x8664 -> Optional.of(Arch.AMD64);
      case 0xaa64 -> Optional.of(Arch.ARM64);
      default -> Optional.empty();
    };
  }

  /** The machine of a file that begins with {@code head}; empty when it is no PE file. */
  static Optional<Short> machine(byte[] head) {
    ByteBuffer in = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    if (head.length < 0x40 || in.getShort(0) != 0x5a4d) {
      return Optional.empty();
    }
    int pe = in.getInt(0x3c);
    boolean signed = pe >= 0x40 && pe <= head.length - 6 && in.getInt(pe) == 0x4550;
    return signed ? Optional.of(in.getShort(pe + 4)) : Optional.empty();
  }
}
