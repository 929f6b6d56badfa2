package dev.moonboot.assets.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.StoredTar;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The image that {@code talosctl upgrade --image} takes: the layers of an installer that Talos
 * made, and upon them one layer with our boot files (siderolabs/talos, pkg/imager/out.go).
 *
 * <p>Our layer is a plain tar, not a packed one: what deflate writes depends on the zlib that a
 * Java runtime is linked with, and what is in it is packed already. So equal boot files give an
 * equal image on every machine.
 */
public final class InstallerImage {
  private static final String TAR = "application/vnd.oci.image.layer.v1.tar";
  private static final String EPOCH = "1970-01-01T00:00:00Z";

  /** What Docker calls layers, and what was not to be given away, by what OCI calls the same. */
  private static final Map<String, String> LAYER_TYPES =
      Map.of(
          "application/vnd.docker.image.rootfs.diff.tar", TAR,
          "application/vnd.docker.image.rootfs.diff.tar.gzip", TAR + "+gzip",
          "application/vnd.docker.image.rootfs.diff.tar.zstd", TAR + "+zstd",
          "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", TAR + "+gzip",
          "application/vnd.oci.image.layer.nondistributable.v1.tar", TAR,
          "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", TAR + "+gzip",
          "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", TAR + "+zstd");

  private InstallerImage() {}

  /**
   * A layer as a registry gave it.
   *
   * @param mediaType as the manifest names it
   * @param digest of the file
   * @param size of the file, in bytes
   * @param diffId digest of what is packed in it
   * @param file where it is; stays as it is
   */
  public record Layer(String mediaType, Digest digest, long size, Digest diffId, Path file) {}

  /**
   * What the boot files are put upon.
   *
   * @param config the image configuration, of which only the section {@code config} counts
   * @param layers those of {@link #kept}, lowest first
   */
  public record Foundation(Json.Obj config, List<Layer> layers) {
    public Foundation {
      layers = List.copyOf(layers);
    }
  }

  /**
   * Which layers of an installer the boot files are put upon: the first of two, since the second
   * holds Talos's own boot files, and else all. Before Talos 1.7 that of arm64 has the firmware and
   * device trees of boards besides, which the installer copies, and so it stays.
   */
  public static <T> List<T> kept(List<T> layers, Arch arch, TalosVersion version) {
    boolean boards = arch == Arch.ARM64 && !version.isAtLeast(7);
    return layers.size() == 2 && !boards ? List.of(layers.getFirst()) : List.copyOf(layers);
  }

  /**
   * Writes the image of one architecture.
   *
   * @param bootFiles what is to stand below {@code usr/install/<arch>/}, by name: {@code
   *     vmlinuz.efi} and {@code systemd-boot.efi}, before Talos 1.10 {@code vmlinuz} and {@code
   *     initramfs.xz}
   * @param folder an empty one, on the same file system as the layers, to write into
   * @return all files of the image but the {@link #index}
   * @throws IllegalArgumentException when a layer of the foundation is of a kind that is not known
   * @throws ComposeException when what was written is not what was meant
   */
  public static Map<AssetName, Found> write(
      Arch arch, Foundation upon, Map<String, Path> bootFiles, Path folder) throws IOException {
    Map<AssetName, Found> files = new LinkedHashMap<>();
    List<Json> layers = new ArrayList<>();
    List<Json> diffIds = new ArrayList<>();
    for (Layer layer : upon.layers()) {
      Found linked = link(layer, folder.resolve("layer-" + layers.size()));
      files.put(InstallerFiles.layer(layers.size()), linked);
      layers.add(descriptor(layerType(layer.mediaType()), linked));
      diffIds.add(new Json.Str(layer.diffId().toString()));
    }
    Found ours = layer(arch, new TreeMap<>(bootFiles), folder.resolve("layer-" + layers.size()));
    files.put(InstallerFiles.layer(layers.size()), ours);
    layers.add(descriptor(TAR, ours));
    diffIds.add(new Json.Str(ours.digest().toString()));
    Found config = text(folder.resolve("config.json"), config(arch, upon, diffIds));
    files.put(InstallerFiles.CONFIG, config);
    Json.Obj manifest =
        object(
            "schemaVersion",
            Json.Num.of(2),
            "mediaType",
            new Json.Str(InstallerFiles.MANIFEST_TYPE),
            "config",
            descriptor(InstallerFiles.CONFIG_TYPE, config),
            "layers",
            new Json.Arr(layers));
    files.put(InstallerFiles.MANIFEST, text(folder.resolve("manifest.json"), manifest));
    return files;
  }

  private static String layerType(String mediaType) {
    String type = LAYER_TYPES.getOrDefault(mediaType, mediaType);
    if (!type.equals(TAR) && !type.equals(TAR + "+gzip") && !type.equals(TAR + "+zstd")) {
      throw new IllegalArgumentException(
          "a layer of the installer's base is of type " + mediaType + ", which is no packed tar");
    }
    return type;
  }

  /** The same bytes under a name of our own: whoever takes it away must not take the pulled one. */
  private static Found link(Layer layer, Path to) throws IOException {
    try {
      Files.createLink(to, layer.file());
    } catch (UnsupportedOperationException e) {
      Files.copy(layer.file(), to);
    }
    return new Found(to, layer.size(), layer.digest(), "layer " + layer.digest() + " of the base");
  }

  private static Found layer(Arch arch, SortedMap<String, Path> bootFiles, Path to)
      throws IOException {
    String folder = "usr/install/" + arch.id();
    WrittenFile file = new WrittenFile(to);
    try (file;
        TarWriter tar = new TarWriter(file)) {
      tar.directory("usr");
      tar.directory("usr/install");
      tar.directory(folder);
      for (var entry : bootFiles.entrySet()) {
        try (InputStream in = Files.newInputStream(entry.getValue())) {
          tar.file(folder + "/" + entry.getKey(), Files.size(entry.getValue()), in);
        }
      }
    }
    check(folder, bootFiles, to);
    return file.found(String.join(", ", bootFiles.keySet()));
  }

  /** Reads our layer again, as whoever unpacks it will. */
  static void check(String folder, SortedMap<String, Path> bootFiles, Path layer)
      throws IOException {
    List<StoredTar.Entry> wanted = new ArrayList<>();
    for (String directory : List.of("usr/", "usr/install/", folder + "/")) {
      wanted.add(new StoredTar.Entry(directory, 0755, null));
    }
    for (var file : bootFiles.entrySet()) {
      Digest digest = Digest.ofFile(file.getValue());
      wanted.add(new StoredTar.Entry(folder + "/" + file.getKey(), 0644, digest));
    }
    try {
      List<StoredTar.Entry> found = StoredTar.entries(layer);
      if (!found.equals(wanted)) {
        throw new ComposeException(
            "the composed installer image would not install what was meant, so it is not published: %s, not %s. Report this"
                .formatted(found, wanted));
      }
    } catch (ExtractException e) {
      throw new ComposeException(
          "the composed installer image cannot be unpacked, so it is not published: %s. Report this"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static Json.Obj config(Arch arch, Foundation upon, List<Json> diffIds) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("created", new Json.Str(EPOCH));
    members.put("architecture", new Json.Str(arch.id()));
    members.put("os", new Json.Str("linux"));
    upon.config().object("config").ifPresent(config -> members.put("config", config));
    Json type = new Json.Str("layers");
    members.put("rootfs", object("type", type, "diff_ids", new Json.Arr(diffIds)));
    return new Json.Obj(members);
  }

  /**
   * Writes the index over the images of all architectures, which is a file of each of them: call it
   * once for each, with another file, and the bytes are the same.
   *
   * @param manifests {@link InstallerFiles#MANIFEST} of each
   */
  public static Found index(Map<Arch, Found> manifests, Path file) throws IOException {
    List<Json> entries = new ArrayList<>();
    new TreeMap<>(manifests)
        .forEach((arch, manifest) -> {
          var members =
              new LinkedHashMap<>(descriptor(InstallerFiles.MANIFEST_TYPE, manifest).members());
          members.put(
              "platform",
              object("architecture", new Json.Str(arch.id()), "os", new Json.Str("linux")));
          entries.add(new Json.Obj(members));
        });
    Json.Obj index =
        object(
            "schemaVersion", Json.Num.of(2),
            "mediaType", new Json.Str(InstallerFiles.INDEX_TYPE),
            "manifests", new Json.Arr(entries));
    return text(file, index);
  }

  private static Json.Obj descriptor(String type, Found of) {
    return object(
        "mediaType", new Json.Str(type),
        "digest", new Json.Str(of.digest().toString()),
        "size", Json.Num.of(of.size()));
  }

  private static Json.Obj object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }

  private static Found text(Path file, Json.Obj content) throws IOException {
    return WrittenFile.write(file, content.compact().getBytes(UTF_8), "made here");
  }
}
