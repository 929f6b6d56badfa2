package dev.moonboot.assets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a file of a release is called: one of the boot files that every Talos image has, or a file
 * of an image by its path there.
 */
public sealed interface AssetName {
  /** The kernel as the image carries it: x86 bzImage, arm64 EFI zboot or raw Image. */
  Boot VMLINUZ = Boot.VMLINUZ;

  /** The initial RAM file system; called {@code .xz} for ever, though Talos ≥ 1.8 writes zstd. */
  Boot INITRAMFS = Boot.INITRAMFS;

  /** The release's own kernel command line: one line of text. */
  Boot CMDLINE = Boot.CMDLINE;

  /** The unified kernel image, where the image carries one. */
  Boot UKI = Boot.UKI;

  /** arm64 only: the kernel as a raw {@code Image}, for loaders that cannot start EFI zboot. */
  Boot IMAGE = Boot.IMAGE;

  /** Of an initramfs in two parts: what the base image has. */
  Boot INITRAMFS_BASE = Boot.INITRAMFS_BASE;

  /** Of an initramfs in two parts: the extensions, with the early microcode in front. */
  Boot INITRAMFS_EXTENSIONS = Boot.INITRAMFS_EXTENSIONS;

  /** A bootable ISO image for UEFI machines. */
  Boot ISO = Boot.ISO;

  /** Where all this came from: digests, versions, sizes (JSON). Every build has it. */
  Boot RECORD = Boot.RECORD;

  /** Boot files as they are declared, then files of an image by their paths. */
  Comparator<AssetName> ORDER = AssetName::compare;

  /**
   * The name inside a folder of one architecture: {@code initramfs.xz}, {@code overlays/x.dtbo}.
   */
  String fileName();

  /**
   * The name where architectures share a folder: {@code initramfs-arm64.xz}, {@code
   * arm64/overlays/x.dtbo}.
   */
  String flatName(Arch arch);

  /**
   * A file of an image by its path.
   *
   * @throws IllegalArgumentException when {@link #isFile} says no
   */
  static File file(String path) {
    return new File(path);
  }

  /**
   * Whether a path can name a file of a release: at most 255 bytes; parts of letters, digits and
   * {@code . _ - + , @ ~ =} separated by single slashes, none of them {@code .} or {@code ..}; and
   * not the name of a boot file.
   */
  static boolean isFile(String path) {
    return path.getBytes(UTF_8).length <= File.MAX_BYTES
        && File.PATH.matcher(path).matches()
        && Boot.of(path).isEmpty();
  }

  /**
   * The asset called {@code fileName} in a folder of one architecture; empty when none can be
   * called so.
   */
  static Optional<AssetName> ofFileName(String fileName) {
    Optional<AssetName> boot = Boot.of(fileName).map(name -> name);
    return boot.isPresent() || !isFile(fileName) ? boot : Optional.of(new File(fileName));
  }

  /** The same in {@link #ORDER}, in a map of the caller's own. */
  static <V> SortedMap<AssetName, V> sorted(Map<AssetName, V> byName) {
    SortedMap<AssetName, V> sorted = new TreeMap<>(ORDER);
    sorted.putAll(byName);
    return sorted;
  }

  private static int compare(AssetName one, AssetName other) {
    return switch (one) {
      case Boot boot -> other instanceof Boot second ? boot.compareTo(second) : -1;
      case File(var path) -> other instanceof File(var second) ? path.compareTo(second) : 1;
    };
  }

  /** The boot files a release can have for one architecture, with the names they go by. */
  enum Boot implements AssetName {
    VMLINUZ("vmlinuz", "vmlinuz-%s"),
    INITRAMFS("initramfs.xz", "initramfs-%s.xz"),
    CMDLINE("cmdline", "cmdline-%s"),
    UKI("uki.efi", "uki-%s.efi"),
    IMAGE("image", "image-%s"),
    INITRAMFS_BASE("initramfs-base.xz", "initramfs-base-%s.xz"),
    INITRAMFS_EXTENSIONS("initramfs-extensions.xz", "initramfs-extensions-%s.xz"),
    ISO("talos.iso", "talos-%s.iso"),
    RECORD("release.json", "release-%s.json");

    private final String fileName;
    private final String flatFormat;

    Boot(String fileName, String flatFormat) {
      this.fileName = fileName;
      this.flatFormat = flatFormat;
    }

    @Override
    public String fileName() {
      return fileName;
    }

    @Override
    public String flatName(Arch arch) {
      return flatFormat.formatted(arch.id());
    }

    private static Optional<Boot> of(String fileName) {
      return Arrays.stream(values()).filter(n -> n.fileName.equals(fileName)).findFirst();
    }
  }

  /**
   * A file of an image.
   *
   * @param path as {@link #isFile} wants it; upper and lower case are different
   */
  record File(String path) implements AssetName {
    static final int MAX_BYTES = 255;
    private static final String PART = "(?!\\.\\.?(?:/|$))[A-Za-z0-9._+,@~=-]+";
    static final Pattern PATH = Pattern.compile(PART + "(?:/" + PART + ")*");

    /**
     * @throws IllegalArgumentException when {@link #isFile} says no
     */
    public File {
      if (!isFile(path)) {
        throw new IllegalArgumentException("no release can have a file \"" + path + "\"");
      }
    }

    @Override
    public String fileName() {
      return path;
    }

    @Override
    public String flatName(Arch arch) {
      return arch.id() + "/" + path;
    }
  }
}
