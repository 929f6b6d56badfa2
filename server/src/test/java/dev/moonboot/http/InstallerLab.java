package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Composition;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.ReleaseTexts;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.compose.InstallerImage;
import dev.moonboot.assets.compose.Sha512Sums;
import dev.moonboot.assets.extract.BootFiles.Found;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.ignition.Translator;
import dev.moonboot.installer.InstallerImages;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.installer.ReleaseSignatures;
import dev.moonboot.journal.BootLog;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.metrics.Meters;
import dev.moonboot.openpgp.SigningConfig;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.provision.Provisioner;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import dev.moonboot.secret.MachineConfigs;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A boot listener that has the composed channels compute, with a release for both architectures,
 * and fresh, without one; and the channel plain, which is one image.
 */
public final class InstallerLab implements AutoCloseable {
  public static final TestImages.Content CONTENT = TestImages.Content.DEFAULT;

  private final Path folder;
  public final Releases releases;
  public final ReleaseSignatures signatures;
  private final BootListener listener;
  private final HttpClient client = HttpClient.newHttpClient();
  private int made;

  /**
   * @param key what signs; null when nothing is signed
   */
  public InstallerLab(Path folder, @Nullable SigningKey key) throws IOException {
    this(folder, key, HttpLimits.DEFAULT);
  }

  InstallerLab(Path folder, @Nullable SigningKey key, HttpLimits limits) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("state"));
    releases =
        new Releases(
            List.of(
                composed("compute", Set.of(Output.INITRAMFS, Output.INSTALLER)),
                composed("fresh", Set.of(Output.INSTALLER)),
                composed("bare", Set.of(Output.INITRAMFS)),
                new Channel(
                    "plain",
                    new ImageReference(new SourceImage.Repository("ghcr.io", "a/b"), "x", null),
                    List.of(Arch.AMD64))),
            null);
    signatures =
        key == null
            ? ReleaseSignatures.none()
            : ReleaseSignatures.open(key, folder.resolve("state"));
    releases.prepare(signatures::add);
    releases.watch(() -> signatures.sign(releases::held));
    Supplier<Catalog> catalog = new CatalogReader(folder)::read;
    listener =
        new BootListener(
            new HttpConfig(BootFixture.loopback(), null, limits),
            BootSubjects.of(
                    new BootPlanner(catalog, releases, List.of()),
                    ReleasePaths.of(releases),
                    new Provisioner(
                        catalog, UnknownNodes.DEFAULT, Translator.none(), MatchboxWays.NONE),
                    MachineConfigs.none(),
                    MatchboxWays.NONE,
                    SigningConfig.NONE)
                .with(
                    new InstallerImages(
                        new InstallerRepositories(releases, signatures), signatures)),
            new Health() {
              @Override
              public List<Check> live() {
                return List.of();
              }

              @Override
              public List<Check> ready() {
                return List.of();
              }
            },
            new Meters(),
            new BootLog());
    listener.start();
  }

  private static Channel composed(String name, Set<Output> outputs) {
    var imager = new ImageReference(new SourceImage.Repository("ghcr.io", "s/imager"), "x", null);
    var composition =
        Composition.of(name, new Composition.Base.Image(imager)).outputs(outputs).build();
    return new Channel(
        name,
        new ImageReference(new SourceImage.Composed(composition), null, null),
        List.of(Arch.AMD64, Arch.ARM64));
  }

  /** Makes a release of the channel compute, and makes it the head. */
  public Release publish(TestImages.Content content) throws IOException {
    Release release = release("compute", content);
    List<Release> all = new ArrayList<>(releases.newestFirst("compute"));
    all.addFirst(release);
    releases.advance("compute", all);
    return release;
  }

  /** Makes a release of a channel, and puts it nowhere. */
  public Release release(String channel, TestImages.Content content) throws IOException {
    Path work = Files.createDirectory(folder.resolve("release-" + made++));
    Map<Arch, Map<AssetName, Found>> all = new EnumMap<>(Arch.class);
    Map<Arch, Found> manifests = new EnumMap<>(Arch.class);
    for (Arch arch : Arch.values()) {
      Path place = Files.createDirectory(work.resolve(arch.id()));
      Map<AssetName, Found> files = image(arch, content, place);
      manifests.put(arch, Objects.requireNonNull(files.get(InstallerFiles.MANIFEST)));
      all.put(arch, files);
    }
    Map<Arch, Build> builds = new EnumMap<>(Arch.class);
    for (Arch arch : Arch.values()) {
      Path place = work.resolve(arch.id());
      Map<AssetName, Found> files = new LinkedHashMap<>(all.get(arch));
      files.put(InstallerFiles.INDEX, InstallerImage.index(manifests, place.resolve("index.json")));
      files.put(AssetName.VMLINUZ, file(place.resolve("vmlinuz"), content.kernel(arch)));
      files.put(
          AssetName.CMDLINE, file(place.resolve("cmdline"), content.cmdline().getBytes(UTF_8)));
      files.put(ReleaseTexts.SHA512, Sha512Sums.write(files, place.resolve("SHA512SUMS")));
      files.put(AssetName.RECORD, file(place.resolve("record"), "{}".getBytes(UTF_8)));
      builds.put(arch, build(arch, content, files));
    }
    return new Release(
        Digest.of((channel + content.seed()).getBytes(UTF_8)),
        "build:" + channel,
        builds,
        Instant.EPOCH);
  }

  private static Build build(Arch arch, TestImages.Content content, Map<AssetName, Found> files) {
    Map<AssetName, Asset> assets = new HashMap<>();
    files.forEach((name, found) ->
        assets.put(name, new Asset(name, arch, found.file(), found.size(), found.digest())));
    return new Build(
        Digest.of(arch.id().getBytes(UTF_8)),
        List.of(),
        "composed",
        content.version(),
        content.kernelRelease(),
        content.extensions().stream().map(each -> each.name() + " " + each.version()).toList(),
        assets);
  }

  private static Map<AssetName, Found> image(Arch arch, TestImages.Content content, Path place)
      throws IOException {
    byte[] tar = new TarFixture().file("usr/bin/installer", new byte[100]).bytes();
    byte[] packed = TestImage.Packing.OCI_GZIP.pack(tar);
    Path layer = Files.write(place.resolve("base.tgz"), packed);
    var upon =
        new InstallerImage.Foundation(
            (Json.Obj) JsonText.parse("{\"config\":{\"Entrypoint\":[\"/usr/bin/installer\"]}}"),
            List.of(
                new InstallerImage.Layer(
                    "application/vnd.oci.image.layer.v1.tar+gzip",
                    Digest.of(packed),
                    packed.length,
                    Digest.of(tar),
                    layer)));
    Map<String, Path> files =
        Map.of(
            "vmlinuz.efi", Files.write(place.resolve("uki"), content.uki(arch)),
            "systemd-boot.efi", Files.writeString(place.resolve("sdboot"), "MZ"));
    return InstallerImage.write(
        arch, upon, files, Files.createDirectory(place.resolve("installer")));
  }

  private static Found file(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    return new Found(file, bytes.length, Digest.of(bytes), "");
  }

  /** {@code 127.0.0.1:…}, as image references have it. */
  public String address() {
    return "127.0.0.1:" + listener.address().getPort();
  }

  /** What a request is answered; headers in pairs. */
  HttpResponse<byte[]> ask(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + address() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    return ask("GET", path, headers);
  }

  @Override
  public void close() {
    client.close();
    listener.close();
  }
}
