package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.release.Releases;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Boot programs: those of a channel's head, verified and pinned as any release is, and those of a
 * folder, by name.
 */
public final class Loaders {
  private static final System.Logger LOG = System.getLogger(Loaders.class.getName());
  private static final String EFI = "application/efi";
  private static final String BINARY = "application/octet-stream";

  /** A file of an image of loaders. */
  private record InImage(Arch arch, String file) {}

  /** The names people write into DHCP servers, and what they mean in an image of loaders. */
  private static final Map<String, InImage> IN_IMAGE =
      Map.ofEntries(
          Map.entry("undionly.kpxe", new InImage(Arch.AMD64, "undionly.kpxe")),
          Map.entry("ipxe.efi", new InImage(Arch.AMD64, "ipxe.efi")),
          Map.entry("ipxe-amd64.efi", new InImage(Arch.AMD64, "ipxe.efi")),
          Map.entry("ipxe-x86_64.efi", new InImage(Arch.AMD64, "ipxe.efi")),
          Map.entry("amd64/ipxe.efi", new InImage(Arch.AMD64, "ipxe.efi")),
          Map.entry("snp.efi", new InImage(Arch.AMD64, "snp.efi")),
          Map.entry("snponly.efi", new InImage(Arch.AMD64, "snp.efi")),
          Map.entry("amd64/snp.efi", new InImage(Arch.AMD64, "snp.efi")),
          Map.entry("ipxe-arm64.efi", new InImage(Arch.ARM64, "ipxe.efi")),
          Map.entry("arm64/ipxe.efi", new InImage(Arch.ARM64, "ipxe.efi")),
          Map.entry("snp-arm64.efi", new InImage(Arch.ARM64, "snp.efi")),
          Map.entry("snponly-arm64.efi", new InImage(Arch.ARM64, "snp.efi")),
          Map.entry("arm64/snp.efi", new InImage(Arch.ARM64, "snp.efi")),
          Map.entry("arm64/snponly.efi", new InImage(Arch.ARM64, "snp.efi")));

  /**
   * A platform without a boot program.
   *
   * @param why for people: where it was looked for, and what to do
   */
  public record Missing(Platform platform, String why) {}

  private final LoaderFolder folder;
  private final LoadersConfig config;
  private final @Nullable Releases releases;

  /**
   * @param releases of the channel that is configured
   * @param hidden which files of the folder are secrets
   */
  public Loaders(LoadersConfig config, Releases releases, Predicate<Path> hidden) {
    this(config, releases, new LoaderFolder(config.folder(), hidden));
  }

  private Loaders(LoadersConfig config, @Nullable Releases releases, LoaderFolder folder) {
    this.config = config;
    this.releases = releases;
    this.folder = folder;
  }

  /** Those of a folder alone. */
  public static Loaders of(Path folder) {
    return new Loaders(new LoadersConfig(folder, null), null, new LoaderFolder(folder, _ -> false));
  }

  /** iPXE for a platform. May wait for the disk. */
  public NodeFile program(Platform platform) {
    return known(platform)
        .orElseGet(() ->
            config.channel() != null && head().isEmpty()
                ? new NodeFile.NotReady(config.channel())
                : new NodeFile.Absent(
                    "no iPXE for %s is installed on this server (loaders.folder, loaders.channel)"
                        .formatted(platform.title())));
  }

  private Optional<NodeFile> known(Platform platform) {
    return ofChannel(new InImage(platform.arch(), platform.asset()))
        .or(() ->
            platform.files().stream()
                .flatMap(name -> folder.exact(name).stream())
                .findFirst()
                .map(Loaders::onDisk));
  }

  /**
   * The file of that name, however people and ROMs spell it; empty when there is none. May wait for
   * the disk.
   *
   * @param name a path below the root, without a slash before it
   */
  public Optional<NodeFile> find(String name) {
    return exact(name).or(() -> folder.folded(name).map(Loaders::onDisk));
  }

  /** As {@link #find}, but for upper and lower case. */
  public Optional<NodeFile> exact(String name) {
    return Optional.ofNullable(IN_IMAGE.get(name.toLowerCase(Locale.ROOT)))
        .flatMap(this::ofChannel)
        .or(() -> folder.exact(name).map(Loaders::onDisk))
        .or(() -> Platform.ofProgram(name).flatMap(this::known));
  }

  private static NodeFile onDisk(Path file) {
    boolean efi = file.toString().toLowerCase(Locale.ROOT).endsWith(".efi");
    return new NodeFile.OnDisk(file, efi ? EFI : BINARY);
  }

  private Optional<Release> head() {
    return config.channel() == null || releases == null
        ? Optional.empty()
        : releases.servableHead(config.channel());
  }

  private Optional<NodeFile> ofChannel(InImage file) {
    return head()
        .flatMap(head ->
            AssetName.ofFileName(file.file())
                .flatMap(name -> head.asset(file.arch(), name))
                .map((Asset asset) -> new NodeFile.OfRelease(asset, head)));
  }

  /** The platforms that there is no boot program for, now. */
  public List<Missing> missing() {
    return Arrays.stream(Platform.values())
        .filter(platform -> known(platform).isEmpty())
        .map(platform -> new Missing(platform, why(platform)))
        .toList();
  }

  private String why(Platform platform) {
    String channel = config.channel();
    return "no iPXE for %s: %s has none of %s%s; install Debian's package ipxe%s or set %s"
        .formatted(
            platform.title(),
            config.folder(),
            String.join(", ", platform.files()),
            channel == null
                ? ""
                : ", and channel "
                    + channel
                    + (head().isEmpty()
                        ? " has no release yet"
                        : " no " + platform.asset() + " for " + platform.arch().id()),
            platform == Platform.EFI_ARM64 ? " (of Debian 13 or newer)" : "",
            "loaders.folder or loaders.channel");
  }

  /** Writes into the log what is missing. */
  public void tell() {
    missing()
        .forEach(missing ->
            LOG.log(
                Level.WARNING,
                "loader platform=\"{0}\" result=missing why=\"{1}\"",
                missing.platform().title(),
                missing.why()));
  }
}
