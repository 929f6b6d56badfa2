package dev.moonboot.assets.compose;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes an installer image far larger than the heap, in a process of its own. */
final class InstallerHeapMain {
  private static final long MEBIBYTE = 1 << 20;

  private InstallerHeapMain() {}

  /** Works in the folder that is its argument. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Path base = empty(folder.resolve("base"), 150 * MEBIBYTE);
    var nothing = Digest.of(new byte[0]);
    var layer =
        new InstallerImage.Layer(
            "application/vnd.oci.image.layer.v1.tar+gzip",
            nothing,
            Files.size(base),
            nothing,
            base);
    Json.Obj config = (Json.Obj) JsonText.parse("{\"config\":{}}");
    Map<AssetName, Found> files =
        InstallerImage.write(
            Arch.ARM64,
            new InstallerImage.Foundation(config, List.of(layer)),
            Map.of("vmlinuz.efi", empty(folder.resolve("uki"), 300 * MEBIBYTE)),
            Files.createDirectory(folder.resolve("made")));
    Found ours = Objects.requireNonNull(files.get(InstallerFiles.layer(1)));
    System.out.println(files.size() + " files, a layer of " + ours.size() / MEBIBYTE + " MiB");
  }

  /** Takes no room on the disk. */
  private static Path empty(Path file, long bytes) throws IOException {
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(bytes);
    }
    return file;
  }
}
