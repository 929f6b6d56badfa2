package dev.moonboot.assets.iso;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.program.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small image with iPXE and a script, for CD drives, USB sticks and virtual media, for BIOS and
 * UEFI. iPXE is what the machine has: the binaries of Debian's package {@code ipxe} or of a like
 * folder.
 *
 * <p>For BIOS, isolinux starts {@code ipxe.lkrn}, which runs what it is given as initrd; isolinux
 * and the code that starts it from a USB stick are those in {@code ipxe.iso}. For UEFI, iPXE looks
 * for {@code autoexec.ipxe} beside itself (interface/efi/efi_autoexec.c), as it does since 2021.
 */
public final class IpxeIso {
  private static final String LABEL = "MOONBOOT";
  private static final String SCRIPT = "autoexec.ipxe";
  private static final int MBR_CODE = 432; // the rest of the first sector is the disk's own
  private static final int SECTOR = 512;
  private static final String ISOLINUX_CFG =
      """
      DEFAULT ipxe
      PROMPT 0
      LABEL ipxe
        KERNEL ipxe.krn
        INITRD script
      """;

  private final Path binaries;
  private final List<String> boots = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private IpxeIso(Path binaries) {
    this.binaries = binaries.toAbsolutePath();
  }

  /**
   * What was made.
   *
   * @param boots the kinds of firmware that the image is for: {@code bios}, {@code uefi-amd64},
   *     {@code uefi-arm64}
   * @param leftOut which are not among them, each with the reason
   */
  public record Made(List<String> boots, List<String> leftOut) {
    public Made {
      boots = List.copyOf(boots);
      leftOut = List.copyOf(leftOut);
    }
  }

  /**
   * Writes the image.
   *
   * @param binaries a folder with iPXE: {@code ipxe.iso} and {@code ipxe.lkrn} for BIOS, {@code
   *     ipxe-amd64.efi} or {@code ipxe.efi}, and {@code ipxe-arm64.efi} for UEFI
   * @param script what iPXE runs
   * @param out is made, or written over
   * @param scratch an empty folder; left empty
   * @throws IOException when it cannot be written, a program is missing or there is no iPXE: says
   *     what to install
   */
  public static Made write(Path binaries, String script, Path out, Path scratch)
      throws IOException {
    try (ScratchFolder folder = ScratchFolder.in(scratch)) {
      return new IpxeIso(binaries).write(script, out, folder);
    }
  }

  private Made write(String script, Path out, ScratchFolder folder) throws IOException {
    Path tree = folder.folder("tree");
    Path autoexec = Files.writeString(tree.resolve(SCRIPT), script, UTF_8);
    List<String> options = new ArrayList<>();
    boolean bios = bios(tree, autoexec, folder, options);
    boolean uefi = uefi(tree, autoexec, folder);
    if (!bios && !uefi) {
      throw new IOException(
          "there is no iPXE in %s that the image could be made of (%s); install the package ipxe, or name the folder that has it"
              .formatted(binaries, String.join("; ", leftOut)));
    }
    if (bios && uefi) {
      options.add("-eltorito-alt-boot");
    }
    if (uefi) {
      options.addAll(List.of("-e", "efi.img", "-no-emul-boot"));
      if (bios) {
        options.add("-isohybrid-gpt-basdat");
      }
    }
    IsoProgram.write(out, LABEL, options, tree, folder.path());
    return new Made(boots, leftOut);
  }

  private boolean bios(Path tree, Path script, ScratchFolder folder, List<String> options)
      throws IOException {
    Path iso = binaries.resolve("ipxe.iso");
    Path kernel = binaries.resolve("ipxe.lkrn");
    if (!Files.isReadable(iso) || !Files.isReadable(kernel)) {
      leftOut.add("bios: there are no ipxe.iso and ipxe.lkrn");
      return false;
    }
    if (!takeIsolinux(iso, tree, folder)) {
      leftOut.add("bios: ipxe.iso has no isolinux in it");
      return false;
    }
    Files.copy(kernel, tree.resolve("ipxe.krn"));
    Files.copy(script, tree.resolve("script"));
    Files.writeString(tree.resolve("isolinux.cfg"), ISOLINUX_CFG, UTF_8);
    Path mbr = folder.file("mbr");
    try (InputStream in = Files.newInputStream(iso)) {
      byte[] sector = new byte[SECTOR];
      in.readNBytes(sector, 0, MBR_CODE);
      Files.write(mbr, sector);
    }
    options.addAll(List.of("-isohybrid-mbr", mbr.toString(), "-c", "boot.cat"));
    options.addAll(List.of("-b", "isolinux.bin", "-no-emul-boot"));
    options.addAll(List.of("-boot-load-size", "4", "-boot-info-table"));
    boots.add("bios");
    return true;
  }

  private static boolean takeIsolinux(Path iso, Path tree, ScratchFolder folder)
      throws IOException {
    Program xorriso = IsoProgram.XORRISO.find();
    List<String> arguments = new ArrayList<>(List.of("-no_rc", "-osirrox", "on"));
    arguments.addAll(List.of("-indev", iso.toString()));
    for (String name : List.of("isolinux.bin", "ldlinux.c32")) {
      arguments.addAll(List.of("-extract", "/" + name, tree.resolve(name).toString()));
    }
    Program.Ended ended = xorriso.run(folder.path(), IsoProgram.LONGEST, Map.of(), arguments);
    return ended.status() == 0
        && Files.exists(tree.resolve("isolinux.bin"))
        && Files.exists(tree.resolve("ldlinux.c32"));
  }

  private boolean uefi(Path tree, Path script, ScratchFolder folder) throws IOException {
    FatImage partition = FatImage.small().file(SCRIPT, script).file("EFI/BOOT/" + SCRIPT, script);
    int before = boots.size();
    for (Arch arch : Arch.values()) {
      Path program = program(arch);
      if (program == null) {
        leftOut.add("uefi-" + arch.id() + ": there is no ipxe-" + arch.id() + ".efi");
      } else if (!looksForScript(program)) {
        leftOut.add(
            "uefi-%s: %s is older than 2021 and looks for no autoexec.ipxe"
                .formatted(arch.id(), program.getFileName()));
      } else {
        partition.file(
            "EFI/BOOT/" + (arch == Arch.AMD64 ? "BOOTX64" : "BOOTAA64") + ".EFI", program);
        boots.add("uefi-" + arch.id());
      }
    }
    if (boots.size() == before) {
      return false;
    }
    partition.write(tree.resolve("efi.img"), folder.path());
    return true;
  }

  private @Nullable Path program(Arch arch) {
    Path named = binaries.resolve("ipxe-" + arch.id() + ".efi");
    if (Files.isReadable(named)) {
      return named;
    }
    Path plain = binaries.resolve("ipxe.efi");
    return arch == Arch.AMD64 && Files.isReadable(plain) ? plain : null;
  }

  private static boolean looksForScript(Path program) throws IOException {
    String bytes = Files.readString(program, ISO_8859_1);
    return bytes.contains(SCRIPT) || bytes.contains(String.join("\0", SCRIPT.split("", -1)));
  }
}
