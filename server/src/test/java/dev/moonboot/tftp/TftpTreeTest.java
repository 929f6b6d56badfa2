package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.firmware.Asker;
import dev.moonboot.firmware.Loaders;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.tftp.TftpTree.Entry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TftpTreeTest {
  private static final Path KERNEL = Path.of("/store/kernel");

  private static final Asker WHO = new Asker("127.0.0.1", InetAddress.getLoopbackAddress());

  @TempDir Path folder;
  private Path loaders;

  @BeforeEach
  void fill() throws IOException {
    loaders = Files.createDirectories(folder.resolve("loaders"));
    Files.createDirectories(loaders.resolve("qemu"));
    Files.writeString(loaders.resolve("undionly.kpxe"), "bios");
    Files.writeString(loaders.resolve("qemu/pxe-virtio.rom"), "rom");
    Files.writeString(loaders.resolve("pieeprom.upd"), "flashes");
    Files.writeString(folder.resolve("canary"), "canary");
    Files.writeString(folder.resolve("linked"), "linked");
    Files.createSymbolicLink(loaders.resolve("ipxe.efi"), folder.resolve("linked"));
  }

  private Entry find(String name) {
    var asset = new Asset(AssetName.VMLINUZ, Arch.ARM64, KERNEL, 1, Digest.of(new byte[1]));
    AssetLookup.Found found = Served.found("talos/custom/vmlinuz-arm64", asset);
    Map<String, AssetLookup> assets =
        Map.of(
            "talos/custom/vmlinuz-arm64",
            found,
            "talos/custom/vmlinuz-arm64.sha256",
            new AssetLookup.Checksum(found, "00  vmlinuz-arm64\n"),
            "talos/new/vmlinuz-arm64",
            new AssetLookup.NotReady("new"));
    var tree =
        new TftpTree(
            (_, _) -> Optional.empty(),
            Loaders.of(loaders),
            (path, _) -> assets.getOrDefault(path, new AssetLookup.NotOurs()));
    return TftpName.parse(name).map(parsed -> tree.find(parsed, WHO)).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "undionly.kpxe, undionly.kpxe",
    "/undionly.kpxe, undionly.kpxe",
    "UNDIONLY.KPXE, undionly.kpxe",
    "qemu\\PXE-virtio.rom, qemu/pxe-virtio.rom",
    "ipxe.efi, ipxe.efi"
  })
  void loaders_are_found_by_name_in_any_case(String name, String file) {
    assertEquals(new Entry.Stored(loaders.resolve(file)), find(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "talos/custom/vmlinuz-arm64",
        "/talos/custom/vmlinuz-arm64",
        "assets/talos/custom/vmlinuz-arm64",
        "/assets//talos/custom/vmlinuz-arm64",
        "\\ASSETS\\TALOS\\CUSTOM\\VMLINUZ-ARM64"
      })
  void assets_are_found_with_and_without_their_prefix(String name) {
    assertEquals(new Entry.OfRelease(KERNEL, Digest.of(new byte[1])), find(name));
  }

  @Test
  void a_checksum_is_a_text() {
    assertEquals(new Entry.Text("00  vmlinuz-arm64\n"), find("talos/custom/vmlinuz-arm64.sha256"));
  }

  @Test
  void a_channel_without_a_release_says_so() {
    assertEquals(new Entry.Absent("no release of new yet"), find("assets/talos/new/vmlinuz-arm64"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"canary", "loaders/undionly.kpxe", "C:/x", "etc/passwd", "qemu", "pieeprom.upd"})
  void t_01_what_is_not_in_the_table_is_not_there(String name) {
    assertEquals(new Entry.Absent("file not found"), find(name));
  }
}
