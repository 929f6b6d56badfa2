package dev.moonboot.assets.extension;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.tree.TreeNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The machine that a program is for (System V ABI, "ELF Header": {@code e_machine}). */
final class Elf {
  private static final int HEAD = 20;

  private Elf() {}

  /** How a program fits a machine. */
  enum Fit {
    /** It is for it. */
    OWN,
    /** It is for its 32-bit sister, which some kernels can run. */
    SISTER,
    /** It cannot run. */
    FOREIGN
  }

  /** Empty when it is no ELF file. */
  static Optional<Fit> fit(TreeNode.File file, Arch arch) {
    if (file.content().size() < HEAD) {
      return Optional.empty();
    }
    try (InputStream in = file.content().open()) {
      return fit(in.readNBytes(HEAD), arch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Fit> fit(byte[] head, Arch arch) {
    if (head.length < HEAD
        || head[0] != 0x7f
        || head[1] != 'E'
        || head[2] != 'L'
        || head[3] != 'F') {
      return Optional.empty();
    }
    boolean little = head[5] == 1;
    int machine = Byte.toUnsignedInt(head[18]) | Byte.toUnsignedInt(head[19]) << 8;
    return Optional.of(!little ? Fit.FOREIGN : fit(machine, arch));
  }

  private static Fit fit(int machine, Arch arch) {
    int own = arch == Arch.AMD64 ? 0x3e : 0xb7; // EM_X86_64, EM_AARCH64
    int sister = arch == Arch.AMD64 ? 3 : 0x28; // EM_386, EM_ARM
    return machine == own ? Fit.OWN : machine == sister ? Fit.SISTER : Fit.FOREIGN;
  }
}
