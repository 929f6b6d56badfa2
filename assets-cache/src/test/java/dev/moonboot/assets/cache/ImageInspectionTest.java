package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.cache.ImageInspection.FoundFile;
import dev.moonboot.assets.cache.ImageInspection.Inspected;
import dev.moonboot.assets.cache.ImageInspection.Layer;
import dev.moonboot.assets.cache.ImageInspection.Platform;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImages;
import dev.moonboot.testing.TestImages.Content;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageInspectionTest {
  private static final Content CONTENT = Content.DEFAULT;

  @TempDir Path dir;

  private Inspected inspect(TestImage image) throws IOException {
    image.writeLayout(dir, "demo");
    return ImageInspection.inspect(
        AssetCache.parse("oci:" + dir + ":demo"),
        dev.moonboot.assets.Content.BOOT,
        RegistrySettings.DEFAULT,
        Progress.NONE);
  }

  @Test
  void tells_what_each_platform_of_an_installer_holds() throws IOException {
    TestImage image = TestImages.installer(CONTENT);
    Inspected inspected = inspect(image);
    assertEquals("oci:" + dir + ":demo", inspected.source());
    assertEquals(image.top().digest(), inspected.digest());
    assertEquals(
        List.of(AMD64, ARM64), inspected.platforms().stream().map(Platform::arch).toList());
    Platform amd64 = inspected.platforms().getFirst();
    assertEquals(image.platform(AMD64).manifest().digest(), amd64.manifest());
    assertEquals(
        image.platform(AMD64).layers().stream()
            .map(blob -> new Layer(blob.mediaType(), blob.digest(), blob.bytes().length))
            .toList(),
        amd64.layers());
    assertNull(amd64.problem());
    var contents = requireNonNull(amd64.contents());
    assertEquals("v1.13.9", contents.talosVersion());
    assertEquals("6.18.9-talos", contents.kernelRelease());
    assertEquals(List.of("hello v1.0.0"), contents.extensions());
    assertEquals(CONTENT.cmdline(), contents.cmdline());
    byte[] uki = CONTENT.uki(AMD64);
    assertTrue(
        contents
            .files()
            .contains(
                new FoundFile(
                    AssetName.UKI,
                    uki.length,
                    Digest.of(uki),
                    "usr/install/amd64/vmlinuz.efi in layer 2 of 2")),
        contents.files().toString());
  }

  @Test
  void says_why_a_platform_will_not_do_and_shows_the_other() throws IOException {
    Inspected inspected = inspect(TestImages.assetContainer(CONTENT));
    Platform amd64 = inspected.platforms().getFirst();
    assertNull(amd64.contents());
    assertTrue(requireNonNull(amd64.problem()).contains("arm64"), amd64.problem());
    assertNull(inspected.platforms().getLast().problem());
  }

  @Test
  void leaves_nothing_in_the_temporary_directory() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Set<Path> before = folders(temporary);
    inspect(TestImages.installer(CONTENT));
    Set<Path> left = folders(temporary);
    left.removeAll(before);
    // Another process's may have come just now: its lock is held.
    for (Path folder : left) {
      try (var lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE)) {
        assertNull(lock.tryLock(), folder.toString());
      } catch (NoSuchFileException e) {
        // and ended just now
      }
    }
  }

  private static Set<Path> folders(Path within) throws IOException {
    Set<Path> folders = new HashSet<>();
    try (var found = Files.newDirectoryStream(within, ".moonboot-build-*")) {
      found.forEach(folders::add);
    }
    return folders;
  }
}
