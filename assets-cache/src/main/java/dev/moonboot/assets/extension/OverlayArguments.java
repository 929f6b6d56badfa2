package dev.moonboot.assets.extension;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Kernel arguments of boards, by the name of their overlay. An overlay has them in a program, which
 * is not run; so these are the ones that are known (siderolabs/sbc-raspberrypi and sbc-rockchip,
 * {@code installers}).
 */
public final class OverlayArguments {
  private static final String NO_KEXEC = "sysctl.kernel.kexec_load_disabled=1";
  private static final String NO_DASHBOARD = "talos.dashboard.disabled=1";
  private static final Map<String, List<String>> ARGUMENTS = new TreeMap<>();

  static {
    ARGUMENTS.put("rpi_generic", board("ttyAMA0,115200"));
    ARGUMENTS.put("rpi_5", board("ttyAMA10,115200"));
    for (String name :
        List.of(
            "nanopi-r4s",
            "nanopi-r5s",
            "odroid-m1",
            "orangepi-r1-plus-lts",
            "radxa-zero-3e",
            "rock3b",
            "rock4cplus",
            "rock4se",
            "rockpi4",
            "rockpi4c",
            "rockpro64")) {
      ARGUMENTS.put(name, board("ttyS2,1500000n8"));
    }
  }

  private OverlayArguments() {}

  private static List<String> board(String serial) {
    return List.of("console=tty0", "console=" + serial, NO_KEXEC, NO_DASHBOARD);
  }

  /** The arguments, in order; empty for a board that is not known. */
  public static Optional<List<String>> of(String overlay) {
    return Optional.ofNullable(ARGUMENTS.get(overlay));
  }

  /** The boards that are known, sorted. */
  public static List<String> known() {
    return List.copyOf(ARGUMENTS.keySet());
  }
}
