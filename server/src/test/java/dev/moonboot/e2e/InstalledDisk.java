package dev.moonboot.e2e;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The EFI system partition of a node that was installed from an image, as Talos's installer lays it
 * out with systemd-boot: the loader, and the UKI where the loader looks for it.
 */
final class InstalledDisk {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private InstalledDisk() {}

  /**
   * Takes out of an image what its installer would write.
   *
   * @param layout an OCI image layout with one image, for several architectures
   * @param folder an empty one; the partition's files come into it
   */
  static void install(Path layout, Path folder) throws IOException {
    Json.Obj index = json(layout.resolve("index.json"));
    Json.Obj image = blob(layout, first(index, "manifests"));
    Json.Obj manifest = blob(layout, ofAmd64(image));
    List<Json> layers = manifest.array("layers").orElseThrow();
    Path layer = file(layout, (Json.Obj) layers.getLast());
    Path out = Files.createDirectory(folder.resolveSibling("layer"));
    Running.run(
        List.of("tar", "-xf", layer.toString(), "-C", out.toString()),
        folder.resolveSibling("tar.log"),
        LIMIT);
    Path boot = Files.createDirectories(folder.resolve("EFI/BOOT"));
    Path linux = Files.createDirectories(folder.resolve("EFI/Linux"));
    Path install = out.resolve("usr/install/amd64");
    Files.copy(install.resolve("systemd-boot.efi"), boot.resolve("BOOTX64.EFI"));
    Files.copy(install.resolve("vmlinuz.efi"), linux.resolve("Talos-v1.13.9.efi"));
  }

  private static Json.Obj ofAmd64(Json.Obj image) {
    return image.array("manifests").orElseThrow().stream()
        .map(Json.Obj.class::cast)
        .filter(entry ->
            entry
                .object("platform")
                .flatMap(of -> of.text("architecture"))
                .orElse("")
                .equals("amd64"))
        .findFirst()
        .orElseThrow();
  }

  private static Json.Obj first(Json.Obj index, String name) {
    return (Json.Obj) index.array(name).orElseThrow().getFirst();
  }

  private static Json.Obj blob(Path layout, Json.Obj descriptor) throws IOException {
    return json(file(layout, descriptor));
  }

  private static Path file(Path layout, Json.Obj descriptor) {
    String digest = descriptor.text("digest").orElseThrow();
    return layout.resolve("blobs").resolve(digest.replace(':', '/'));
  }

  private static Json.Obj json(Path file) throws IOException {
    return (Json.Obj) JsonText.parse(Files.readString(file));
  }
}
