package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels of loaders and of firmware: all parts of this module together. */
class FollowedFilesTest {
  private static final String REPOSITORY = "acme/files";
  private static final int OVERLAYS = 300;

  @TempDir Path root;
  private FakeRegistry registry;
  private AssetCache cache;

  @BeforeEach
  void open() {
    registry = FakeRegistry.start();
    cache = AssetCache.open(settings());
  }

  private CacheSettings settings() {
    return CacheSettings.unchecked(root, CacheFixture.state(root), registry.settings(), 3);
  }

  private void restart() {
    cache.close();
    cache = AssetCache.open(settings());
  }

  @AfterEach
  void close() {
    cache.close();
    registry.close();
  }

  private Channel channel(String name, Content content, Arch... arches) {
    return new Channel(name, registry.reference(REPOSITORY, name), List.of(arches), content);
  }

  private Digest push(String tag, TestImage image) {
    return registry.push(REPOSITORY, tag, image);
  }

  private Release updated(Channel channel) {
    Refresh outcome = cache.refresh(channel, Progress.NONE);
    return assertInstanceOf(Updated.class, outcome, outcome.toString()).head();
  }

  private static Asset file(Release release, Arch arch, String path) {
    return release.asset(arch, AssetName.file(path)).orElseThrow();
  }

  @Test
  void loaders_of_both_arches_are_a_release_like_any_other() throws IOException {
    Digest digest = push("ipxe", TestImages.ipxe());
    Channel ipxe = channel("ipxe", Content.LOADERS, AMD64, ARM64);
    Release release = updated(ipxe);
    assertEquals(digest, release.digest());
    assertEquals(Content.LOADERS, release.content());
    assertArrayEquals(
        TestImages.efiProgram(ARM64, "ipxe"),
        Files.readAllBytes(file(release, ARM64, "ipxe.efi").file()));
    assertEquals(Optional.empty(), release.asset(ARM64, AssetName.file("undionly.kpxe")));
    assertInstanceOf(Unchanged.class, cache.refresh(ipxe, Progress.NONE));
    restart();
    assertEquals(Optional.of(release), cache.head(ipxe));
    assertInstanceOf(Unchanged.class, cache.refresh(ipxe, Progress.NONE));
    Invariants.check(root, cache, ipxe);
  }

  @Test
  void hundreds_of_small_files_come_in_seconds_and_are_checked_like_any() throws IOException {
    push("pi", TestImages.raspberryPi(OVERLAYS));
    Channel pi = channel("pi", Content.FIRMWARE, ARM64);
    long start = System.nanoTime();
    Release release = updated(pi);
    long millis = (System.nanoTime() - start) / 1_000_000;
    System.out.println("pull of " + OVERLAYS + " small files: " + millis + " ms");
    assertTrue(millis < 60_000, millis + " ms");
    assertEquals(
        OVERLAYS + 13, Objects.requireNonNull(release.builds().get(ARM64)).assets().size());
    Asset overlay = file(release, ARM64, "overlays/overlay-299.dtbo");
    assertArrayEquals(TestImages.deviceTree("overlay 299"), Files.readAllBytes(overlay.file()));
    assertEquals(
        file(release, ARM64, "rpi_5/bcm2712-rpi-5-b.dtb").file(),
        file(release, ARM64, "bcm2712-rpi-5-b.dtb").file());
    String record = Files.readString(release.asset(ARM64, AssetName.RECORD).orElseThrow().file());
    assertTrue(record.contains("pieeprom.upd: it would rewrite"), record);
    assertEquals(List.of(), cache.scrub(Progress.NONE).damaged());
    restart();
    assertEquals(Optional.of(release), cache.head(pi));
    Invariants.check(root, cache, pi);
  }

  @Test
  void s_15_a_damaged_file_of_an_image_comes_back() throws IOException {
    push("pi", TestImages.raspberryPi(3));
    Release release = updated(channel("pi", Content.FIRMWARE, ARM64));
    Files.delete(file(release, ARM64, "overlays/overlay-1.dtbo").file());
    cache.scrub(Progress.NONE);
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (cache.release(release.digest()).isEmpty()) {
      assertTrue(System.nanoTime() < end, "it did not come back within 30 s");
      LockSupport.parkNanos(1_000_000);
    }
    assertTrue(Files.exists(file(release, ARM64, "overlays/overlay-1.dtbo").file()));
  }

  @Test
  void an_image_of_something_else_is_refused_and_says_what_it_has() {
    push("ipxe", TestImages.raspberryPi(1));
    push("pi", TestImages.ipxe());
    push("talos", TestImages.ipxe());
    assertTrue(
        why(channel("ipxe", Content.LOADERS, ARM64)).contains("lacks network boot programs for"));
    assertTrue(
        why(channel("pi", Content.FIRMWARE, ARM64)).contains("has no Raspberry Pi firmware"));
    assertTrue(
        why(channel("talos", Content.BOOT, ARM64)).contains("no kernel and initramfs for arm64"));
  }

  private String why(Channel channel) {
    Refresh outcome = cache.refresh(channel, Progress.NONE);
    return assertInstanceOf(Rejected.class, outcome, outcome.toString()).why();
  }

  @Test
  void an_image_has_one_content_for_all_channels() {
    TestImage both =
        TestImage.index(
            false,
            TestImage.platform(
                ARM64,
                true,
                TestImage.Packing.OCI_GZIP,
                new TarFixture()
                    .file("usr/install/arm64/vmlinuz", TestImages.Content.DEFAULT.kernel(ARM64))
                    .file(
                        "usr/install/arm64/initramfs.xz",
                        TestImages.Content.DEFAULT.initramfs(ARM64))
                    .file("ipxe.efi", TestImages.efiProgram(ARM64, "ipxe"))
                    .bytes()));
    Digest digest = push("talos", both);
    push("ipxe", both);
    Release boot = updated(channel("talos", Content.BOOT, ARM64));
    assertEquals(Content.BOOT, boot.content());
    Channel ipxe = channel("ipxe", Content.LOADERS, ARM64);
    assertTrue(why(ipxe).contains(digest + " is held already, with content boot"), () -> why(ipxe));
    assertInstanceOf(Fetched.Refused.class, cache.fetch(ipxe, digest, Progress.NONE));
    assertFalse(cache.head(ipxe).isPresent());
  }

  @Test
  void a_channel_that_changes_its_content_forgets_what_it_named() {
    push("files", TestImages.ipxe());
    Release programs = updated(channel("files", Content.LOADERS, ARM64));
    push("files", TestImages.raspberryPi(1));
    Channel changed = channel("files", Content.FIRMWARE, ARM64);
    assertEquals(List.of(), cache.releases(changed));
    Release firmware = updated(changed);
    assertEquals(List.of(firmware), cache.releases(changed));
    assertEquals(Optional.of(programs), cache.release(programs.digest()));
  }
}
