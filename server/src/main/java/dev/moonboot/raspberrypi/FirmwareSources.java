package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Release;
import dev.moonboot.profile.PiBoot.Way;
import dev.moonboot.release.Releases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where firmware comes from: the head of a channel, then a folder; for UEFI its folder first. */
final class FirmwareSources {
  /** What there is now for one of the ways to boot. */
  sealed interface State {
    record There(PiFirmware files) implements State {}

    /** The channel has no release yet, or it is damaged and fetched again. */
    record NotReady(String channel) implements State {}

    record Missing(String why) implements State {}
  }

  /** Of a Raspberry Pi 4, 3 and 5, in that order: each needs one of them. */
  private static final List<String> BOOT_LOADERS =
      List.of("start4.elf", "start.elf", "bcm2712-rpi-5-b.dtb");

  private final String channel;
  private final Releases releases;
  private final @Nullable FirmwareFolder folder;
  private final @Nullable FirmwareFolder uefi;

  FirmwareSources(PiConfig config, Releases releases) {
    this.channel = config.channel();
    this.releases = releases;
    this.folder = config.folder() == null ? null : new FirmwareFolder(config.folder());
    this.uefi = config.uefi() == null ? null : new FirmwareFolder(config.uefi());
  }

  /** The files for that way as they are now, to be kept for a whole boot. */
  State now(Way way) {
    List<PiFirmware> sources = new ArrayList<>();
    if (way == Way.UEFI && uefi != null) {
      sources.add(uefi);
    }
    if (!channel.isEmpty()) {
      Optional<Release> head = releases.servableHead(channel);
      if (head.isEmpty()) {
        return new State.NotReady(channel);
      }
      sources.add(new FirmwareRelease(channel, head.get()));
    }
    if (folder != null) {
      sources.add(folder);
    }
    PiFirmware files = PiFirmware.of(sources);
    return lacks(way, files, sources.isEmpty())
        .<State>map(State.Missing::new)
        .orElseGet(() -> new State.There(files));
  }

  private static Optional<String> lacks(Way way, PiFirmware files, boolean none) {
    if (none) {
      return Optional.of("no Raspberry Pi firmware: set raspberry-pi.firmware");
    }
    return switch (way) {
      case KERNEL -> Optional.empty();
      case U_BOOT ->
          files.find(ConfigTxt.U_BOOT).isPresent()
              ? Optional.empty()
              : Optional.of("the Raspberry Pi firmware has no " + ConfigTxt.U_BOOT);
      case UEFI ->
          files.find(ConfigTxt.UEFI).isPresent()
              ? Optional.empty()
              : Optional.of("no " + ConfigTxt.UEFI + ": set raspberry-pi.uefi");
    };
  }

  /** What is missing for any board to boot, and what to do; nothing while a channel is awaited. */
  List<String> problems() {
    return switch (now(Way.KERNEL)) {
      case State.NotReady _ -> List.of();
      case State.Missing(var why) -> uefi == null ? List.of(why) : List.of();
      case State.There(var files) ->
          BOOT_LOADERS.stream().anyMatch(name -> files.find(name).isPresent())
              ? List.of()
              : List.of(
                  "the firmware has none of "
                      + String.join(", ", BOOT_LOADERS)
                      + ": raspberry-pi.folder wants what lies in firmware/boot of Talos's overlay,"
                      + " and raspberry-pi.firmware such an image");
    };
  }

  /** A file of the folder for UEFI. */
  Optional<Path> ofUefi(String name) {
    return uefi == null ? Optional.empty() : uefi.file(name);
  }

  /** A file that any Raspberry Pi may have, whatever it boots. */
  Optional<PiFirmware> any() {
    return now(Way.KERNEL) instanceof State.There(var files)
        ? Optional.of(files)
        : Optional.empty();
  }
}
