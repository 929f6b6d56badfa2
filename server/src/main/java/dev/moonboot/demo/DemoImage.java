package dev.moonboot.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.compose.UkiWriter;
import dev.moonboot.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image in the shape of a Talos {@code installer} since 1.10, for arm64 and amd64: a base layer
 * that nobody needs, and one with nothing but a UKI. Made on the spot, the same for a version each
 * time, and labelled as a demo wherever there is a label.
 *
 * @param index digest of the image
 * @param manifests index and manifests, by digest
 * @param blobs configurations and layers, by digest
 */
record DemoImage(Digest index, Map<Digest, Content> manifests, Map<Digest, Content> blobs) {
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";

  /** Bytes with their media type. */
  @SuppressWarnings("ArrayRecordComponent") // told apart by digest, never compared
  record Content(String mediaType, byte[] bytes) {
    Digest digest() {
      return Digest.of(bytes);
    }

    Json.Obj descriptor(Map<String, Json> more) {
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("mediaType", new Json.Str(mediaType));
      members.put("digest", new Json.Str(digest().toString()));
      members.put("size", Json.Num.of(bytes.length));
      members.putAll(more);
      return new Json.Obj(members);
    }
  }

  /** The command line that the UKI carries, as Talos's own of that time does. */
  private static final String CMDLINE =
      "talos.platform=metal console=tty0 slab_nomerge pti=on consoleblank=0 printk.devkmsg=on"
          + " selinux=1 module.sig_enforce=1 proc_mem.force_override=never";

  /** Makes the image of a version such as {@code v0.0.1-demo}. */
  static DemoImage of(String version) {
    Map<Digest, Content> manifests = new LinkedHashMap<>();
    Map<Digest, Content> blobs = new LinkedHashMap<>();
    List<Json> platforms = new ArrayList<>();
    for (Arch arch : List.of(Arch.ARM64, Arch.AMD64)) {
      Content manifest = manifest(arch, version, blobs);
      manifests.put(manifest.digest(), manifest);
      platforms.add(manifest.descriptor(Map.of("platform", platform(arch))));
    }
    Content index =
        json(
            INDEX,
            members(
                "schemaVersion", Json.Num.of(2),
                "mediaType", new Json.Str(INDEX),
                "manifests", new Json.Arr(platforms)));
    manifests.put(index.digest(), index);
    return new DemoImage(index.digest(), manifests, blobs);
  }

  private static Content manifest(Arch arch, String version, Map<Digest, Content> blobs) {
    byte[] base = baseLayer(arch);
    byte[] boot = bootLayer(arch, version);
    List<Content> layers = new ArrayList<>();
    List<Json> diffIds = new ArrayList<>();
    for (byte[] tar : List.of(base, boot)) {
      Content layer = new Content(LAYER, DemoKernel.gzip(tar));
      blobs.put(layer.digest(), layer);
      layers.add(layer);
      diffIds.add(new Json.Str(Digest.of(tar).toString()));
    }
    Content config = config(arch, version, diffIds);
    blobs.put(config.digest(), config);
    return json(
        MANIFEST,
        members(
            "schemaVersion",
            Json.Num.of(2),
            "mediaType",
            new Json.Str(MANIFEST),
            "config",
            config.descriptor(Map.of()),
            "layers",
            new Json.Arr(layers.stream().<Json>map(layer -> layer.descriptor(Map.of())).toList())));
  }

  private static Content config(Arch arch, String version, List<Json> diffIds) {
    Json.Obj labels =
        members(
            "org.opencontainers.image.version", new Json.Str(version),
            "org.opencontainers.image.title", new Json.Str("moonboot demo payload, not Talos"));
    Map<String, Json> config = new LinkedHashMap<>(platform(arch).members());
    config.put("config", members("Labels", labels));
    config.put(
        "rootfs", members("type", new Json.Str("layers"), "diff_ids", new Json.Arr(diffIds)));
    return json(CONFIG, new Json.Obj(config));
  }

  private static Json.Obj platform(Arch arch) {
    return members("architecture", new Json.Str(arch.id()), "os", new Json.Str("linux"));
  }

  private static byte[] baseLayer(Arch arch) {
    String text = "stands for the installer program of " + arch.id() + "; moonboot demo\n";
    return new TarWriter().file("usr/bin/installer", 0755, text.getBytes(UTF_8)).toByteArray();
  }

  private static byte[] bootLayer(Arch arch, String version) {
    String release = "6.18.0-" + version;
    byte[] uki =
        new UkiWriter(UkiWriter.returningStub(arch))
            .section(".osrel", osRelease(version).getBytes(UTF_8))
            .section(".cmdline", CMDLINE.getBytes(UTF_8))
            .section(".uname", release.getBytes(UTF_8))
            .section(".linux", DemoKernel.of(arch, release))
            .section(".initrd", DemoInitramfs.of(arch, version))
            .toByteArray();
    return new TarWriter()
        .file("usr/install/" + arch.id() + "/systemd-boot.efi", 0, UkiWriter.returningStub(arch))
        .file("usr/install/" + arch.id() + "/vmlinuz.efi", 0, uki)
        .toByteArray();
  }

  private static String osRelease(String version) {
    return """
    NAME="moonboot demo payload, not Talos"
    ID=talos
    VERSION_ID=%s
    PRETTY_NAME="moonboot demo payload, not Talos (%s)"
    """
        .formatted(version, version);
  }

  private static Content json(String mediaType, Json.Obj json) {
    return new Content(mediaType, json.compact().getBytes(UTF_8));
  }

  private static Json.Obj members(String name, Json value) {
    return new Json.Obj(Map.of(name, value));
  }

  private static Json.Obj members(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }
}
