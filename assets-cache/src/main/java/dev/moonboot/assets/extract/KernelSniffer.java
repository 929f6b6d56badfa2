package dev.moonboot.assets.extract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.moonboot.assets.Arch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Tells kernels by their content, never by their name. */
final class KernelSniffer {
  /** Enough for an x86 kernel's release, which is at most 64 KiB + 512 in. */
  private static final int HEAD = 68 << 10;

  private static final byte[] BANNER = "Linux version ".getBytes(US_ASCII);
  private static final int MAX_RELEASE = 64; // __NEW_UTS_LEN

  private KernelSniffer() {}

  /**
   * @throws ExtractException when the file is no kernel that we know
   */
  static Kernel sniff(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return sniff(in.readNBytes(HEAD), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Kernel sniff(byte[] head, Path file) throws IOException {
    if (isBzImage(head)) {
      requireMachine(head, Arch.AMD64);
      return new Kernel(Arch.AMD64, Kernel.Format.BZIMAGE, bzImageRelease(head));
    }
    if (isArm64Image(head)) {
      requireMachine(head, Arch.ARM64);
      return new Kernel(Arch.ARM64, Kernel.Format.ARM64_IMAGE, bannerRelease(file));
    }
    if (Zboot.is(head)) {
      // The container is the same for other processors, which its payload would tell too late.
      requireMachine(head, Arch.ARM64);
      return new Kernel(Arch.ARM64, Kernel.Format.EFI_ZBOOT, "");
    }
    throw new ExtractException("is no Linux kernel: it begins with " + begins(head));
  }

  private static boolean isBzImage(byte[] head) {
    return head.length >= 0x264
        && (head[0x1fe] & 0xff) == 0x55
        && (head[0x1ff] & 0xff) == 0xaa
        && new String(head, 0x202, 4, ISO_8859_1).equals("HdrS");
  }

  static boolean isArm64Image(byte[] head) {
    return head.length >= 0x40 && new String(head, 0x38, 4, ISO_8859_1).equals("ARMd");
  }

  private static void requireMachine(byte[] head, Arch arch) {
    Optional<Short> machine = Pe.machine(head);
    if (machine.isPresent() && !Pe.arch(machine.get()).equals(Optional.of(arch))) {
      throw new ExtractException(
          "has the kernel header of %s, but is an EFI program for PE machine 0x%04x"
              .formatted(arch.id(), machine.get() & 0xffff));
    }
  }

  /** kernel_version of the setup header: an offset behind the first sector. */
  private static String bzImageRelease(byte[] head) {
    int offset = Short.toUnsignedInt(little(head).getShort(0x20e));
    return offset == 0 ? "" : release(head, offset + 0x200, head.length);
  }

  /** The release in the kernel's own greeting, which raw images hold as text. */
  static String bannerRelease(Path image) throws IOException {
    byte[] window = new byte[HashedFile.BUFFER];
    int kept = 0; // bytes of the last round at the window's start, so that no greeting is cut
    try (InputStream in = Files.newInputStream(image)) {
      for (int count; (count = in.readNBytes(window, kept, window.length - kept)) > 0; ) {
        int length = kept + count;
        String release = bannerRelease(window, length);
        if (!release.isEmpty()) {
          return release;
        }
        kept = Math.min(length, BANNER.length + MAX_RELEASE);
        System.arraycopy(window, length - kept, window, 0, kept);
      }
    }
    return "";
  }

  private static String bannerRelease(byte[] window, int length) {
    for (int i = 0; i < length - BANNER.length - MAX_RELEASE / 8; i++) {
      if (window[i] == 'L' && startsWith(window, i, length)) {
        String release = release(window, i + BANNER.length, length);
        if (!release.isEmpty()) {
          return release;
        }
      }
    }
    return "";
  }

  private static boolean startsWith(byte[] window, int at, int length) {
    return at + BANNER.length <= length
        && Arrays.equals(window, at, at + BANNER.length, BANNER, 0, BANNER.length);
  }

  /** Text up to the first blank; empty when it does not look like a release. */
  private static String release(byte[] bytes, int from, int length) {
    int end = from;
    while (end < length && end - from <= MAX_RELEASE && bytes[end] > ' ') {
      end++;
    }
    if (from >= end || end == length) {
      return "";
    }
    String release = new String(bytes, from, end - from, US_ASCII);
    return release.matches("[0-9][0-9A-Za-z._+~-]{0,63}") ? release : "";
  }

  /** The first bytes for a message. */
  static String begins(byte[] head) {
    if (head.length == 0) {
      return "nothing (it is empty)";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(8, head.length); i++) {
      text.append(i == 0 ? "" : " ").append("%02x".formatted(head[i] & 0xff));
    }
    Compression compression = Compression.sniff(head);
    return text + (compression == Compression.NONE ? "" : " (" + compression.label() + ")");
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
