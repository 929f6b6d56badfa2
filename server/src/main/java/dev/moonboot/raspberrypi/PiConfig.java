package dev.moonboot.raspberrypi;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the firmware of Raspberry Pis comes from.
 *
 * @param channel name of a channel of content firmware; empty for none
 * @param folder of the same files, for what the channel has not; null for none
 * @param uefi folder with {@code RPI_EFI.fd} and what belongs to it; null for none
 */
public record PiConfig(String channel, @Nullable Path folder, @Nullable Path uefi) {
  /** Nothing for Raspberry Pis. */
  public static final PiConfig NONE = new PiConfig("", null, null);

  /**
   * Reads the section {@code raspberry-pi}.
   *
   * @param channels the names of those that hold firmware
   */
  public static PiConfig read(ConfigReader in, Set<String> channels) {
    String channel =
        in.string(
            "firmware",
            "the channel whose images hold the firmware of Raspberry Pis; wins over the folder where"
                + " it has the file",
            "");
    if (!channel.isEmpty() && !channels.contains(channel)) {
      in.problem(
          "firmware",
          "no channel called %s has content: firmware; %s"
              .formatted(
                  channel,
                  channels.isEmpty() ? "none has" : "there are: " + String.join(", ", channels)));
    }
    return new PiConfig(
        channel,
        folder(
            in,
            "folder",
            "a folder of the same files (start4.elf, overlays/, u-boot.bin); empty for none"),
        folder(in, "uefi", "a folder with RPI_EFI.fd and what belongs to it; empty for none"));
  }

  private static @Nullable Path folder(ConfigReader in, String key, String what) {
    Path path = in.value(key, what, Path.of(""), Kind.PATH, List.of());
    return path.toString().isEmpty() ? null : in.resolve(path);
  }

  /** Whether there is any firmware to be had. */
  public boolean isOn() {
    return !channel.isEmpty() || folder != null || uefi != null;
  }
}
