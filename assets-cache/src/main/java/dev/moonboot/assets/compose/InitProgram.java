package dev.moonboot.assets.compose;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.extract.CpioReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel starts first: {@code init} of an initramfs. Talos's is an ELF program; a script
 * would be started, too (kernel, {@code fs/binfmt_elf.c}, {@code fs/binfmt_script.c}).
 */
final class InitProgram {
  private static final int HEAD = 20; // up to e_machine (System V ABI, "ELF Header")
  private static final byte[] NOTHING = {};

  private final Arch arch;
  private final Map<String, byte[]> heads = new HashMap<>(); // of files with several names
  private CpioReader.@Nullable Entry last;
  private byte[] head = NOTHING;

  InitProgram(Arch arch) {
    this.arch = arch;
  }

  /**
   * Looks at an entry, and gives back its body for others to read; of two the later counts.
   *
   * @param body not read yet
   */
  InputStream look(CpioReader.Entry entry, InputStream body) throws IOException {
    boolean named = entry.name().equals("init");
    if (!named && entry.links().isEmpty()) {
      return body;
    }
    byte[] begin = body.readNBytes(HEAD);
    if (begin.length > 0 && !entry.links().isEmpty()) {
      heads.put(entry.links(), begin);
    }
    if (named) {
      last = entry;
      head = begin;
    }
    return new SequenceInputStream(new ByteArrayInputStream(begin), body);
  }

  /** Why the kernel would not start it; empty when it would. */
  List<String> problems() {
    if (last == null) {
      return List.of("it has no init");
    }
    if (!last.isFile()) {
      return List.of("init is no regular file");
    }
    List<String> problems = new ArrayList<>();
    if ((last.permissions() & 0111) == 0) {
      problems.add("init has mode %04o, so it cannot be started".formatted(last.permissions()));
    }
    byte[] begin = heads.getOrDefault(last.links(), head);
    if (begins(begin, 0x7f, 'E', 'L', 'F') && begin.length == HEAD) {
      if (!isOurs(begin)) {
        problems.add("init is a program for another machine than " + arch.id());
      }
    } else if (!begins(begin, '#', '!')) {
      problems.add("init is no program: it is neither ELF nor a script");
    }
    return problems;
  }

  private static boolean begins(byte[] head, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (i >= head.length || head[i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Of 64 bits, the lower byte first, for our machine. */
  private boolean isOurs(byte[] elf) {
    int machine = Byte.toUnsignedInt(elf[18]) | Byte.toUnsignedInt(elf[19]) << 8;
    int own = arch == Arch.AMD64 ? 0x3e : 0xb7; // EM_X86_64, EM_AARCH64
    return elf[4] == 2 && elf[5] == 1 && machine == own;
  }
}
