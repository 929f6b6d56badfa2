package dev.moonboot.e2e;

import dev.moonboot.assets.Arch;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** The bootable images that {@code mkfixture} makes, once for all tests of a checkout. */
final class Fixture {
  /** The variable that names the folder where downloads are kept. */
  static final String CACHE = "MOONBOOT_E2E_CACHE";

  private static final Path HOME = Script.ROOT.resolve("server/target/e2e");
  private static final Path FILES = HOME.resolve("fixture");
  private static final List<String> PROGRAMS =
      List.of(
          "apt-get",
          "cpio",
          "curl",
          "dnsmasq",
          "docker-registry",
          "flock",
          "ip",
          "mksquashfs",
          "nsenter",
          "python3",
          "qemu-system-aarch64",
          "qemu-system-x86_64",
          "skopeo",
          "xz",
          "zstd");

  private Fixture() {}

  /** Makes the images unless they are there; the first time it downloads Debian packages. */
  static void make() {
    PROGRAMS.forEach(Requires::program);
    try {
      Files.createDirectories(HOME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String cache = System.getenv().getOrDefault(CACHE, HOME + "/cache");
    Running.run(
        List.of(Script.MKFIXTURE.path(), FILES.toString(), cache),
        HOME.resolve("mkfixture.log"),
        Duration.ofMinutes(12)); // another may be making it, and takes six at most
  }

  /** The folder with iPXE, under the names that Debian gives it. */
  static Path bootPrograms() {
    return FILES.resolve("nbp");
  }

  /** The image with that tag in the layout, as skopeo names it. */
  static String image(String tag) {
    return "oci:" + FILES.resolve("oci") + ":" + tag;
  }

  /**
   * What {@code mkextensions} says that a console must show of extensions.
   *
   * @param kind {@code LAYER}, {@code EARLY} or {@code FIRMWARE}
   * @param tags of the extensions, in their order
   */
  static List<String> said(Arch arch, String kind, List<String> tags) {
    try {
      List<String> lines = Files.readAllLines(FILES.resolve(arch.id()).resolve("extensions.txt"));
      return tags.stream()
          .map(tag -> tag + " " + kind + " ")
          .flatMap(start ->
              lines.stream()
                  .filter(line -> line.startsWith(start))
                  .map(line -> line.substring(start.length())))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of one release: {@code initramfs.xz} or {@code vmlinuz.efi}. */
  static Path file(Arch arch, int release, String name) {
    return FILES.resolve(arch.id()).resolve(Integer.toString(release)).resolve(name);
  }

  /** The initramfs of a base that extensions are put into, by its name in {@code mkfixture}. */
  static Path base(Arch arch, String name) {
    return FILES.resolve(arch.id()).resolve("base").resolve(name);
  }

  /** The kernel of every release, not packed. */
  static Path kernel(Arch arch) {
    return FILES.resolve(arch.id()).resolve("vmlinuz");
  }

  /** The SHA-256 of any file in hexadecimal. */
  static String sha256(Path file) throws IOException {
    return sha256(Files.readAllBytes(file));
  }

  /** The SHA-256 of such a file in hexadecimal. */
  static String sha256(Arch arch, int release, String name) {
    try {
      return sha256(Files.readAllBytes(file(arch, release, name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same of a text in UTF-8. */
  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
