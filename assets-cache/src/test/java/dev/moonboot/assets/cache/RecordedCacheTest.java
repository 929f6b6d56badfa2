package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Content;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.UkiLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches as earlier versions left them. */
class RecordedCacheTest {
  private static final Digest RELEASE =
      Digest.parse("sha256:bf56ac509b570cc5741dd4f7b1433fb7da9e7644a651c080fb621a71a2bdf366");
  private static final Channel CHANNEL =
      new Channel(
          "custom", AssetCache.parse("127.0.0.1:36077/acme/talos:demo"), List.of(AMD64, ARM64));

  @TempDir Path temp;
  private Path root;

  /** Written by moonboot as it was before channels had a content and builds knew their UKI. */
  @BeforeEach
  void unpack() throws IOException {
    root = temp.resolve("cache");
    Files.createDirectories(
        root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    try (InputStream in = getClass().getResourceAsStream("/caches/before-contents.zip");
        ZipInputStream zip = new ZipInputStream(requireNonNull(in))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = root.resolve(entry.getName());
        Files.createDirectories(requireNonNull(file.getParent()));
        Files.copy(zip, file);
        boolean blob = entry.getName().startsWith("blobs/");
        Files.setPosixFilePermissions(
            file, PosixFilePermissions.fromString(blob ? "r--r-----" : "rw-------"));
        if (blob) {
          Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2000-01-01T00:00:00Z")));
        }
      }
    }
  }

  private AssetCache open() {
    return AssetCache.open(
        CacheSettings.unchecked(root, root.resolve("state"), RegistrySettings.DEFAULT, 3));
  }

  @Test
  void u_01_a_cache_of_before_there_were_contents_opens_and_serves() throws IOException {
    try (AssetCache cache = open()) {
      Release head = cache.head(CHANNEL).orElseThrow();
      assertEquals(RELEASE, head.digest());
      assertEquals(Content.BOOT, head.content());
      assertEquals("v1.13.9", head.version());
      assertEquals(List.of(), cache.recoveries());
      for (Arch arch : Arch.values()) {
        assertTrue(Files.size(head.asset(arch, AssetName.VMLINUZ).orElseThrow().file()) > 0);
      }
      Invariants.check(root, cache, CHANNEL);
    }
  }

  @Test
  void u_01_what_its_records_do_not_say_of_a_uki_is_read_from_the_uki() {
    try (AssetCache cache = open()) {
      for (Release release :
          List.of(cache.release(RELEASE).orElseThrow(), cache.all().getFirst())) {
        for (Build build : release.builds().values()) {
          UkiLines uki = requireNonNull(build.uki());
          assertEquals(List.of("talos.platform=metal console=tty0"), uki.base());
          assertEquals(
              List.of("main", "reset-maintenance"),
              uki.profiles().stream().map(UkiLines.Profile::id).toList());
          assertTrue(uki.wipes(), "a stub that does not say its version may take any line");
        }
      }
    }
  }

  @Test
  void a_uki_that_cannot_be_read_is_not_guessed_at() throws IOException {
    Path uki =
        root.resolve(
            "blobs/sha256/9c06399524486f3da2c248cb815b3e9dba4ca39f1f89925ffdd603acda961007");
    byte[] wrong = Files.readAllBytes(uki);
    wrong[0] = 'X';
    Files.setPosixFilePermissions(uki, PosixFilePermissions.fromString("rw-r-----"));
    Files.write(uki, wrong);
    Files.setLastModifiedTime(uki, FileTime.from(Instant.parse("2000-01-01T00:00:00Z")));
    try (AssetCache cache = open()) {
      // The scrub of the start may have found it by now: then it is not served at all.
      Optional<Build> amd64 = cache.release(RELEASE).map(release -> release.builds().get(AMD64));
      assertTrue(amd64.isEmpty() || amd64.get().uki() == null);
    }
  }
}
