package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * iPXE's programs of one architecture: {@code ipxe.efi}, {@code snp.efi} and for amd64 {@code
 * undionly.kpxe}.
 *
 * <p>They are looked for in {@link #FOLDERS}, in order (the first is where the image {@code
 * siderolabs/ipxe} has them), and in each below the architecture's name, with it in their own
 * ({@code ipxe-arm64.efi}), then plainly; {@code snponly.efi} is what Debian calls {@code snp.efi}.
 * The first that is a program for the architecture is taken.
 */
final class LoaderRules implements FileRules {
  private static final List<String> FOLDERS =
      List.of("usr/libexec", "usr/lib/ipxe", "usr/share/ipxe", "boot", "ipxe", "");

  private static final AssetName.File IPXE = AssetName.file("ipxe.efi");
  private static final AssetName.File SNP = AssetName.file("snp.efi");
  private static final AssetName.File UNDIONLY = AssetName.file("undionly.kpxe");

  /** What real-mode code is loaded into, below 640 KiB. */
  private static final int REAL_MODE_MEMORY = 640 << 10;

  private static final int EFI_APPLICATION = 10;

  private final Arch arch;
  private final Map<AssetName.File, List<String>> known = new LinkedHashMap<>();

  LoaderRules(Arch arch) {
    this.arch = arch;
    known.put(IPXE, paths(List.of("ipxe"), ".efi"));
    known.put(SNP, paths(List.of("snp", "snponly"), ".efi"));
    if (arch == Arch.AMD64) {
      known.put(UNDIONLY, paths(List.of("undionly"), ".kpxe"));
    }
  }

  private List<String> paths(List<String> names, String suffix) {
    List<String> spellings =
        arch == Arch.AMD64 ? List.of("amd64", "x86_64") : List.of("arm64", "aarch64");
    List<String> paths = new ArrayList<>();
    for (String folder : FOLDERS) {
      for (String name : names) {
        for (String spelling : spellings) {
          paths.add(ImagePath.join(folder, spelling + "/" + name + suffix));
          paths.add(ImagePath.join(folder, name + "-" + spelling + suffix));
        }
        paths.add(ImagePath.join(folder, name + suffix));
      }
    }
    return paths;
  }

  @Override
  public boolean mayTake(String path) {
    return concerns(path);
  }

  @Override
  public boolean concerns(String path) {
    return known.values().stream().anyMatch(paths -> paths.contains(path));
  }

  @Override
  public Choice choose(List<String> paths) {
    Map<AssetName.File, List<String>> candidates = new LinkedHashMap<>();
    known.forEach(
        (name, places) -> candidates.put(name, places.stream().filter(paths::contains).toList()));
    return new Choice("network boot programs", candidates, List.of());
  }

  @Override
  public Optional<String> problem(AssetName.File name, Found file) {
    byte[] head = FileHead.read(file.file());
    return name.equals(UNDIONLY) ? bios(head, file.size()) : efi(head);
  }

  /** PE/COFF specification, "Optional Header": magic of PE32+, and the subsystem. */
  private Optional<String> efi(byte[] head) {
    Optional<Short> machine = Pe.machine(head);
    if (machine.isEmpty()) {
      return Optional.of("is no EFI program (no PE header)");
    }
    ByteBuffer in = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int optional = in.getInt(0x3c) + 24;
    if (optional > head.length - 70 || in.getShort(optional) != 0x20b) {
      return Optional.of("is no 64-bit EFI program (PE32+)");
    }
    if (in.getShort(optional + 68) != EFI_APPLICATION) {
      return Optional.of("is no EFI application (PE subsystem " + in.getShort(optional + 68) + ")");
    }
    Optional<Arch> is = Pe.arch(machine.get());
    return is.filter(arch::equals).isPresent()
        ? Optional.empty()
        : Optional.of(
            "is for "
                + is.map(Arch::id).orElse("PE machine 0x%04x".formatted(machine.get()))
                + ", not for "
                + arch.id());
  }

  /**
   * Real-mode code has no header. What a ROM jumps to begins with a jump, fits into real-mode
   * memory and is neither an EFI program nor a text.
   */
  private static Optional<String> bios(byte[] head, long size) {
    if (Pe.machine(head).isPresent()) {
      return Optional.of("is an EFI program, and no code for a BIOS");
    }
    int first = head.length == 0 ? -1 : head[0] & 0xff;
    boolean jumps = first == 0xea || first == 0xe9 || first == 0xeb; // JMP far, near, short
    return jumps && size <= REAL_MODE_MEMORY
        ? Optional.empty()
        : Optional.of("is no code for a BIOS (it must begin with a jump and have at most 640 KiB)");
  }

  @Override
  public void require(Map<AssetName.File, Found> taken, List<String> refused, List<String> paths) {
    List<String> missing = new ArrayList<>();
    if (!taken.containsKey(IPXE) && !taken.containsKey(SNP)) {
      missing.add("ipxe.efi or snp.efi");
    }
    if (arch == Arch.AMD64 && !taken.containsKey(UNDIONLY)) {
      missing.add("undionly.kpxe");
    }
    if (!missing.isEmpty()) {
      throw new ExtractException(
          "the image lacks network boot programs for %s: %s; found: %s%s"
              .formatted(
                  arch.id(),
                  String.join(" and ", missing),
                  FileRules.shown(paths),
                  reasons(refused)));
    }
  }

  private static String reasons(List<String> refused) {
    return refused.isEmpty() ? "" : "; " + String.join("; ", refused);
  }
}
