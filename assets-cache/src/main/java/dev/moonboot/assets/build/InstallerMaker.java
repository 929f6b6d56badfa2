package dev.moonboot.assets.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Recipe.Input;
import dev.moonboot.assets.compose.InstallerImage;
import dev.moonboot.assets.compose.UkiOrder.Purpose;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.registry.Descriptor;
import dev.moonboot.assets.registry.Manifest;
import dev.moonboot.assets.registry.PlatformImage;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Makes the installer image, of one index over the images of all architectures. */
final class InstallerMaker implements OutputMaker {
  private static final int MAX_CONFIG = 1 << 20;

  /** From this minor version on installers hold a unified kernel image and nothing else. */
  private static final int UNIFIED = 10;

  @Override
  public void make(Collection<Workpiece> pieces, InputImages images) throws IOException {
    Map<Arch, Found> manifests = new EnumMap<>(Arch.class);
    for (Workpiece piece : pieces) {
      if (piece.order().wants(Output.INSTALLER)) {
        piece.order().progress().step("compose", "installer image for " + piece.arch().id());
        write(piece, upon(piece, images)).forEach(piece::put);
        manifests.put(piece.arch(), piece.file(InstallerFiles.MANIFEST));
      }
    }
    for (Workpiece piece : pieces) {
      if (!manifests.isEmpty()) {
        Path file = piece.folder("installer-index").resolve("index.json");
        piece.put(InstallerFiles.INDEX, InstallerImage.index(manifests, file));
      }
    }
  }

  private static Map<AssetName, Found> write(Workpiece piece, InstallerImage.Foundation upon)
      throws IOException {
    try {
      return InstallerImage.write(piece.arch(), upon, bootFiles(piece), piece.folder("installer"));
    } catch (IllegalArgumentException e) {
      throw new BuildException(
          "installer base %s: %s".formatted(base(piece).name(), e.getMessage()), e);
    }
  }

  private static Input base(Workpiece piece) {
    return Optional.ofNullable(piece.recipe().installerBase()).orElse(piece.recipe().base());
  }

  private static Map<String, Path> bootFiles(Workpiece piece) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    if (!piece.version().isAtLeast(UNIFIED)) {
      files.put("vmlinuz", piece.file(AssetName.VMLINUZ).file());
      files.put("initramfs.xz", piece.file(AssetName.INITRAMFS).file());
      return files;
    }
    Found loader = piece.tools().loader();
    if (loader == null) {
      throw new BuildException(
          "base %s has no systemd-boot.efi, which an installer image holds; take the imager image"
                  .formatted(piece.recipe().base().name())
              + " of that version as the base");
    }
    Path uki = piece.folder("installer-uki").resolve("vmlinuz.efi");
    files.put("vmlinuz.efi", UnifiedMaker.write(piece, Purpose.INSTALLER, uki).file());
    files.put("systemd-boot.efi", loader.file());
    return files;
  }

  private static InstallerImage.Foundation upon(Workpiece piece, InputImages images)
      throws IOException {
    Input input = base(piece);
    PlatformImage platform = images.platform(input, piece.arch());
    if (platform.diffIds().size() != platform.layers().size()) {
      throw new BuildException(
          "installer base %s has no image configuration: see whether it is an installer image"
              .formatted(input.name()));
    }
    Path folder = piece.folder("installer-base");
    List<InstallerImage.Layer> layers = new ArrayList<>();
    List<Integer> kept =
        InstallerImage.kept(
            IntStream.range(0, platform.layers().size()).boxed().toList(),
            piece.arch(),
            piece.version());
    for (int index : kept) {
      Descriptor layer = platform.layers().get(index);
      Path file = folder.resolve("layer-" + index);
      images.layer(input, piece.arch(), index, file);
      layers.add(
          new InstallerImage.Layer(
              layer.mediaType(),
              layer.digest(),
              layer.size(),
              platform.diffIds().get(index),
              file));
    }
    return new InstallerImage.Foundation(config(input, platform, images), layers);
  }

  private static Json.Obj config(Input input, PlatformImage platform, InputImages images) {
    Registry registry = images.registry(input.image());
    if (registry.manifest(platform.manifest()) instanceof Manifest.Image image) {
      try {
        if (JsonText.parse(new String(registry.read(image.config(), MAX_CONFIG), UTF_8))
            instanceof Json.Obj config) {
          return config;
        }
      } catch (JsonException e) {
        throw new BuildException(
            "installer base %s: its configuration: %s".formatted(input.name(), e.getMessage()), e);
      }
    }
    throw new BuildException(
        "installer base %s has no image configuration".formatted(input.name()));
  }
}
