package dev.moonboot.assets.extract;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Raspberry Pi's ROM loads. Found where the overlay {@code siderolabs/sbc-raspberrypi} has
 * it, else in {@code boot/firmware}, in {@code boot}, or in the root (there the files of the root
 * itself and {@code overlays} only).
 *
 * <p>Of the overlay {@code artifacts/arm64/firmware/boot/…} keep their names below it; U-Boot for
 * all boards but one is {@code u-boot.bin}, those for a board {@code u-boot/<board>/…}; what is
 * only for a board stands below the board's name, {@code rpi_5/…}, and its device trees besides
 * where the ROM looks for them.
 */
final class FirmwareRules implements FileRules {
  /** They would be written into the board's flash memory by a ROM that finds them. */
  private static final Set<String> NEVER =
      Set.of("pieeprom.upd", "pieeprom.sig", "pieeprom.bin", "recovery.bin");

  private static final Pattern OF_ALL = Pattern.compile("artifacts/arm64/firmware/boot/(.+)");
  private static final Pattern OF_A_BOARD =
      Pattern.compile("artifacts/arm64/firmware/([^/]+)/boot/(.+)");
  private static final Pattern U_BOOT = Pattern.compile("artifacts/arm64/u-boot/([^/]+)/(.+)");
  private static final Pattern PI_5 = Pattern.compile("artifacts/(rpi_5)/(.+)");
  private static final Pattern PI_5_TREE = Pattern.compile("bcm2712[^/]*\\.dtb");
  private static final Pattern SIGN = Pattern.compile("start[^/]*\\.elf|bcm27[^/]*\\.dtb");

  private static final List<String> PLACES =
      List.of(
          "artifacts/arm64/firmware/boot",
          "artifacts/rpi_5",
          "boot/firmware",
          "boot",
          "the root directory");

  /** A place where the files may be. */
  private record Layout(String name, Predicate<String> has, Naming naming) {
    static Layout folder(String folder) {
      return new Layout(
          "Raspberry Pi firmware in " + folder,
          path -> path.startsWith(folder + "/"),
          path -> List.of(path.substring(folder.length() + 1)));
    }
  }

  /** What a path of a layout is called in a release; by no name when it is not taken. */
  @FunctionalInterface
  private interface Naming {
    List<String> of(String path);
  }

  private static final List<Layout> LAYOUTS =
      List.of(
          new Layout(
              "overlay sbc-raspberrypi",
              path -> path.startsWith("artifacts/"),
              FirmwareRules::inOverlay),
          Layout.folder("boot/firmware"),
          Layout.folder("boot"),
          new Layout(
              "Raspberry Pi firmware in the root directory",
              path -> path.indexOf('/') < 0 || path.startsWith("overlays/"),
              List::of));

  private FirmwareRules() {}

  /**
   * @throws ExtractException when no Raspberry Pi is of that architecture
   */
  static FirmwareRules of(Arch arch) {
    if (arch != Arch.ARM64) {
      throw new ExtractException(
          "Raspberry Pi firmware is for arm64 only, and was wanted for " + arch.id());
    }
    return new FirmwareRules();
  }

  private static List<String> inOverlay(String path) {
    Matcher all = OF_ALL.matcher(path);
    if (all.matches()) {
      return List.of(all.group(1));
    }
    Matcher uBoot = U_BOOT.matcher(path);
    if (uBoot.matches()) {
      boolean generic = uBoot.group(1).equals("rpi_generic");
      return List.of(generic ? uBoot.group(2) : "u-boot/" + uBoot.group(1) + "/" + uBoot.group(2));
    }
    Matcher board = OF_A_BOARD.matcher(path);
    if (board.matches()) {
      return List.of(board.group(1) + "/" + board.group(2));
    }
    Matcher pi5 = PI_5.matcher(path);
    if (!pi5.matches()) {
      return List.of();
    }
    String below = pi5.group(1) + "/" + pi5.group(2);
    return PI_5_TREE.matcher(pi5.group(2)).matches()
        ? List.of(below, pi5.group(2))
        : List.of(below);
  }

  @Override
  public boolean mayTake(String path) {
    return concerns(path) && !isNever(path);
  }

  @Override
  public boolean concerns(String path) {
    return LAYOUTS.stream()
        .anyMatch(layout -> layout.has().test(path) && !names(layout, path).isEmpty());
  }

  private static List<String> names(Layout layout, String path) {
    return layout.naming().of(path);
  }

  private static boolean isNever(String path) {
    return NEVER.contains(ImagePath.name(path).toLowerCase(Locale.ROOT));
  }

  @Override
  public Choice choose(List<String> paths) {
    for (Layout layout : LAYOUTS) {
      List<String> here = paths.stream().filter(layout.has()).toList();
      if (here.stream()
          .flatMap(path -> names(layout, path).stream())
          .anyMatch(FirmwareRules::isSign)) {
        return choose(layout, here);
      }
    }
    return new Choice("", Map.of(), List.of());
  }

  private static boolean isSign(String name) {
    return SIGN.matcher(name).matches();
  }

  private static Choice choose(Layout layout, List<String> paths) {
    Map<AssetName.File, List<String>> candidates = new LinkedHashMap<>();
    List<String> leftOut = new ArrayList<>();
    for (String path : paths) {
      for (String name : names(layout, path)) {
        if (isNever(name)) {
          leftOut.add(ImagePath.shown(path) + ": it would rewrite the board's flash memory");
        } else if (AssetName.isFile(name)) {
          // What the firmware folder has itself sorts first, and stays.
          candidates.computeIfAbsent(AssetName.file(name), _ -> new ArrayList<>()).add(path);
        } else {
          leftOut.add(ImagePath.shown(path) + ": no file of a release can be called so");
        }
      }
    }
    return new Choice(layout.name(), candidates, leftOut);
  }

  @Override
  public Optional<String> problem(AssetName.File name, Found file) {
    byte[] head = FileHead.read(file.file());
    String last = ImagePath.name(name.path()).toLowerCase(Locale.ROOT);
    if (last.endsWith(".dtb") || last.endsWith(".dtbo")) {
      return startsWith(head, 0xd0, 0x0d, 0xfe, 0xed) // Devicetree specification, 5.2
          ? Optional.empty()
          : Optional.of("is no device tree");
    }
    return last.matches("start.*\\.elf") && !startsWith(head, 0x7f, 'E', 'L', 'F')
        ? Optional.of("is no ELF file")
        : Optional.empty();
  }

  private static boolean startsWith(byte[] head, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i == head.length || (head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void require(Map<AssetName.File, Found> taken, List<String> refused, List<String> paths) {
    if (!refused.isEmpty()) {
      throw new ExtractException(
          "the image's Raspberry Pi firmware will not do: " + FileRules.shown(refused));
    }
    if (taken.isEmpty()) {
      throw new ExtractException(
          ("the image has no Raspberry Pi firmware: neither start*.elf nor bcm27*.dtb is in %s;"
                  + " found: %s")
              .formatted(String.join(", ", PLACES), FileRules.shown(paths)));
    }
  }
}
