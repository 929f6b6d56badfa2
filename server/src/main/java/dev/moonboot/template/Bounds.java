package dev.moonboot.template;

import java.time.Duration;

/**
 * What a rendering may take, whatever the template does.
 *
 * @param output bytes of UTF-8 it may write
 * @param time how long it may run
 */
public record Bounds(int output, Duration time) {
  /** 256 KiB and 100 ms. */
  public static final Bounds DEFAULT = new Bounds(256 << 10, Duration.ofMillis(100));
}
