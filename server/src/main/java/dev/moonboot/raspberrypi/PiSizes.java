package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What does not arrive over TFTP where the boot loader cannot count further than 65,535 blocks, as
 * those in EEPROMs from before 2025-09-23. They ask for blocks of 1,468 bytes, before 2022-10 of
 * 1,024.
 */
final class PiSizes {
  private static final long MOST_BLOCKS = 65_535;
  private static final long OLDER = MOST_BLOCKS * 1024;
  private static final long OLD = MOST_BLOCKS * 1468;

  private PiSizes() {}

  /** One line for each file of the release that is too large for some boards, for people. */
  static List<String> warnings(Release release) {
    return Stream.of(AssetName.IMAGE, AssetName.INITRAMFS)
        .flatMap(name -> release.asset(Arch.ARM64, name).stream())
        .flatMap(asset -> warning(asset).stream())
        .toList();
  }

  private static Optional<String> warning(Asset asset) {
    if (asset.size() <= OLDER) {
      return Optional.empty();
    }
    boolean forAll = asset.size() > OLD;
    return Optional.of(
        "%s has %.1f MiB: a Raspberry Pi with an EEPROM from before %s gets no more than %s of a file over TFTP; update its EEPROM, or boot it by way of U-Boot or UEFI"
            .formatted(
                asset.name().fileName(),
                asset.size() / 1048576.0,
                forAll ? "2025-09-23" : "2022-10",
                forAll ? "91.7 MiB" : "64 MiB"));
  }
}
