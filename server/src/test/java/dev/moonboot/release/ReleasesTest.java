package dev.moonboot.release;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.release.AssetLookup.Checksum;
import dev.moonboot.release.AssetLookup.Found;
import dev.moonboot.release.AssetLookup.Missing;
import dev.moonboot.release.AssetLookup.NotOurs;
import dev.moonboot.release.AssetLookup.NotReady;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleasesTest {
  @TempDir Path folder;
  private Release old;
  private Release head;
  private Releases releases;

  @BeforeEach
  void twoReleases() {
    SampleReleases samples = new SampleReleases(folder);
    old = samples.release("old", AMD64, ARM64);
    head = samples.release("head", AMD64, ARM64);
    releases =
        new Releases(
            List.of(SampleReleases.channel("custom"), SampleReleases.channel("edge", ARM64)),
            "custom");
    releases.advance("custom", List.of(head, old));
  }

  @ParameterizedTest
  @CsvSource({
    "talos/custom/vmlinuz-arm64, VMLINUZ, ARM64, vmlinuz-arm64",
    "talos/custom/vmlinuz-aarch64, VMLINUZ, ARM64, vmlinuz-aarch64",
    "talos/custom/vmlinuz-amd64, VMLINUZ, AMD64, vmlinuz-amd64",
    "talos/custom/vmlinuz-x86_64, VMLINUZ, AMD64, vmlinuz-x86_64",
    "talos/custom/vmlinuz-i386, VMLINUZ, AMD64, vmlinuz-i386",
    "talos/custom/initramfs-arm64.xz, INITRAMFS, ARM64, initramfs-arm64.xz",
    "talos/custom/initramfs-x86_64.xz, INITRAMFS, AMD64, initramfs-x86_64.xz",
    "talos/custom/cmdline-arm64, CMDLINE, ARM64, cmdline-arm64",
    "talos/custom/release-arm64.json, RECORD, ARM64, release-arm64.json",
    "talos/custom/arm64/vmlinuz, VMLINUZ, ARM64, arm64/vmlinuz",
    "talos/custom/x86_64/initramfs.xz, INITRAMFS, AMD64, x86_64/initramfs.xz",
    "talos/arm64/vmlinuz, VMLINUZ, ARM64, arm64/vmlinuz",
    "talos/i386/initramfs.xz, INITRAMFS, AMD64, i386/initramfs.xz",
  })
  void every_form_of_name_leads_to_the_head(
      String path, AssetName.Boot name, Arch arch, String belowRelease) {
    String immutable = "talos/custom/" + head.digest().fileName() + "/" + belowRelease;
    Found found =
        new Found(head.asset(arch, name).orElseThrow(), head, false, "/assets/" + immutable);
    assertEquals(found, releases.lookup(path));
    assertEquals(
        new Found(found.asset(), head, true, "/assets/" + immutable), releases.lookup(immutable));
  }

  @Test
  void s_15_a_head_that_was_made_again_has_its_new_files_under_every_name() {
    Release other = new SampleReleases(folder).release("other bytes", AMD64, ARM64);
    Release again =
        new Release(
            head.digest(), head.source(), other.builds(), other.created(), other.admission());
    releases.keep(() -> List.of(again, old));
    for (String path :
        List.of(
            "talos/custom/vmlinuz-arm64",
            "talos/arm64/vmlinuz",
            "talos/custom/" + head.digest().fileName() + "/vmlinuz-arm64")) {
      Found found = assertInstanceOf(Found.class, releases.lookup(path));
      assertEquals(other.asset(ARM64, AssetName.VMLINUZ).orElseThrow(), found.asset());
    }
    assertEquals(Optional.of(again), releases.head("custom"));
    assertEquals(
        Optional.of(again),
        releases.effective("talos", "custom").map(effective -> effective.release()));
  }

  @Test
  void an_older_release_stays_reachable_by_its_digest() {
    String path = "talos/custom/" + old.digest().fileName() + "/vmlinuz-arm64";
    assertEquals(
        new Found(old.asset(ARM64, AssetName.VMLINUZ).orElseThrow(), old, true, "/assets/" + path),
        releases.lookup(path));
    assertEquals(Optional.of(old), releases.release(old.digest()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "talos/custom/vmlinuz-x86_64",
        "talos/custom/arm64/initramfs.xz",
        "talos/arm64/vmlinuz"
      })
  void a_checksum_stands_beside_every_asset_with_the_name_it_was_asked_by(String path) {
    Found found = assertInstanceOf(Found.class, releases.lookup(path));
    String name = path.substring(path.lastIndexOf('/') + 1);
    assertEquals(
        new Checksum(found, found.asset().digest().hex() + "  " + name + "\n"),
        releases.lookup(path + ".sha256"));
  }

  @Test
  void a_file_of_an_image_goes_by_its_path_below_its_arch() {
    Releases all =
        new Releases(List.of(SampleReleases.channel("pi", Content.FIRMWARE, ARM64)), null);
    for (String path : List.of("talos/pi/arm64/start4.elf", "talos/pi/aarch64/overlays/x.dtbo")) {
      assertEquals(new AssetLookup.NotReady("pi"), all.lookup(path));
    }
    assertInstanceOf(AssetLookup.Missing.class, all.lookup("talos/pi/amd64/start4.elf"));
    assertInstanceOf(AssetLookup.Missing.class, all.lookup("talos/pi/start4.elf"));
    Release pi =
        new SampleReleases(folder)
            .files("pi", Content.FIRMWARE, ARM64, "start4.elf", "overlays/x.dtbo", "a", "a.sha256");
    all.advance("pi", List.of(pi));
    for (String name : List.of("start4.elf", "overlays/x.dtbo", "a", "a.sha256")) {
      for (String spelling : List.of("arm64/", "aarch64/")) {
        String below = pi.digest().fileName() + "/" + spelling + name;
        Found found =
            new Found(
                pi.asset(ARM64, AssetName.file(name)).orElseThrow(),
                pi,
                false,
                "/assets/talos/pi/" + below);
        assertEquals(found, all.lookup("talos/pi/" + spelling + name));
        assertEquals(
            new Found(found.asset(), pi, true, found.immutablePath()),
            all.lookup("talos/pi/" + below));
      }
    }
    assertInstanceOf(Checksum.class, all.lookup("talos/pi/arm64/overlays/x.dtbo.sha256"));
    assertInstanceOf(Checksum.class, all.lookup("talos/pi/arm64/a.sha256.sha256"));
    assertInstanceOf(Found.class, all.lookup("talos/pi/arm64/release.json"));
    assertInstanceOf(Found.class, all.lookup("talos/pi/release-arm64.json"));
    for (String no : List.of("start4.elf", "start4-arm64.elf", "arm64/START4.ELF", "arm64/none")) {
      assertInstanceOf(AssetLookup.Missing.class, all.lookup("talos/pi/" + no), no);
    }
  }

  @Test
  void looking_up_makes_nothing_new() {
    assertSame(
        releases.lookup("talos/custom/vmlinuz-arm64"),
        releases.lookup("talos/custom/vmlinuz-arm64"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "talos/edge/vmlinuz-arm64",
        "talos/edge/vmlinuz-arm64.sha256",
        "talos/edge/arm64/initramfs.xz"
      })
  void a_channel_without_release_is_not_ready(String path) {
    assertEquals(new NotReady("edge"), releases.lookup(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "talos/custom/",
        "talos/custom/vmlinuz",
        "talos/custom/vmlinuz-arm64/",
        "talos/custom/uki-arm64.efi",
        "talos/custom/vmlinuz-riscv64",
        "talos/custom/arm64/vmlinuz-arm64",
        "talos/custom/../custom/vmlinuz-arm64",
        "talos/custom/vmlinuz-arm64.sha256.sha256",
        "talos/custom/sha256-0000000000000000000000000000000000000000000000000000000000000000/cmdline-arm64",
        "talos/custom/sha256-x/vmlinuz-arm64",
        "talos/edge/vmlinuz-amd64",
        "talos/edge/other",
        "talos/arm64/other",
      })
  void what_no_release_has_is_missing(String path) {
    assertInstanceOf(Missing.class, releases.lookup(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "talos",
        "talos/",
        "talos/x",
        "talos/unknown/vmlinuz-arm64",
        "/talos/custom/vmlinuz-arm64"
      })
  void other_paths_are_not_ours(String path) {
    assertEquals(new NotOurs(), releases.lookup(path));
  }

  @Test
  void without_a_default_channel_an_architecture_is_not_ours() {
    Releases none = new Releases(List.of(SampleReleases.channel("custom")), null);
    assertEquals(new NotOurs(), none.lookup("talos/arm64/vmlinuz"));
  }

  @Test
  void the_command_line_is_known_without_reading_a_file() throws Exception {
    Files.delete(head.asset(ARM64, AssetName.CMDLINE).orElseThrow().file());
    assertEquals(
        Optional.of("talos.platform=metal seed=head arch=arm64"),
        releases.cmdline(head.digest(), ARM64));
    assertEquals(Optional.empty(), releases.cmdline(Digest.of(new byte[0]), ARM64));
  }

  @Test
  void a_release_that_cannot_be_read_leaves_the_old_one_in_force() throws Exception {
    Release next = new SampleReleases(folder).release("next", ARM64);
    Files.delete(next.asset(ARM64, AssetName.CMDLINE).orElseThrow().file());
    assertThrows(UncheckedIOException.class, () -> releases.advance("custom", List.of(next, head)));
    assertEquals(Optional.of(head), releases.head("custom"));
  }

  @Test
  void names_must_be_known() {
    assertThrows(IllegalArgumentException.class, () -> releases.advance("x", List.of(head)));
    assertThrows(IllegalArgumentException.class, () -> new Releases(List.of(), "custom"));
    assertEquals(Optional.empty(), releases.head("x"));
  }
}
