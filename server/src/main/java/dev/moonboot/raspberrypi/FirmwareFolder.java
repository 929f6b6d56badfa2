package dev.moonboot.raspberrypi;

import dev.moonboot.assets.Digest;
import dev.moonboot.firmware.FolderTable;
import dev.moonboot.firmware.NodeFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Firmware of a folder. */
final class FirmwareFolder implements PiFirmware {
  private static final String TYPE = "application/octet-stream";

  private final FolderTable files;

  FirmwareFolder(Path folder) {
    this.files = new FolderTable(folder);
  }

  @Override
  public Optional<NodeFile> find(String path) {
    return file(path).map(file -> new NodeFile.OnDisk(file, TYPE));
  }

  /** Where the file of that name is. May wait for the disk. */
  Optional<Path> file(String path) {
    return files.exact(path);
  }

  @Override
  public Map<String, Digest> named() {
    return Map.of();
  }
}
