package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.ImageReferences;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.files.Disk;
import dev.moonboot.testing.FakeFactory;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Channels that follow the newest version of an Image Factory, and take more of it than to boot.
 */
class FactoryFollowTest {
  private static final String ID = Schematic.EMPTY.id();
  private static final SourceImage.Factory.Files ALL =
      new SourceImage.Factory.Files("nocloud", true, true);

  @TempDir Path root;
  private final FakeFactory factory = new FakeFactory();
  private AssetCache cache;

  @BeforeEach
  void start() {
    open();
    makes("v1.13.8");
    makes("v1.13.9");
    factory.lists("v1.12.4", "v1.13.8", "v1.13.9", "v1.14.0-beta.0");
  }

  private void open() {
    var timeouts =
        new RegistrySettings.Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(1));
    RegistrySettings registry =
        new RegistrySettings(
            Set.copyOf(factory.hosts()),
            List.of(),
            Set.of(),
            root.resolve("no-credentials.json"),
            null,
            List.of(),
            timeouts);
    cache =
        AssetCache.open(
            new CacheSettings(
                root.resolve("cache"), root.resolve("state"), registry, 1, AdmissionPolicy.OFF));
    cache.roots(() -> new Roots(Set.of("custom"), Set.of(), Set.of()));
  }

  @AfterEach
  void close() {
    cache.close();
    factory.close();
  }

  private void makes(String version) {
    factory.makes(ID, version, version.hashCode());
    factory.makesFor("nocloud", ID, version);
  }

  private Channel channel(String version, SourceImage.Factory.Files files) {
    var source = new SourceImage.Factory(factory.url(), ID, files);
    return new Channel("custom", new ImageReference(source, version, null), List.of(Arch.AMD64));
  }

  private Refresh look(String version) {
    return cache.refresh(channel(version, SourceImage.Factory.Files.METAL), Progress.NONE);
  }

  private static Release head(Refresh outcome) {
    return assertInstanceOf(Updated.class, outcome).head();
  }

  @Test
  void takes_the_newest_version_of_a_line_and_calls_it_by_its_own() {
    Release head = head(look("v1.13.*"));
    assertEquals("v1.13.9", head.version());
    assertEquals("factory:%s/%s:v1.13.9".formatted(factory.url(), ID), head.source());
    assertEquals(
        new Unchanged(head), look("v1.13.9")); // the same as that of the version written out
  }

  @Test
  void a_look_without_news_asks_for_the_versions_alone() {
    head(look("v1.13.*"));
    int before = factory.asked().size();
    assertInstanceOf(Unchanged.class, look("v1.13.*"));
    assertEquals(List.of("GET /versions"), factory.asked().subList(before, factory.asked().size()));
  }

  @Test
  void a_new_version_becomes_a_new_release() {
    head(look("v1.13.*"));
    makes("v1.13.10");
    factory.lists("v1.13.9", "v1.13.10", "v1.14.0");
    assertEquals("v1.13.10", head(look("v1.13.*")).version());
  }

  @Test
  void what_was_lost_of_an_older_version_is_fetched_again_by_its_digest() throws IOException {
    Channel line = channel("v1.13.*", ALL);
    Release old = head(cache.refresh(line, Progress.NONE));
    makes("v1.13.10");
    factory.lists("v1.13.9", "v1.13.10");
    Release head = head(cache.refresh(line, Progress.NONE));
    cache.close();
    Disk.deleteTree(root.resolve("cache"));
    open();
    for (Release lost : List.of(old, head)) {
      var again =
          assertInstanceOf(Fetched.Held.class, cache.fetch(line, lost.digest(), Progress.NONE));
      assertEquals(lost.version(), again.release().version());
      assertEquals(lost.digest(), again.release().digest());
    }
  }

  @Test
  void a_lost_head_is_fetched_again_where_the_newest_version_will_not_do() throws IOException {
    Release head = head(look("v1.13.*"));
    makes("v1.13.10");
    factory.put("/image/" + ID + "/v1.13.10/kernel-amd64", new byte[] {1, 2, 3});
    factory.lists("v1.13.9", "v1.13.10");
    cache.close();
    Disk.deleteTree(root.resolve("cache"));
    open();
    Refresh outcome = look("v1.13.*");
    Channel line = channel("v1.13.*", SourceImage.Factory.Files.METAL);
    assertEquals(
        Optional.of(head.digest()), cache.head(line).map(Release::digest), outcome.toString());
  }

  @Test
  void a_version_that_is_gone_is_held_until_somebody_accepts_it() {
    Release head = head(look("v1.13.*"));
    factory.lists("v1.13.8");
    Held held = assertInstanceOf(Held.class, look("v1.13.*"));
    assertEquals(Refresh.Caution.ROLLBACK, held.caution());
    assertTrue(
        held.why()
            .contains(":v1.13.* has v1.13.8 as its newest version now, and the head is v1.13.9"),
        held.why());
    Channel channel = channel("v1.13.*", SourceImage.Factory.Files.METAL);
    assertEquals(Optional.of(head), cache.head(channel));
    cache.accept(channel, held.digest());
    assertEquals("v1.13.8", head(look("v1.13.*")).version());
  }

  @Test
  void pre_releases_are_taken_when_they_are_asked_for() {
    makes("v1.14.0-beta.0");
    Failed failed = assertInstanceOf(Failed.class, look("v1.14.*"));
    assertEquals(Trouble.TAG_MISSING, failed.trouble());
    assertTrue(
        failed.why().endsWith(":v1.14.*: none of the versions there (4) is one of it"),
        failed.why());
    assertEquals("v1.14.0-beta.0", head(look("v1.14.*-pre")).version());
  }

  @Test
  void what_is_no_list_of_versions_leaves_the_head() {
    head(look("v1.13.*"));
    factory.put("/versions", "<html>".getBytes(UTF_8));
    Failed failed = assertInstanceOf(Failed.class, look("v1.13.*"));
    assertEquals(Trouble.BAD_ANSWER, failed.trouble());
    assertTrue(failed.why().contains("/versions answered with no list"), failed.why());
  }

  private static byte[] bytes(Release release, AssetName name) throws IOException {
    Asset asset = release.asset(Arch.AMD64, name).orElseThrow();
    return Files.readAllBytes(asset.file());
  }

  @Test
  void brings_uki_and_iso_of_a_platform_under_the_names_of_composed_ones() throws IOException {
    Release head = head(cache.refresh(channel("v1.13.9", ALL), Progress.NONE));
    assertEquals(
        "factory:%s/%s?platform=nocloud&uki&iso:v1.13.9".formatted(factory.url(), ID),
        head.source());
    assertEquals("talos.platform=nocloud\n", new String(bytes(head, AssetName.CMDLINE), UTF_8));
    assertArrayEquals(
        TestImages.Content.DEFAULT.withVersion("v1.13.9").uki(Arch.AMD64),
        bytes(head, AssetName.UKI));
    assertEquals(20 * 2048, bytes(head, AssetName.ISO).length);
    assertTrue(
        Optional.ofNullable(head.builds().get(Arch.AMD64)).orElseThrow().uki() != null,
        "its command lines are known");
    String folder = "GET /image/" + ID + "/v1.13.9/";
    assertEquals(
        List.of(
            folder + "kernel-amd64",
            folder + "initramfs-amd64.xz",
            folder + "cmdline-nocloud-amd64",
            folder + "nocloud-amd64-uki.efi",
            folder + "nocloud-amd64.iso"),
        factory.asked());
  }

  @Test
  void what_is_taken_decides_which_release_it_is() {
    Release plain = head(look("v1.13.9"));
    Release all = head(cache.refresh(channel("v1.13.9", ALL), Progress.NONE));
    assertNotEquals(plain.digest(), all.digest());
    assertEquals(plain, head(look("v1.13.9")));
  }

  @Test
  void a_uki_that_will_not_do_is_refused() {
    String uki = "/image/" + ID + "/v1.13.9/nocloud-amd64-uki.efi";
    byte[] right = TestImages.Content.DEFAULT.uki(Arch.AMD64);
    factory.put(uki, TestImages.Content.DEFAULT.uki(Arch.ARM64));
    assertRejected("nocloud-amd64-uki.efi is for arm64, not for amd64");
    factory.put(uki, Arrays.copyOf(right, right.length / 2));
    assertRejected("nocloud-amd64-uki.efi has a section .");
    factory.put(uki, "<html>not yet</html>".getBytes(UTF_8));
    assertRejected("nocloud-amd64-uki.efi is no PE file");
  }

  @Test
  void an_iso_that_will_not_do_is_refused() {
    String iso = "/image/" + ID + "/v1.13.9/nocloud-amd64.iso";
    factory.put(iso, new byte[100]);
    assertRejected("nocloud-amd64.iso is no ISO image: it has 100 bytes");
    factory.put(iso, new byte[18 * 2048]);
    assertRejected("nocloud-amd64.iso is no ISO image");
    makes("v1.13.9");
    factory.cut(iso, 19 * 2048);
    assertRejected("nocloud-amd64.iso is an ISO image of 40960 bytes, of which 38912 are there");
  }

  private void assertRejected(String why) {
    Rejected rejected =
        assertInstanceOf(Rejected.class, cache.refresh(channel("v1.13.9", ALL), Progress.NONE));
    assertTrue(rejected.why().contains(why), rejected.why());
  }

  @Test
  void its_name_can_be_read_again() {
    for (SourceImage.Factory.Files files :
        List.of(
            ALL,
            SourceImage.Factory.Files.METAL,
            new SourceImage.Factory.Files("metal", false, true))) {
      ImageReference image =
          new ImageReference(
              new SourceImage.Factory("https://factory.talos.dev", ID, files), "v1.13.9", null);
      assertEquals(image, ImageReferences.parse(image.toString()));
    }
  }
}
