package dev.moonboot.assets.iso;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.program.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The ISO image of a release for UEFI machines, as Talos's imager makes it with systemd-boot
 * (siderolabs/talos, {@code pkg/imager/iso/uefi.go}): an EFI system partition with boot loader and
 * UKI, behind an otherwise empty file system, for CD drives and, written as it is, for disks. Equal
 * parts give equal bytes with the same xorriso and mtools.
 */
public final class UefiIso {
  private static final int LONGEST_LABEL = 32;
  private static final String LOADER_CONF =
      """
      # systemd-boot configuration
      timeout 10
      """;

  private UefiIso() {}

  /**
   * What is put on it.
   *
   * @param bootLoader {@code systemd-boot.efi}
   * @param uki with the command line that it is to boot with
   */
  public record Parts(Arch arch, TalosVersion version, Path bootLoader, Path uki) {}

  /** The programs that {@link #write} calls. */
  public static List<Need> needs() {
    return Stream.concat(Stream.of(IsoProgram.XORRISO), FatImage.needs().stream()).toList();
  }

  /** The volume id, as Talos's images have it: {@code TALOS_V1_13_9}. */
  public static String label(TalosVersion version) {
    String label = ("Talos-" + version).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    return label.substring(0, Math.min(LONGEST_LABEL, label.length()));
  }

  /**
   * Writes the image, and reads it again.
   *
   * @param out is made, or written over
   * @param scratch an empty folder on a disk with room for the image; left empty
   * @throws IOException when it cannot be written, or a program is missing: says what to install
   */
  public static void write(Parts parts, Path out, Path scratch) throws IOException {
    try (ScratchFolder folder = ScratchFolder.in(scratch)) {
      Path loaderConf = Files.writeString(folder.file("loader.conf"), LOADER_CONF, UTF_8);
      Path partition = folder.file("efiboot.img");
      String loader = parts.arch() == Arch.AMD64 ? "BOOTX64.EFI" : "BOOTAA64.EFI";
      Map<String, Path> files = new LinkedHashMap<>();
      files.put("EFI/BOOT/" + loader, parts.bootLoader());
      files.put("EFI/Linux/Talos-" + parts.version() + ".efi", parts.uki());
      files.put("loader/loader.conf", loaderConf);
      FatImage image = FatImage.large();
      files.forEach(image::file);
      image.write(partition, folder.path());
      List<String> options =
          List.of(
              "-volset",
              "Talos-" + parts.version(),
              "-e",
              "--interval:appended_partition_2:all::",
              "-no-emul-boot",
              "-append_partition",
              "2",
              "0xef",
              partition.toString(),
              "-appended_part_as_gpt",
              "-partition_cyl_align",
              "all",
              "-partition_offset",
              "16",
              "-iso_mbr_part_type",
              "0x83");
      IsoProgram.write(out, label(parts.version()), options, folder.folder("tree"), folder.path());
      Files.delete(partition); // makes room
      IsoCheck.require(out.toAbsolutePath(), files, folder.path());
    }
  }
}
