package dev.moonboot.admin;

import dev.moonboot.assets.Release;
import dev.moonboot.json.Json;
import dev.moonboot.release.Pin;
import java.util.Optional;

/** Pins as they are told. */
final class PinJson {
  private PinJson() {}

  /**
   * @param release what it is pinned to; empty when that is not held
   */
  static Json.Obj of(Pin pin, Optional<Release> release) {
    return new Members()
        .text("profile", pin.profile())
        .text("channel", pin.channel())
        .text("release", pin.release())
        .text("version", release.map(Release::version))
        .flag("held", release.isPresent())
        .text("reason", pin.reason())
        .text("by", pin.by().id())
        .text("since", pin.since())
        .text("expires", pin.expires())
        .text("replaced", pin.replaced())
        .number("revision", pin.revision())
        .json();
  }
}
