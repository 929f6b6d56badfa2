package dev.moonboot.firmware;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.release.Releases;
import dev.moonboot.release.SampleReleases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadersTest {
  @TempDir Path folder;
  private final Releases releases = new Releases(List.of(SampleReleases.channel("ipxe")), null);

  private Loaders loaders(Path hidden) {
    return new Loaders(new LoadersConfig(folder, "ipxe"), releases, hidden::equals);
  }

  private Asset asset(Arch arch, String name) throws IOException {
    byte[] bytes = (arch + name).getBytes(UTF_8);
    Digest digest = Digest.of(bytes);
    Path file = Files.write(folder.resolve(digest.fileName()), bytes);
    return new Asset(AssetName.file(name), arch, file, bytes.length, digest);
  }

  private Release publish(Asset... assets) {
    Arch arch = assets[0].arch();
    Map<AssetName, Asset> all = new HashMap<>();
    for (Asset asset : assets) {
      all.put(asset.name(), asset);
    }
    Digest digest = assets[0].digest();
    Release release =
        new Release(
            digest,
            "r.example/ipxe",
            Map.of(arch, new Build(digest, List.of(), "loaders", "", "", List.of(), all)),
            Instant.EPOCH);
    releases.advance("ipxe", List.of(release));
    return release;
  }

  @Test
  void a_channel_wins_over_the_folder_where_it_has_the_file() throws IOException {
    Path own = Files.writeString(folder.resolve("ipxe.efi"), "own");
    Path bios = Files.writeString(folder.resolve("undionly.kpxe"), "own");
    Loaders loaders = loaders(Path.of("none"));
    assertEquals(new NodeFile.OnDisk(own, "application/efi"), loaders.program(Platform.EFI_AMD64));
    Asset ipxe = asset(Arch.AMD64, "ipxe.efi");
    Asset snp = asset(Arch.AMD64, "snp.efi");
    Release release = publish(ipxe, snp);
    NodeFile found = new NodeFile.OfRelease(ipxe, release);
    assertEquals(found, loaders.program(Platform.EFI_AMD64));
    for (String name : List.of("ipxe.efi", "IPXE.EFI", "ipxe-amd64.efi", "amd64/ipxe.efi")) {
      assertEquals(Optional.of(found), loaders.find(name), name);
    }
    assertEquals(Optional.of(new NodeFile.OfRelease(snp, release)), loaders.find("snponly.efi"));
    assertEquals(
        new NodeFile.OnDisk(bios, "application/octet-stream"), loaders.program(Platform.BIOS));
  }

  @Test
  void a_channel_without_a_release_is_waited_for() {
    assertEquals(
        new NodeFile.NotReady("ipxe"), loaders(Path.of("none")).program(Platform.EFI_ARM64));
  }

  @Test
  void what_is_missing_is_told_with_what_to_do() throws IOException {
    Files.writeString(folder.resolve("ipxe-arm64.efi"), "arm64");
    Files.writeString(folder.resolve("snponly.efi"), "amd64");
    assertEquals(
        List.of(
            new Loaders.Missing(
                Platform.BIOS,
                "no iPXE for BIOS: %s has none of undionly.kpxe, undionly.kkpxe; install Debian's package ipxe or set loaders.folder or loaders.channel"
                    .formatted(folder))),
        Loaders.of(folder).missing());
  }

  @Test
  void a_secret_is_no_loader() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.efi"), "secret");
    assertEquals(Optional.empty(), loaders(secret).find("secret.efi"));
    assertEquals(Optional.empty(), loaders(secret).find("SECRET.EFI"));
  }

  @Test
  void trap_19_what_flashes_a_pi_is_never_served() throws IOException {
    for (String name : List.of("pieeprom.upd", "PIEEPROM.SIG", "recovery.bin")) {
      Files.writeString(folder.resolve(name), "flashes");
    }
    for (String name : List.of("pieeprom.upd", "PIEEPROM.SIG", "pieeprom.sig", "recovery.bin")) {
      assertEquals(Optional.empty(), Loaders.of(folder).find(name), name);
    }
  }

  @Test
  void the_channel_must_hold_loaders() {
    var problems = new ConfigProblems();
    LoadersConfig.read(
        ConfigReader.of(Map.of("channel", "talos"), problems), Set.of("ipxe", "other"));
    assertEquals(1, problems.all().size());
    assertEquals(
        new LoadersConfig(Path.of("/srv/ipxe"), "ipxe"),
        LoadersConfig.read(
            ConfigReader.of(Map.of("channel", "ipxe", "folder", "/srv/ipxe"), problems),
            Set.of("ipxe")));
  }
}
