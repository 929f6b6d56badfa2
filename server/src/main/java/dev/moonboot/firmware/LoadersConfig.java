package dev.moonboot.firmware;

import dev.moonboot.config.ConfigReader;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where boot programs come from.
 *
 * @param folder of iPXE binaries, offered by name; may be missing
 * @param channel whose releases hold them, and win over the folder; null for none
 */
public record LoadersConfig(Path folder, @Nullable String channel) {
  /** Where Debian's package {@code ipxe} puts its binaries. */
  public static final Path DEBIAN = Path.of("/usr/lib/ipxe");

  /** That folder alone. */
  public static final LoadersConfig DEFAULT = new LoadersConfig(DEBIAN, null);

  /**
   * Reads the section {@code loaders}.
   *
   * @param channels the names of those that hold loaders
   */
  public static LoadersConfig read(ConfigReader in, Set<String> channels) {
    Path folder = in.path("folder", "the folder of iPXE binaries to serve; may be missing", DEBIAN);
    String channel =
        in.string(
            "channel",
            "the channel whose images hold iPXE binaries; wins over the folder where it has the"
                + " file",
            "");
    if (!channel.isEmpty() && !channels.contains(channel)) {
      in.problem(
          "channel",
          "no channel called %s has content: loaders; %s"
              .formatted(
                  channel,
                  channels.isEmpty() ? "none has" : "there are: " + String.join(", ", channels)));
    }
    return new LoadersConfig(folder, channel.isEmpty() ? null : channel);
  }
}
