package dev.moonboot.talos;

import dev.moonboot.config.ConfigReader;
import dev.moonboot.config.Kind;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where Talos may tell of itself.
 *
 * @param kernelLog where its kernel log is taken in; null when it is not
 * @param events where its events are taken in; null when they are not
 */
public record TalosConfig(
    @Nullable InetSocketAddress kernelLog, @Nullable InetSocketAddress events) {
  /** Reads the section {@code talos}. */
  public static TalosConfig read(ConfigReader in) {
    return new TalosConfig(
        in.optional(
                "kernel-log",
                "where nodes send their kernel log (talos.logging.kernel=tcp://...); off unless"
                    + " this is set",
                Kind.ADDRESS)
            .orElse(null),
        in.optional(
                "events",
                "where nodes send Talos's events (talos.events.sink=...); off unless this is set",
                Kind.ADDRESS)
            .orElse(null));
  }
}
