package dev.moonboot.firmware;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Files that no Raspberry Pi is given, whatever folder or release they lie in.
 *
 * <ul>
 *   <li>{@code pieeprom.*}: its boot loader writes them to its own EEPROM when their time stamp is
 *       newer (self-update, on unless {@code ENABLE_SELF_UPDATE=0});
 *   <li>{@code vl805.*}: the same, to the flash memory of the USB controller;
 *   <li>{@code recovery.bin}: the boot ROM runs it in place of the EEPROM, and it writes the
 *       EEPROM;
 *   <li>{@code recovery*.elf}, {@code recover4.elf}, {@code recovery*.img}: flash nothing, but are
 *       started in place of {@code start4.elf} and of the kernel wherever they are found: a
 *       recovery system that may partition the SD card, and not what the profile says.
 * </ul>
 */
public final class FlashedFiles {
  private static final Pattern NAME =
      Pattern.compile("(pieeprom|vl805|recovery)([.0-9_-].*)?|recover[0-9]*\\.elf");

  private FlashedFiles() {}

  /** True for such a file, in upper or lower case, in whatever folder. */
  public static boolean isOne(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return NAME.matcher(name).matches();
  }
}
