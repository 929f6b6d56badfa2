package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Keeps two things of cpio archives: what {@code init} is, and the text of {@code extensions.yaml}.
 * Of files that come twice the later counts, as for the kernel.
 */
final class InitramfsFindings implements CpioReader.Visitor {
  private static final int MAX_TEXT = 1 << 20;
  private static final int ELF_HEAD = 20;

  private Optional<Arch> initArch = Optional.empty();
  private String extensions = "";

  /** The processor of the last {@code init} seen that is an ELF program. */
  Optional<Arch> initArch() {
    return initArch;
  }

  /** The last {@code extensions.yaml} seen; empty when there was none. */
  String extensions() {
    return extensions;
  }

  @Override
  public void entry(CpioReader.Entry entry, InputStream body) throws IOException {
    if (entry.isFile() && entry.name().equals("init")) {
      elf(body.readNBytes(ELF_HEAD)).ifPresent(arch -> initArch = Optional.of(arch));
    } else if (entry.name().equals("extensions.yaml") && entry.size() <= MAX_TEXT) {
      extensions = new String(body.readNBytes((int) entry.size()), UTF_8);
    }
  }

  /** e_machine of an ELF header (System V ABI). */
  private static Optional<Arch> elf(byte[] head) {
    if (head.length < ELF_HEAD || !new String(head, 0, 4, ISO_8859_1).equals("\177ELF")) {
      return Optional.empty();
    }
    return switch ((head[18] & 0xff) | (head[19] & 0xff) << 8) {
      case 0x3e -> Optional.of(Arch.AMD64);
      case 0xb7 -> Optional.of(Arch.ARM64);
      default -> Optional.empty();
    };
  }
}
