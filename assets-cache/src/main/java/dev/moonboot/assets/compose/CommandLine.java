package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.KernelArguments;
import dev.moonboot.assets.TalosArguments;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.UkiLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The kernel command line of a composition, in the order of Talos's imager ({@code
 * pkg/imager/imager.go}): platform, board, defaults, a person's own.
 *
 * @param platform {@code metal}, {@code nocloud} …
 * @param overlay the board's name; empty for none
 * @param iso whether it is for an ISO image, which must not install a machine twice
 * @param arguments a person's: {@code console} and {@code talos.platform} replace all others of
 *     that name, {@code -name} takes one away
 * @param wipe whether erasing disks is really meant
 */
public record CommandLine(
    TalosVersion version,
    Arch arch,
    String platform,
    String overlay,
    boolean iso,
    List<String> arguments,
    boolean wipe) {
  /** The kernel takes 4096 at most, loaders add to it. */
  private static final int MAX_BYTES = 4000;

  private static final String PLATFORM = "talos.platform";

  /** Without board, for machines that boot from the network. */
  public CommandLine(TalosVersion version, Arch arch, String platform, List<String> arguments) {
    this(version, arch, platform, "", false, arguments, false);
  }

  public CommandLine {
    arguments = List.copyOf(arguments);
  }

  /**
   * The line.
   *
   * @throws ComposeException when platform or board are not known, an argument cannot stand in a
   *     line, the line erases disks and that is not meant, or it is longer than the kernel takes
   */
  public String text() {
    arguments.forEach(CommandLine::check);
    KernelArguments line = KernelArguments.of(List.of(PLATFORM + "=" + platform));
    line.set(
        TalosArguments.platform(platform, version, arch)
            .orElseThrow(() ->
                new ComposeException(
                    "Talos has no platform \"%s\"; it has %s"
                        .formatted(printable(platform), names(TalosArguments.platforms())))));
    if (iso && version.isAtLeast(8)) {
      line.append(List.of("talos.halt_if_installed=1"));
    }
    if (!overlay.isEmpty()) {
      line.set(board());
    }
    line.append(TalosArguments.defaults(version));
    return checked(line.customize(arguments, Set.of("console", PLATFORM)).toString());
  }

  private List<String> board() {
    return TalosArguments.overlay(overlay)
        .orElseThrow(() ->
            new ComposeException(
                ("the kernel arguments of the overlay \"%s\" are not known (those of rpi_generic,"
                        + " rpi_5 and most Rockchip boards are); leave it out and write them as arguments")
                    .formatted(printable(overlay))));
  }

  private String checked(String line) {
    int bytes = line.getBytes(UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new ComposeException(
          "the kernel command line has %d bytes; kernels take %d: shorten the arguments, or put what"
                  .formatted(bytes, MAX_BYTES)
              + " is long into the machine config");
    }
    if (!wipe && UkiLines.wipes(line)) {
      throw new ComposeException(
          "the argument talos.experimental.wipe erases disks at every boot of every node that gets"
              + " it; give it to one node for one boot instead");
    }
    return line;
  }

  private static void check(String argument) {
    if (argument.codePoints().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)
        || !UTF_8.newEncoder().canEncode(argument)) {
      throw new ComposeException(
          "the kernel argument \"%s\" has a control character in it; write one argument a line"
              .formatted(printable(argument)));
    }
  }

  private static String names(Set<String> names) {
    return String.join(", ", new ArrayList<>(names));
  }

  private static String printable(String text) {
    String visible = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\p{Cs}]", "?");
    return visible.length() <= 80 ? visible : visible.substring(0, 77) + "...";
  }
}
