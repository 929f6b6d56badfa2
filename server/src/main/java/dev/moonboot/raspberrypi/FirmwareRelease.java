package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.firmware.NodeFile;
import java.util.Map;
import java.util.Optional;

/** Firmware of one release. */
record FirmwareRelease(String channel, Release release) implements PiFirmware {
  @Override
  public Optional<NodeFile> find(String path) {
    return Optional.of(path)
        .filter(AssetName::isFile)
        .flatMap(file -> release.asset(Arch.ARM64, AssetName.file(file)))
        .map(asset -> new NodeFile.OfRelease(asset, release));
  }

  @Override
  public Map<String, Digest> named() {
    return Map.of(channel, release.digest());
  }
}
