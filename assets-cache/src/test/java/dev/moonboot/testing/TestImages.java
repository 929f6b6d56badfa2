package dev.moonboot.testing;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.testing.InitramfsFixture.Extension;
import dev.moonboot.testing.TestImage.Packing;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Talos-shaped images without a byte of Talos in them: one method for each shape in which such
 * images are published. Equal content gives equal images.
 */
public final class TestImages {
  private TestImages() {}

  /**
   * What is put into an image.
   *
   * @param version Talos version that the UKI gives
   * @param kernelRelease that the kernels give
   * @param cmdline of the UKI's main profile
   * @param extensions named in the initramfs; none means that it has one archive only
   * @param rootfsSize bytes of incompressible filling in the initramfs
   * @param seed of that filling: another seed gives another initramfs
   */
  public record Content(
      String version,
      String kernelRelease,
      String cmdline,
      List<Extension> extensions,
      int rootfsSize,
      long seed) {
    public static final Content DEFAULT =
        new Content(
            "v1.13.9",
            "6.18.9-talos",
            "talos.platform=metal console=tty0 slab_nomerge pti=on",
            List.of(new Extension("hello", "v1.0.0")),
            64 << 10,
            1);

    /** The same of another Talos, which has another initramfs. */
    public Content withVersion(String other) {
      return new Content(
          other, kernelRelease, cmdline, extensions, rootfsSize, seed + other.hashCode());
    }

    /** The same with another initramfs: as when a tag has moved to the next build. */
    public Content withSeed(long other) {
      return new Content(version, kernelRelease, cmdline, extensions, rootfsSize, other);
    }

    /** The same with an initramfs of about {@code bytes}. */
    public Content withRootfsSize(int bytes) {
      return new Content(version, kernelRelease, cmdline, extensions, bytes, seed);
    }

    /** The kernel as Talos ≥ 1.8 has it: bzImage, or EFI zboot with zstd. */
    public byte[] kernel(Arch arch) {
      return switch (arch) {
        case AMD64 -> KernelFixture.bzImage(kernelRelease);
        case ARM64 -> KernelFixture.zboot(rawImage(), "zstd");
      };
    }

    /** What is inside the arm64 zboot kernel. */
    public byte[] rawImage() {
      return KernelFixture.arm64Image(kernelRelease);
    }

    /** The initramfs as Talos ≥ 1.8 has it. */
    public byte[] initramfs(Arch arch) {
      byte[] base = InitramfsFixture.base(arch, rootfsSize, seed);
      return extensions.isEmpty()
          ? InitramfsFixture.zstd(base)
          : InitramfsFixture.zstd(base, InitramfsFixture.extensions(extensions));
    }

    /** The unified kernel image, with the second profile that would wipe the disk. */
    public byte[] uki(Arch arch) {
      return new UkiWriter(UkiWriter.returningStub(arch))
          .section(".osrel", utf8("NAME=\"Talos\"\nID=talos\nVERSION_ID=" + version + "\n"))
          .section(".cmdline", utf8(cmdline))
          .section(".splash", new byte[61])
          .section(".linux", kernel(arch))
          .section(".initrd", initramfs(arch))
          .section(".profile", utf8("ID=main"))
          .section(".profile", utf8("ID=reset-maintenance\nTITLE=Reset to maintenance mode"))
          .section(".cmdline", utf8(cmdline + " talos.experimental.wipe=system:EPHEMERAL,STATE"))
          .toByteArray();
    }
  }

  /** {@code imager}: both architectures' pairs in one layer of both images, with attestations. */
  public static TestImage imager(Content content) {
    return imager(content, content::initramfs);
  }

  /** The same with initramfs of the caller's own. */
  public static TestImage imager(Content content, Function<Arch, byte[]> initramfs) {
    TarFixture tar = new TarFixture().directories("bin", "usr", "usr/install");
    tar.file("bin/imager", "ELF");
    for (Arch arch : Arch.values()) {
      String at = "usr/install/" + arch.id() + "/";
      tar.file(at + "initramfs.xz", initramfs.apply(arch));
      tar.file(at + "systemd-boot.efi", UkiWriter.returningStub(arch));
      tar.file(at + "systemd-stub.efi", UkiWriter.returningStub(arch));
      tar.file(at + "vmlinuz", content.kernel(arch));
    }
    return TestImage.index(
        true,
        TestImage.platform(AMD64, true, Packing.OCI_GZIP, tar.bytes()),
        TestImage.platform(ARM64, true, Packing.OCI_GZIP, tar.bytes()));
  }

  /**
   * {@code installer} of Talos ≥ 1.10: a base layer without boot files, and artifacts that are a
   * UKI and a boot loader, mode 0, without directories; the index names no platforms.
   */
  public static TestImage installer(Content content) {
    return TestImage.index(false, installerFor(AMD64, content), installerFor(ARM64, content));
  }

  /** As Cozystack publishes it: the same for amd64 alone, and no index. */
  public static TestImage installerWithoutIndex(Content content) {
    return TestImage.single(installerFor(AMD64, content));
  }

  private static TestImage.Platform installerFor(Arch arch, Content content) {
    String at = "usr/install/" + arch.id() + "/";
    byte[] base =
        new TarFixture().directories("usr", "usr/bin").file("usr/bin/installer", "ELF").bytes();
    byte[] artifacts =
        new TarFixture()
            .file(at + "systemd-boot.efi", UkiWriter.returningStub(arch))
            .file(at + "vmlinuz.efi", content.uki(arch))
            .bytes();
    return TestImage.platform(arch, false, Packing.DOCKER_GZIP, base, artifacts);
  }

  /**
   * {@code installer} of Talos 1.7: zstd layers, a kernel that is a hard link, an xz initramfs
   * behind a symbolic link, and a whiteout; the lower layer's kernel is not the one to take.
   */
  public static TestImage installer17(Content content) {
    String at = "usr/install/amd64/";
    byte[] lower =
        new TarFixture()
            .directories("usr", "usr/install", "usr/install/amd64")
            .file(at + "old", "stale")
            .file(at + "vmlinuz", "stale kernel")
            .bytes();
    byte[] upper =
        new TarFixture()
            .file(at + ".wh.old", "")
            .file(at + ".k", content.kernel(AMD64))
            .hardLink(at + "vmlinuz", at + ".k")
            .file(at + "initramfs-1.7.xz", installer17Initramfs(content))
            .symlink(at + "initramfs.xz", "initramfs-1.7.xz")
            .bytes();
    return TestImage.index(false, TestImage.platform(AMD64, true, Packing.OCI_ZSTD, lower, upper));
  }

  /** The initramfs in {@link #installer17}. */
  public static byte[] installer17Initramfs(Content content) {
    return InitramfsFixture.xz(InitramfsFixture.base(AMD64, content.rootfsSize(), content.seed()));
  }

  /** Cozystack's old {@code matchbox} image: a pair among matchbox's data, amd64 only. */
  public static TestImage matchbox(Content content) {
    byte[] base = new TarFixture().directories("var", "var/lib", "var/lib/matchbox").bytes();
    byte[] data =
        new TarFixture()
            .file("var/lib/matchbox/assets/vmlinuz", content.kernel(AMD64))
            .file("var/lib/matchbox/assets/initramfs.xz", content.initramfs(AMD64))
            .file("var/lib/matchbox/groups/default.json", "{\"id\":\"default\"}")
            .bytes();
    return TestImage.single(TestImage.platform(AMD64, false, Packing.DOCKER_GZIP, base, data));
  }

  /**
   * An asset container: arm64 files with a checksum list, uncompressed, in an image that claims
   * both architectures.
   */
  public static TestImage assetContainer(Content content) {
    String at = "assets/talos/arm64/";
    byte[] kernel = content.kernel(ARM64);
    byte[] initramfs = content.initramfs(ARM64);
    String sums =
        "%s  ./boot/initramfs.xz\n%s  ./boot/vmlinuz\n"
            .formatted(Digest.of(initramfs).hex(), Digest.of(kernel).hex());
    byte[] tar =
        new TarFixture()
            .directories("assets", "assets/talos", "assets/talos/arm64", at + "boot")
            .file(at + "boot/vmlinuz", kernel)
            .file(at + "boot/initramfs.xz", initramfs)
            .file(at + "checksums.sha256", sums)
            .bytes();
    return TestImage.index(
        false,
        TestImage.platform(ARM64, true, Packing.OCI_TAR, tar),
        TestImage.platform(AMD64, true, Packing.OCI_TAR, tar));
  }

  /** {@code ipxe}: the programs of each architecture in the layer of its own image. */
  public static TestImage ipxe() {
    return TestImage.index(
        false,
        TestImage.platform(AMD64, true, Packing.OCI_GZIP, ipxeLayer(AMD64).bytes()),
        TestImage.platform(ARM64, true, Packing.OCI_GZIP, ipxeLayer(ARM64).bytes()));
  }

  private static TarFixture ipxeLayer(Arch arch) {
    TarFixture tar =
        new TarFixture()
            .directories("usr", "usr/libexec")
            .file("usr/libexec/ipxe.efi", efiProgram(arch, "ipxe"))
            .file("usr/libexec/snp.efi", efiProgram(arch, "snp"))
            .file("usr/libexec/zbin", "ELF");
    return arch == ARM64
        ? tar
        : tar.file("usr/libexec/undionly.kpxe", biosProgram())
            .file("usr/libexec/kpxe/undionly.kpxe.bin", "parts");
  }

  /** A program that only returns to the firmware. */
  public static byte[] efiProgram(Arch arch, String name) {
    return new UkiWriter(UkiWriter.returningStub(arch)).section(".name", utf8(name)).toByteArray();
  }

  /** Begins with the jump that iPXE's {@code undionly.kpxe} begins with. */
  public static byte[] biosProgram() {
    return new byte[] {(byte) 0xea, 0x05, 0x00, (byte) 0xc0, 0x07, 'i', 'P', 'X', 'E'};
  }

  /**
   * The overlay {@code sbc-raspberrypi}, whose images of both platforms have the same artifacts.
   *
   * @param overlays how many device tree overlays there are
   */
  public static TestImage raspberryPi(int overlays) {
    byte[] tar = raspberryPiLayer(overlays).bytes();
    return TestImage.index(
        false,
        TestImage.platform(AMD64, true, Packing.OCI_GZIP, tar),
        TestImage.platform(ARM64, true, Packing.OCI_GZIP, tar));
  }

  /** The layer of {@link #raspberryPi}. */
  public static TarFixture raspberryPiLayer(int overlays) {
    String boot = "artifacts/arm64/firmware/boot/";
    TarFixture tar =
        new TarFixture()
            .file(boot + "bootcode.bin", "bootcode")
            .file(boot + "start.elf", elf("start"))
            .file(boot + "start4.elf", elf("start4"))
            .file(boot + "fixup4.dat", "fixup4")
            .file(boot + "LICENCE.broadcom", "licence")
            .file(boot + "bcm2711-rpi-4-b.dtb", deviceTree("rpi-4-b"))
            .file(boot + "overlays/README", "overlays")
            .file(boot + "recovery.bin", "writes to flash memory")
            .file(boot + "pieeprom.upd", "is written to flash memory")
            .file(boot + "PIEEPROM.SIG", "says so");
    for (int i = 0; i < overlays; i++) {
      tar.file(boot + "overlays/overlay-" + i + ".dtbo", deviceTree("overlay " + i));
    }
    return tar.file("artifacts/arm64/u-boot/rpi_generic/u-boot.bin", "U-Boot")
        .file("artifacts/arm64/u-boot/rpi_5/u-boot.bin", "U-Boot for Pi 5")
        .file("artifacts/rpi_5/bcm2712-rpi-5-b.dtb", deviceTree("rpi-5-b"))
        .file("artifacts/rpi_5/overlays/README", "overlays of another kernel")
        .file("installers/rpi_generic", "ELF")
        .file("profiles/rpi_generic.yaml", "arch: arm64");
  }

  /** Begins as a flattened device tree does. */
  public static byte[] deviceTree(String name) {
    return joined(new byte[] {(byte) 0xd0, 0x0d, (byte) 0xfe, (byte) 0xed}, name);
  }

  private static byte[] elf(String name) {
    return joined(new byte[] {0x7f, 'E', 'L', 'F'}, name);
  }

  private static byte[] joined(byte[] magic, String text) {
    byte[] all = Arrays.copyOf(magic, magic.length + utf8(text).length);
    System.arraycopy(utf8(text), 0, all, magic.length, utf8(text).length);
    return all;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
