package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.files.Turn;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import dev.moonboot.testing.TestImages.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagePullTest {
  private static final Content CONTENT = Content.DEFAULT;

  @TempDir Path dir;

  private ImageReference layout(String name, TestImage image) throws IOException {
    Path layout = Files.createDirectories(dir.resolve(name));
    image.writeLayout(layout, "demo");
    return AssetCache.parse("oci:" + layout + ":demo");
  }

  private ImagePull.Pulled pull(ImageReference image, Arch... arches) {
    return ImagePull.pull(
        new ImagePull.Order(image, dev.moonboot.assets.Content.BOOT, List.of(arches)),
        dir.resolve("out"),
        RegistrySettings.DEFAULT,
        Progress.NONE);
  }

  private List<String> out() throws IOException {
    try (var files = Files.list(dir.resolve("out"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void writes_the_files_of_an_arch_with_their_checksums_and_says_where_they_were()
      throws IOException {
    TestImage image = TestImages.installer(CONTENT);
    ImagePull.Pulled pulled = pull(layout("image", image), ARM64);
    assertEquals(image.top().digest(), pulled.digest());
    assertEquals(1, pulled.arches().size());
    var arm64 = pulled.arches().getFirst();
    assertEquals("v1.13.9", arm64.talosVersion());
    assertEquals(image.platform(ARM64).manifest().digest(), arm64.manifest());
    assertEquals(
        List.of(
            "cmdline-arm64",
            "cmdline-arm64.sha256",
            "image-arm64",
            "image-arm64.sha256",
            "initramfs-arm64.xz",
            "initramfs-arm64.xz.sha256",
            "release-arm64.json",
            "release-arm64.json.sha256",
            "uki-arm64.efi",
            "uki-arm64.efi.sha256",
            "vmlinuz-arm64",
            "vmlinuz-arm64.sha256"),
        out());
    Path out = dir.resolve("out");
    assertArrayEquals(CONTENT.kernel(ARM64), Files.readAllBytes(out.resolve("vmlinuz-arm64")));
    assertArrayEquals(
        CONTENT.initramfs(ARM64), Files.readAllBytes(out.resolve("initramfs-arm64.xz")));
    for (var file : arm64.files()) {
      assertEquals(out.resolve(file.name().flatName(ARM64)), file.file());
      assertEquals(Files.size(file.file()), file.size());
      assertEquals(Digest.of(Files.readAllBytes(file.file())), file.digest());
      assertEquals(
          file.digest().hex() + "  " + file.file().getFileName() + "\n",
          Files.readString(out.resolve(file.file().getFileName() + ".sha256")));
    }
    assertEquals(
        "usr/install/arm64/vmlinuz.efi in layer 2 of 2",
        arm64.files().stream()
            .filter(file -> file.name() == AssetName.UKI)
            .findFirst()
            .orElseThrow()
            .origin());
  }

  @Test
  void without_a_wish_every_arch_that_the_image_has_is_pulled() throws IOException {
    assertEquals(
        List.of(AMD64, ARM64),
        pull(layout("both", TestImages.installer(CONTENT))).arches().stream()
            .map(ImagePull.PulledArch::arch)
            .toList());
    assertEquals(
        List.of(AMD64),
        pull(layout("one", TestImages.installerWithoutIndex(CONTENT))).arches().stream()
            .map(ImagePull.PulledArch::arch)
            .toList());
  }

  @Test
  void when_an_arch_is_missing_nothing_is_replaced_and_nothing_left() throws IOException {
    Files.writeString(Files.createDirectories(dir.resolve("out")).resolve("vmlinuz-amd64"), "mine");
    ImageReference image = layout("image", TestImages.installerWithoutIndex(CONTENT));
    CacheException failed = assertThrows(CacheException.class, () -> pull(image, AMD64, ARM64));
    assertEquals(
        "pull "
            + image
            + ": the image is for amd64, without an index; publish arm64 or leave it out of the"
            + " architectures asked for",
        failed.getMessage());
    assertEquals(List.of("vmlinuz-amd64"), out());
    assertEquals("mine", Files.readString(dir.resolve("out/vmlinuz-amd64")));
  }

  @Test
  void when_the_second_arch_will_not_do_nothing_of_the_first_is_written() throws IOException {
    ImageReference image = layout("image", TestImages.assetContainer(CONTENT));
    assertThrows(CacheException.class, () -> pull(image, ARM64, AMD64));
    assertEquals(List.of(), out());
  }

  @Test
  void an_image_that_is_not_there_is_named() {
    var missing = AssetCache.parse("oci:" + dir.resolve("nowhere") + ":demo");
    CacheException failed = assertThrows(CacheException.class, () -> pull(missing, ARM64));
    assertEquals(
        "pull " + missing,
        String.valueOf(failed.getMessage()).substring(0, ("pull " + missing).length()));
  }

  /** Of two at once each places its files one by one: between them they would make a third pair. */
  @Test
  void files_are_placed_while_nobody_else_places_any_there() throws Exception {
    ImageReference image = layout("image", TestImages.installer(CONTENT));
    Path turn = Files.createDirectories(dir.resolve("out")).resolve(".moonboot-turn");
    Thread pulling = Thread.ofPlatform().unstarted(() -> pull(image, ARM64));
    try (Turn _ = Turn.take(turn, Duration.ZERO)) {
      pulling.start();
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!waitsForItsTurn(pulling)) {
        assertTrue(System.nanoTime() < end && pulling.isAlive(), "it does not wait");
        Thread.onSpinWait();
      }
      assertEquals(List.of(), out().stream().filter(name -> !name.startsWith(".")).toList());
    }
    pulling.join();
    assertTrue(out().contains("vmlinuz-arm64"), out().toString());
    assertEquals(List.of(), out().stream().filter(name -> name.startsWith(".")).toList());
  }

  private static boolean waitsForItsTurn(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame ->
            frame.getClassName().equals(Turn.class.getName())
                && frame.getMethodName().equals("take"));
  }
}
