package dev.moonboot.assets.extract;

import dev.moonboot.assets.UkiLines;
import dev.moonboot.assets.extract.BootFiles.Found;
import java.util.List;

/** What was kept of a file's content while its layer went by. */
sealed interface Captured {
  /** Nothing: its path said nothing to us. To have it the layer must be read again. */
  record Passed() implements Captured {}

  /** The file, written as it is. */
  record Whole(Found file) implements Captured {}

  /** A unified kernel image and the parts cut out of it, all written in one go. */
  record Uki(
      UkiReader header, Found image, Found kernel, Found initramfs, UkiTexts texts, UkiLines lines)
      implements Captured {}

  /** The text sections of a UKI; each empty where there is no such section. */
  record UkiTexts(String cmdline, String osRelease) {}

  /** A small text. */
  record Text(String text) implements Captured {}

  /** The content will not do, and so was not kept. */
  record Refused(String why) implements Captured {}

  /** The files that hold this. */
  default List<Found> files() {
    return switch (this) {
      case Whole(var file) -> List.of(file);
      case Uki uki -> List.of(uki.image(), uki.kernel(), uki.initramfs());
      case Passed _, Text _, Refused _ -> List.of();
    };
  }
}
