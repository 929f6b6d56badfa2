package dev.moonboot.firmware;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.UkiLines;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.Neighbours;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.Sightings;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.FirstFile;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import dev.moonboot.release.SampleReleases;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The files of firmware over a folder of its own, with the channel custom. */
public final class FirmwareFixture {
  public static final MacAddress MAC = new MacAddress("52:54:00:e2:e0:01");
  public static final String FOLDER = "boot/52-54-00-e2-e0-01/";
  static final InetAddress HERE = InetAddress.ofLiteral("10.77.0.2");
  static final Asker WHO = new Asker("10.77.0.141", HERE);

  public final Releases releases =
      new Releases(
          List.of(SampleReleases.channel("custom"), SampleReleases.channel("empty")), null);
  public final ReleasePaths paths = ReleasePaths.of(releases);
  public final Sightings sightings = new Sightings();
  public final BootLog boots = new BootLog(sightings);
  public final Supplier<Catalog> catalog;
  public final BootPlanner planner;
  public final Loaders loaders;
  public final BootTree tree;
  final FirstFiles first;
  private final Path folder;

  public FirmwareFixture(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("groups"));
    Files.createDirectories(folder.resolve("profiles"));
    Files.createDirectories(folder.resolve("loaders"));
    this.catalog = new CatalogReader(folder)::read;
    this.planner = new BootPlanner(catalog, releases, List.of());
    this.loaders = Loaders.of(folder.resolve("loaders"));
    KnownNodes nodes = new KnownNodes(sightings, new Neighbours());
    BaseUrls urls = new BaseUrls(List.of(), "http", 8080);
    this.tree =
        new BootTree(
            new BootTree.Subjects(
                nodes,
                loaders,
                (labels, _) -> planner.plan(labels),
                catalog,
                releases,
                paths,
                urls,
                new BootNotes(new Meters(), boots, paths)));
    this.first =
        new FirstFiles(
            urls,
            nodes,
            labels -> {
              FirstFile wanted =
                  planner
                      .profile(labels)
                      .map(profile -> profile.extensions().first())
                      .orElse(FirstFile.IPXE);
              tree.begins(labels, wanted);
              return wanted;
            });
  }

  /** Adds a boot program to the folder of loaders. */
  public Path loader(String name) throws IOException {
    Path file = folder.resolve("loaders").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "MZ " + name);
  }

  /** Makes a profile, and a group that gives it to that node alone. */
  public void profile(String boot, String moonboot) throws IOException {
    write(
        "profiles/talos.json",
        "{'id':'talos','boot':{%s},'moonboot':{%s}}".formatted(boot, moonboot));
    write(
        "groups/one.json", "{'id':'one','profile':'talos','selector':{'mac':'%s'}}".formatted(MAC));
  }

  /** The same with kernel and initramfs of the channel custom, and those arguments. */
  public void talos(String args, String moonboot) throws IOException {
    profile(
        "'kernel':'/assets/talos/custom/vmlinuz-${buildarch}',"
            + "'initrd':['--name initramfs.xz"
            + " /assets/talos/custom/initramfs-${buildarch}.xz'],'args':["
            + args
            + "]",
        moonboot);
  }

  void write(String name, String json) throws IOException {
    Files.writeString(folder.resolve(name), json.replace('\'', '"'));
  }

  /** Puts a release of both architectures at the head of the channel custom. */
  public Release publish(String seed) throws IOException {
    return publish(seed, new UkiLines(List.of("talos.platform=metal"), List.of(), ""));
  }

  Release publish(String seed, UkiLines lines) throws IOException {
    Map<Arch, Build> builds = new EnumMap<>(Arch.class);
    for (Arch arch : Arch.values()) {
      Map<AssetName, Asset> assets = new HashMap<>();
      for (AssetName name :
          List.of(
              AssetName.VMLINUZ,
              AssetName.INITRAMFS,
              AssetName.CMDLINE,
              AssetName.UKI,
              AssetName.RECORD)) {
        assets.put(name, asset(name, arch, seed + " " + name.flatName(arch)));
      }
      if (arch == Arch.ARM64) {
        assets.put(AssetName.IMAGE, asset(AssetName.IMAGE, arch, seed + " image"));
      }
      builds.put(
          arch,
          new Build(
                  Digest.of(seed.getBytes(UTF_8)),
                  List.of(),
                  "UKI",
                  "v1.13.6",
                  "",
                  List.of(),
                  assets)
              .with(lines));
    }
    Release release =
        new Release(Digest.of(seed.getBytes(UTF_8)), "r.example/talos", builds, Instant.EPOCH);
    releases.advance("custom", List.of(release));
    return release;
  }

  private Asset asset(AssetName name, Arch arch, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    Digest digest = Digest.of(bytes);
    Path file = Files.write(folder.resolve(digest.fileName()), bytes);
    return new Asset(name, arch, file, bytes.length, digest);
  }

  /** The node was seen at that address. */
  public void seen(String address, String uuid, String arch) {
    sightings.note(new Sightings.Seen(MAC, address, uuid, "", "", arch, ""));
  }

  NodeFile find(String path) {
    return found(path).orElseThrow();
  }

  Optional<NodeFile> found(String path) {
    return tree.find(path, WHO);
  }

  /** The text that a path means; fails for anything else. */
  String text(String path) {
    return find(path) instanceof NodeFile.Text(var text, var _) ? text : find(path).toString();
  }

  static NodeLabels said(String query) {
    return NodeLabels.of(query);
  }
}
