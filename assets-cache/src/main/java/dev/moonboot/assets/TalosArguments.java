package dev.moonboot.assets;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The kernel arguments that Talos itself gives its platforms and boards. Which one belongs to which
 * version: Talos, {@code pkg/machinery/kernel/kernel.go}, {@code pkg/machinery/imager/quirks}, and
 * {@code KernelArgs} of each platform.
 */
public final class TalosArguments {
  private static final String NO_IFNAMES = "net.ifnames=0";
  private static final String NO_DASHBOARD = "talos.dashboard.disabled=1";
  private static final String NO_KEXEC = "sysctl.kernel.kexec_load_disabled=1";
  private static final String NVME = "nvme_core.io_timeout=4294967295";
  private static final Set<String> PLATFORMS =
      sorted(
          "akamai",
          "alibabacloud",
          "aws",
          "azure",
          "cloudstack",
          "digital-ocean",
          "equinixMetal",
          "exoscale",
          "gcp",
          "hcloud",
          "metal",
          "nocloud",
          "opennebula",
          "openstack",
          "oracle",
          "scaleway",
          "upcloud",
          "vmware",
          "vultr");

  private TalosArguments() {}

  /** The names of all platforms that {@link #platform} knows, sorted. */
  public static Set<String> platforms() {
    return PLATFORMS;
  }

  /** What a platform's machines get; empty for a platform that Talos does not have. */
  public static Optional<List<String>> platform(String name, TalosVersion version, Arch arch) {
    boolean amd64 = arch == Arch.AMD64;
    return Optional.ofNullable(
        switch (name) {
          case "metal" ->
              amd64
                  ? version.isAtLeast(8)
                      ? List.of("console=tty0")
                      : List.of("console=ttyS0", "console=tty0")
                  : List.of("console=ttyAMA0", "console=tty0");
          case "aws" ->
              version.isAtLeast(14)
                  ? List.of("console=tty1", "console=ttyS0", NO_IFNAMES, NVME)
                  : List.of("console=tty1", "console=ttyS0", NO_IFNAMES);
          case "alibabacloud",
              "cloudstack",
              "exoscale",
              "hcloud",
              "nocloud",
              "opennebula",
              "openstack" ->
              List.of("console=tty1", "console=ttyS0", NO_IFNAMES);
          case "oracle", "scaleway" ->
              List.of("console=tty1", "console=ttyS0", NO_IFNAMES, NO_DASHBOARD);
          case "akamai", "digital-ocean" ->
              List.of("console=ttyS0", "console=tty0", "console=tty1", NO_IFNAMES);
          case "azure" ->
              List.of(
                  "console=ttyS0,115200n8",
                  "earlyprintk=ttyS0,115200",
                  "rootdelay=300",
                  NO_IFNAMES,
                  NO_DASHBOARD,
                  NO_KEXEC);
          case "gcp" -> List.of("console=ttyS0", NO_IFNAMES, NO_DASHBOARD, NO_KEXEC);
          case "equinixMetal" ->
              List.of(amd64 ? "console=ttyS1,115200n8" : "console=ttyAMA0,115200");
          case "vmware" ->
              amd64
                  ? List.of(
                      "talos.config=guestinfo",
                      "console=tty0",
                      "console=ttyS0",
                      "earlyprintk=ttyS0,115200",
                      NO_IFNAMES)
                  : List.of(
                      "talos.config=guestinfo", "console=tty0", "console=ttyAMA0", NO_IFNAMES);
          case "upcloud", "vultr" -> List.of(NO_IFNAMES);
          default -> null;
        });
  }

  /**
   * What a board's overlay adds, by the name of its installer; empty for one not known. An overlay
   * has its arguments in a program, which is not run (siderolabs/sbc-raspberrypi, sbc-rockchip).
   */
  public static Optional<List<String>> overlay(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "rpi_generic" ->
              List.of("console=tty0", "console=ttyAMA0,115200", NO_KEXEC, NO_DASHBOARD);
          case "rpi_5" ->
              List.of("console=tty0", "console=ttyAMA10,115200", NO_KEXEC, NO_DASHBOARD);
          case "nanopi-r4s",
              "nanopi-r5s",
              "odroid-m1",
              "orangepi-r1-plus-lts",
              "radxa-zero-3e",
              "rock3b",
              "rock4cplus",
              "rock4se",
              "rockpi4",
              "rockpi4c",
              "rockpro64" ->
              List.of("console=tty0", "console=ttyS2,1500000n8", NO_KEXEC, NO_DASHBOARD);
          default -> null;
        });
  }

  /** What every platform gets. */
  public static List<String> defaults(TalosVersion version) {
    List<String> arguments = new ArrayList<>();
    boolean before14 = !version.isAtLeast(14);
    add(arguments, before14, "init_on_alloc=1");
    add(arguments, true, "slab_nomerge", "pti=on", "consoleblank=0");
    add(arguments, before14, NVME);
    add(arguments, true, "printk.devkmsg=on");
    add(
        arguments,
        !version.isAtLeast(11),
        "ima_template=ima-ng",
        "ima_appraise=fix",
        "ima_hash=sha512");
    add(arguments, version.isAtLeast(10), "selinux=1");
    add(arguments, version.isAtLeast(12), "module.sig_enforce=1");
    add(arguments, version.isAtLeast(13), "proc_mem.force_override=never");
    return arguments;
  }

  private static Set<String> sorted(String... names) {
    return Collections.unmodifiableSet(new TreeSet<>(Set.of(names)));
  }

  private static void add(List<String> arguments, boolean wanted, String... more) {
    if (wanted) {
      arguments.addAll(List.of(more));
    }
  }
}
