package dev.moonboot.e2e;

import dev.moonboot.assets.Arch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Machines that boot what was composed: each from other files, or in another way. */
enum ComposedMachine {
  /** One initramfs with twelve extensions in it. */
  WHOLE(Channel.TWELVE, Start.IPXE),
  /** Two initrd lines, of which the first has the extensions. */
  PARTS(Channel.TWELVE, Start.IPXE),
  /** OVMF finds the UKI on a disk. */
  UKI(Channel.TWELVE, Start.DISK),
  /** AAVMF does. */
  UKI_ARM64(Channel.TWELVE, Start.DISK, Arch.ARM64),
  /** A base that had an extension before, which stays below the new ones. */
  KEPT(Channel.KEPT, Start.IPXE),
  /** The same from an ISO image, by systemd-boot. */
  ISO(Channel.KEPT, Start.CD),
  ISO_ARM64(Channel.KEPT, Start.CD, Arch.ARM64),
  /** The same base, its own extension left out. */
  REPLACED(Channel.REPLACED, Start.IPXE),
  /** A base from before Talos 1.8, packed with xz, whose /lib is a folder. */
  OLD(Channel.OLD, Start.IPXE),
  /** A base that is in a UKI. */
  CARVED(Channel.CARVED, Start.IPXE),
  /** Kernel and initramfs for arm64, put into memory without firmware. */
  ARM64(Channel.TWELVE, Start.MEMORY, Arch.ARM64);

  private final Channel channel;
  private final Start start;
  private final Arch arch;

  ComposedMachine(Channel channel, Start start) {
    this(channel, start, Arch.AMD64);
  }

  ComposedMachine(Channel channel, Start start, Arch arch) {
    this.channel = channel;
    this.start = start;
    this.arch = arch;
  }

  /** How a machine comes to its kernel. */
  private enum Start {
    /** SeaBIOS, iPXE, and the script of its profile. */
    IPXE,
    /** UEFI firmware and what is on a disk. */
    DISK,
    /** UEFI firmware and what is on a CD. */
    CD,
    /** Nothing but a kernel. */
    MEMORY
  }

  /** Channels that are composed, and of what. */
  enum Channel {
    TWELVE("imager:v1.13.1", "[amd64, arm64]", "[initramfs, parts, uki]", "", twelve()),
    KEPT("extended:v1.13.1", "[amd64, arm64]", "[initramfs, iso]", "", "ext-02 ext-12"),
    REPLACED("", "[amd64]", "[initramfs]", "existing: replace", "ext-02 ext-12"),
    OLD("imager:v1.7.7", "[amd64]", "[initramfs]", "", "ext-02 ext-12"),
    CARVED("installer:v1.13.1", "[amd64]", "[initramfs]", "", "ext-02");

    private final String base;
    private final String arches;
    private final String outputs;
    private final String more;
    private final String extensions;

    Channel(String base, String arches, String outputs, String more, String extensions) {
      this.base = base;
      this.arches = arches;
      this.outputs = outputs;
      this.more = more;
      this.extensions = extensions;
    }

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    List<Arch> arches() {
      return Arrays.stream(Arch.values()).filter(arch -> arches.contains(arch.id())).toList();
    }

    /** What its release has to serve, with {@code %s} for the architecture. */
    List<String> files() {
      List<String> files = new ArrayList<>(List.of("vmlinuz-%s", "cmdline-%s", "initramfs-%s.xz"));
      if (this == TWELVE) {
        files.addAll(List.of("initramfs-base-%s.xz", "initramfs-extensions-%s.xz", "uki-%s.efi"));
      }
      return files;
    }

    /** As lines of the configuration; extensions come from the fixture's layout. */
    String configuration(int registry) {
      if (this == REPLACED) {
        return """
          replaced: {arch: [amd64], build: {like: kept, existing: replace, outputs: [initramfs]}}
        """;
      }
      return """
        %1$s:
          arch: %2$s
          build:
            base: "127.0.0.1:%3$d/siderolabs/%4$s"
            extensions: [%5$s]
            arguments: [console=ttyAMA0, console=ttyS0, no_timer_check, e2e.channel=%1$s]
            outputs: %6$s
            %7$s
      """
          .formatted(
              id(),
              arches,
              registry,
              base,
              String.join(
                  ", ", extensions().stream().map(tag -> '"' + Fixture.image(tag) + '"').toList()),
              outputs,
              more);
    }

    /** Tags of the fixture's layout. */
    List<String> extensions() {
      return List.of(extensions.split(" "));
    }

    private static String twelve() {
      return IntStream.rangeClosed(1, 12)
          .mapToObj("ext-%02d"::formatted)
          .collect(Collectors.joining(" "));
    }
  }

  Channel channel() {
    return channel;
  }

  /** The name of its group and of its profile. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  Arch arch() {
    return arch;
  }

  String mac() {
    return "52:54:00:e2:e1:%02x".formatted(List.of(values()).indexOf(this));
  }

  boolean hasScript() {
    return start == Start.IPXE;
  }

  /** Its initrd files in the order of its script. */
  List<String> initrds() {
    return this == PARTS ? List.of("initramfs-extensions", "initramfs-base") : List.of("initramfs");
  }

  /** The extensions in it, the last on top, as the fixture calls them. */
  List<String> extensions() {
    List<String> all = new ArrayList<>();
    if (channel == Channel.KEPT) {
      all.add("extended-1");
    }
    all.addAll(channel.extensions());
    return all;
  }

  /** Names of the layers above those: the composition's marker, and an index of kernel modules. */
  List<String> made() {
    return extensions().contains("ext-06")
        ? List.of("schematic", "modules.dep")
        : List.of("schematic");
  }

  /**
   * The command that starts it.
   *
   * @param folder of its own, for files
   */
  List<String> bootvm(Network network, ApplianceProcess appliance, Path folder) {
    String assets = "/assets/talos/" + channel.id() + "/";
    List<String> command = new ArrayList<>(List.of(Script.BOOTVM.path()));
    switch (start) {
      case IPXE -> {
        command.addAll(List.of("bios", "--mac", mac()));
        command.addAll(List.of("--bootfile", network.bootUrl() + "/boot.ipxe"));
      }
      case DISK -> {
        String name = arch == Arch.AMD64 ? "BOOTX64.EFI" : "BOOTAA64.EFI";
        Path program = folder.resolve("disk/EFI/BOOT").resolve(name);
        appliance.fetch(assets + "uki-" + arch.id() + ".efi", program);
        command.addAll(List.of("uefi-" + arch.id(), "--disk", folder.resolve("disk").toString()));
      }
      case CD -> {
        Path image = folder.resolve("talos.iso");
        appliance.fetch(assets + "talos-" + arch.id() + ".iso", image);
        command.addAll(List.of("uefi-" + arch.id(), "--cdrom", image.toString()));
      }
      case MEMORY -> {
        Path kernel = folder.resolve("kernel");
        Path initrd = folder.resolve("initrd");
        appliance.fetch(assets + "vmlinuz-arm64", kernel);
        appliance.fetch(assets + "initramfs-arm64.xz", initrd);
        command.addAll(List.of("direct-arm64", "--append", "console=ttyAMA0"));
        command.addAll(List.of("--kernel", kernel.toString(), "--initrd", initrd.toString()));
      }
    }
    return command;
  }
}
