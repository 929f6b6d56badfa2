package dev.moonboot.assets.extension;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.extension.ExtensionLint.Target;
import java.util.regex.Pattern;

/**
 * Files that do not hide one another: microcode of all extensions is put together, and the lists of
 * kernel modules are made anew.
 */
final class MadeFiles {
  private final Pattern microcode;
  private final Pattern lists;
  private final boolean early; // arm64 has no microcode: there it is firmware as any other

  MadeFiles(Target target) {
    String firmware = Pattern.quote(UsrMerge.firmware(target.talos()));
    this.microcode =
        Pattern.compile(firmware + "/(intel-ucode/[^/]+|amd-ucode/microcode_amd[^/]*\\.bin)");
    this.lists =
        Pattern.compile(Pattern.quote(UsrMerge.modules(target.talos())) + "/[^/]+/modules\\.[^/]+");
    this.early = target.arch() == Arch.AMD64;
  }

  boolean has(String path) {
    return (early && microcode.matcher(path).matches()) || lists.matcher(path).matches();
  }
}
