package dev.moonboot.raspberrypi;

import static dev.moonboot.assets.Arch.ARM64;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.firmware.Asker;
import dev.moonboot.firmware.NodeFile;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootFilter;
import dev.moonboot.journal.BootLog;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Sightings;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.release.LastScripts;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import dev.moonboot.release.SampleReleases;
import dev.moonboot.release.Served;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Profiles, releases and firmware in a temporary folder, and the tree that Raspberry Pis see. */
final class PiLab {
  static final String SERIAL = "91cdf03d";
  static final String MAC = "dc:a6:32:e2:e0:01";
  static final String ADDRESS = "10.77.0.141";
  static final String CHANNEL = "custom";
  static final String FIRMWARE = "pi-firmware";

  final Path folder;
  final Path firmware;
  final Path uefi;
  final Releases releases;
  final Served served = new Served();
  final Sightings seen = new Sightings();
  final Map<String, MacAddress> neighbours = new HashMap<>();
  final BootLog boots = new BootLog();
  final AtomicLong nanos = new AtomicLong(1);
  Filling filling = (answer, _, _, _) -> answer;
  private Catalog catalog;

  PiLab(Path folder) {
    this.folder = folder;
    this.firmware = folder.resolve("firmware");
    this.uefi = folder.resolve("uefi");
    this.releases =
        new Releases(
            List.of(
                SampleReleases.channel(CHANNEL, ARM64), SampleReleases.channel(FIRMWARE, ARM64)),
            CHANNEL);
    for (String kind : List.of("groups", "profiles")) {
      try {
        Files.createDirectories(folder.resolve("data").resolve(kind));
        Files.createDirectories(firmware);
        Files.createDirectories(uefi);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    this.catalog = Catalog.EMPTY;
  }

  static PiLab in(Path folder) {
    PiLab lab = new PiLab(folder);
    lab.releases.advance(CHANNEL, List.of(lab.release("one")));
    for (String name :
        List.of(
            "bootcode.bin",
            "start4.elf",
            "fixup4.dat",
            "u-boot.bin",
            "start.elf",
            "fixup.dat",
            "bcm2711-rpi-4-b.dtb",
            "bcm2712-rpi-5-b.dtb",
            "bcm2710-rpi-3-b.dtb",
            "overlays/overlay_map.dtb",
            "overlays/disable-bt.dtbo",
            "overlays/disable-wifi.dtbo")) {
      lab.firmware(name);
    }
    lab.profile("{\"id\": \"pi\", \"profile\": \"pi\"}", "");
    return lab;
  }

  PiLab firmware(String name) {
    return file(firmware.resolve(name), "firmware " + name);
  }

  PiLab file(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes this the only group and profile.
   *
   * @param raspberryPi the member of the profile; empty for none
   */
  PiLab profile(String group, String raspberryPi) {
    return profile(
        group, raspberryPi, "\"initrd=initramfs.xz\", \"{cmdline}\", \"console=ttyAMA0\"");
  }

  PiLab profile(String group, String raspberryPi, String args) {
    file(folder.resolve("data/groups/pi.json"), group);
    return file(
            folder.resolve("data/profiles/pi.json"),
            """
            {"id": "pi",%s
             "boot": {"kernel": "--name vmlinuz /assets/talos/custom/vmlinuz-arm64",
                      "initrd": ["--name initramfs.xz /assets/talos/custom/initramfs-${buildarch}.xz"],
                      "args": [%s]}}
            """
                .formatted(
                    raspberryPi.isEmpty()
                        ? ""
                        : " \"moonboot\": {\"raspberry_pi\": " + raspberryPi + "},",
                    args))
        .profileAgain();
  }

  /** Reads groups and profiles again. */
  PiLab profileAgain() {
    catalog = new CatalogReader(folder.resolve("data")).read();
    if (!catalog.problems().isEmpty()) {
      throw new AssertionError(catalog.problems().toString());
    }
    return this;
  }

  /** A release for arm64 with a raw kernel; each file says what it is. */
  Release release(String seed) {
    return release(
        seed,
        Map.of(
            AssetName.VMLINUZ, seed + " zboot",
            AssetName.IMAGE, seed + " Image",
            AssetName.INITRAMFS, seed + " initramfs",
            AssetName.CMDLINE, "talos.platform=metal seed=" + seed,
            AssetName.RECORD, "{}"));
  }

  Release release(String seed, Map<AssetName, String> texts) {
    Map<AssetName, Asset> assets = new HashMap<>();
    texts.forEach((name, text) -> assets.put(name, asset(name, text.getBytes(UTF_8))));
    return release(seed, assets, Instant.EPOCH);
  }

  static Release release(String seed, Map<AssetName, Asset> assets, Instant at) {
    var build =
        new Build(
            Digest.of((seed + "m").getBytes(UTF_8)),
            List.of(),
            "test",
            "v1",
            "",
            List.of(),
            assets);
    return new Release(
        Digest.of(seed.getBytes(UTF_8)),
        "r.example/talos:demo",
        Map.of(ARM64, build),
        at,
        Admission.UNCHECKED);
  }

  Asset asset(AssetName name, byte[] bytes) {
    Digest digest = Digest.of(bytes);
    try {
      Path file = Files.write(folder.resolve(digest.fileName()), bytes);
      return new Asset(name, ARM64, file, bytes.length, digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It was seen as a Raspberry Pi 4 at {@link #ADDRESS}. */
  PiLab sighted() {
    seen.note(
        new Sightings.Seen(
            MacAddress.parse(MAC).orElseThrow(),
            ADDRESS,
            "",
            SERIAL,
            "Raspberry Pi 4",
            "arm64",
            "raspberry-pi"));
    return this;
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  PiTree tree() {
    return tree(new PiConfig("", firmware, uefi));
  }

  PiTree tree(PiConfig config) {
    return new PiTree(
        config,
        new PiTree.Subjects(
            new BootPlanner(() -> catalog, releases, List.of()),
            () -> catalog,
            releases,
            new ReleasePaths(releases, served, new LastScripts()),
            seen,
            address -> Optional.ofNullable(neighbours.get(address)),
            (answer, labels, who, boots) -> filling.fill(answer, labels, who, boots),
            boots),
        nanos::get);
  }

  static Asker asker(String address) {
    return new Asker(address, InetAddress.getLoopbackAddress());
  }

  /** What the Raspberry Pi at {@link #ADDRESS} finds. */
  static Optional<NodeFile> find(PiTree tree, String path) {
    return tree.find(path, asker(ADDRESS));
  }

  /** The text of a file; {@code absent: why} where there is none. */
  static String text(PiTree tree, String path) {
    return switch (find(tree, path).orElseThrow(() -> new AssertionError("not ours: " + path))) {
      case NodeFile.Text(var text, var _) -> text;
      case NodeFile.OfRelease(var asset, var _) -> read(asset.file());
      case NodeFile.OnDisk(var file, var _) -> read(file);
      case NodeFile.NotReady(var channel) -> "not ready: " + channel;
      case NodeFile.Absent(var why) -> "absent: " + why;
    };
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Boot> boots() {
    return boots.recent(BootFilter.ALL, 100);
  }
}
