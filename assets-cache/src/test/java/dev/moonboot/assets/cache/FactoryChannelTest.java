package dev.moonboot.assets.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Admission;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Roots;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.verify.AdmissionPolicy;
import dev.moonboot.assets.verify.SignaturePolicy;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.files.Disk;
import dev.moonboot.testing.FakeFactory;
import dev.moonboot.testing.KernelFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels of an Image Factory, against one that behaves as the public one does. */
class FactoryChannelTest {
  private static final String TEXT =
      """
      customization:
        extraKernelArgs: [x=1]
      """;
  private static final String ID = Schematic.parse(TEXT).id();

  @TempDir Path root;
  private final FakeFactory factory = new FakeFactory();
  private AssetCache cache;

  @BeforeEach
  void open() {
    cache = open(AdmissionPolicy.OFF);
    factory.makes(ID, "v1.13.9", 1);
  }

  @AfterEach
  void close() {
    cache.close();
    factory.close();
  }

  private AssetCache open(AdmissionPolicy policy) {
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
    AssetCache opened =
        AssetCache.open(
            new CacheSettings(root.resolve("cache"), root.resolve("state"), registry, 1, policy));
    opened.roots(() -> new Roots(Set.of("custom"), Set.of(), Set.of()));
    return opened;
  }

  private Channel channel(String schematic, String version) {
    var source = new SourceImage.Factory(factory.url(), schematic);
    return new Channel(
        "custom", new ImageReference(source, version, null), List.of(Arch.AMD64, Arch.ARM64));
  }

  private Refresh refresh(Channel channel) {
    return cache.refresh(channel, Progress.NONE);
  }

  private Release updated(Channel channel) {
    return assertInstanceOf(Refresh.Updated.class, refresh(channel)).head();
  }

  @Test
  void brings_what_the_factory_makes_of_a_schematic() throws IOException {
    Release release = updated(channel(TEXT, "v1.13.9"));
    assertEquals("factory:" + factory.url() + "/" + ID + ":v1.13.9", release.source());
    assertEquals("v1.13.9", release.version());
    assertEquals(Set.of(Arch.AMD64, Arch.ARM64), release.builds().keySet());
    Asset kernel = release.asset(Arch.AMD64, AssetName.VMLINUZ).orElseThrow();
    assertEquals(
        List.of(KernelFixture.bzImage("6.18.9-talos").length),
        List.of(Files.readAllBytes(kernel.file()).length));
    Asset cmdline = release.asset(Arch.ARM64, AssetName.CMDLINE).orElseThrow();
    assertEquals("talos.platform=metal x=1\n", Files.readString(cmdline.file()));
    assertTrue(release.asset(Arch.ARM64, AssetName.IMAGE).isPresent());
    assertEquals(
        List.of(
            "POST /schematics",
            "GET /image/" + ID + "/v1.13.9/kernel-amd64",
            "GET /image/" + ID + "/v1.13.9/initramfs-amd64.xz",
            "GET /image/" + ID + "/v1.13.9/cmdline-metal-amd64",
            "GET /image/" + ID + "/v1.13.9/kernel-arm64",
            "GET /image/" + ID + "/v1.13.9/initramfs-arm64.xz",
            "GET /image/" + ID + "/v1.13.9/cmdline-metal-arm64"),
        factory.asked());
  }

  @Test
  void a_look_without_news_asks_the_factory_nothing() {
    updated(channel(TEXT, "v1.13.9"));
    int before = factory.asked().size();
    assertInstanceOf(Refresh.Unchanged.class, refresh(channel(TEXT, "v1.13.9")));
    assertInstanceOf(Refresh.Unchanged.class, refresh(channel(ID, "v1.13.9")));
    assertEquals(before, factory.asked().size());
  }

  @Test
  void another_version_or_schematic_is_another_release_and_going_back_needs_nobody() {
    Release first = updated(channel(TEXT, "v1.13.9"));
    factory.makes(ID, "v1.13.10", 2);
    Release second = updated(channel(TEXT, "v1.13.10"));
    assertNotEquals(first.digest(), second.digest());
    factory.makes(Schematic.EMPTY.id(), "v1.13.10", 2);
    Release third = updated(channel("customization: {}", "v1.13.10"));
    assertNotEquals(second.digest(), third.digest());
    assertEquals(first, updated(channel(TEXT, "v1.13.9")));
  }

  @Test
  void follows_redirects_to_the_factorys_store() {
    factory.redirect();
    assertEquals(2, updated(channel(ID, "v1.13.9")).builds().size());
  }

  @Test
  void comes_back_when_it_is_told_to_and_after_server_errors() {
    factory.fail(3, 503);
    updated(channel(TEXT, "v1.13.9"));
    factory.makes(ID, "v1.13.10", 2);
    factory.fail(3, 500);
    updated(channel(TEXT, "v1.13.10"));
  }

  @Test
  void an_unknown_version_or_schematic_leaves_the_head() {
    Release head = updated(channel(TEXT, "v1.13.9"));
    var failed = assertInstanceOf(Refresh.Failed.class, refresh(channel(TEXT, "v1.13.99")));
    assertEquals(Refresh.Trouble.TAG_MISSING, failed.trouble());
    assertTrue(failed.why().endsWith(": answered 404 (not found)"), failed.why());
    failed =
        assertInstanceOf(Refresh.Failed.class, refresh(channel("customisation: {}", "v1.13.9")));
    assertEquals(Refresh.Trouble.BAD_ANSWER, failed.trouble());
    assertTrue(failed.why().contains("answered 400 (customisation (line 1): no such field"));
    assertEquals(head, cache.head(channel(TEXT, "v1.13.9")).orElseThrow());
  }

  @Test
  void what_will_not_boot_is_refused_and_asked_for_again_the_next_time() {
    factory.put("/image/" + ID + "/v1.13.9/kernel-arm64", KernelFixture.bzImage("6.18.9-talos"));
    var rejected = assertInstanceOf(Refresh.Rejected.class, refresh(channel(TEXT, "v1.13.9")));
    assertEquals(Refresh.Grounds.CONTENT, rejected.grounds());
    assertTrue(
        rejected.why().contains("kernel-arm64 is a kernel for amd64 (BZIMAGE), not for arm64"),
        rejected.why());
    factory.makes(ID, "v1.13.9", 1);
    updated(channel(TEXT, "v1.13.9"));
  }

  @Test
  void what_came_whole_is_not_asked_for_again_after_a_failure() {
    String last = "/image/" + ID + "/v1.13.9/cmdline-metal-arm64";
    factory.remove(last);
    assertInstanceOf(Refresh.Failed.class, refresh(channel(ID, "v1.13.9")));
    int before = factory.asked().size();
    factory.makes(ID, "v1.13.9", 1);
    updated(channel(ID, "v1.13.9"));
    assertEquals(List.of("GET " + last), factory.asked().subList(before, factory.asked().size()));
  }

  @Test
  void kernel_and_initramfs_are_of_one_make_though_the_first_came_long_ago() throws IOException {
    factory.remove("/image/" + ID + "/v1.13.9/cmdline-metal-arm64");
    assertInstanceOf(Refresh.Failed.class, refresh(channel(ID, "v1.13.9")));
    try (var files = Files.walk(root.resolve("cache/ingest"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
      }
    }
    factory.makes(ID, "v1.13.9", 2);
    Release release = updated(channel(ID, "v1.13.9"));
    beginAnew();
    assertEquals(release.digest(), updated(channel(ID, "v1.13.9")).digest());
  }

  private void beginAnew() throws IOException {
    cache.close();
    Disk.deleteTree(root);
    cache = open(AdmissionPolicy.OFF);
  }

  @Test
  void a_release_of_a_factory_can_be_fetched_by_its_digest() throws IOException {
    Release release = updated(channel(TEXT, "v1.13.9"));
    assertEquals(
        new Fetched.Held(release),
        cache.fetch(channel(TEXT, "v1.13.9"), release.digest(), Progress.NONE));
    cache.close();
    deleteCache();
    cache = open(AdmissionPolicy.OFF);
    var again =
        assertInstanceOf(
            Fetched.Held.class,
            cache.fetch(channel(TEXT, "v1.13.9"), release.digest(), Progress.NONE));
    assertEquals(release.digest(), again.release().digest());
  }

  @Test
  void releases_of_one_name_for_other_architectures_do_not_take_each_others_place() {
    for (int patch = 0; patch < 10; patch++) { // as one alone may be in the right place by chance
      String version = "v1.13." + patch;
      factory.makes(ID, version, patch);
      Channel one = channel(ID, version, Arch.AMD64);
      Channel both = channel(ID, version, Arch.AMD64, Arch.ARM64);
      Release ofOne = updated(one);
      Release ofBoth = updated(both);
      assertNotEquals(ofOne.digest(), ofBoth.digest());
      assertEquals(new Refresh.Unchanged(ofOne), refresh(one));
      assertEquals(new Refresh.Unchanged(ofBoth), refresh(both));
    }
  }

  private Channel channel(String schematic, String version, Arch... arches) {
    var image =
        new ImageReference(new SourceImage.Factory(factory.url(), schematic), version, null);
    return new Channel("of-" + arches.length, image, List.of(arches));
  }

  private void deleteCache() throws IOException {
    Disk.deleteTree(root.resolve("cache"));
  }

  @Test
  void a_policy_that_asks_for_signatures_refuses_before_anything_is_fetched() {
    cache.close();
    cache =
        open(
            SignaturePolicy.of(
                new TrustPolicy(
                    Admission.Mode.REQUIRE,
                    List.of(),
                    Set.of(),
                    AdmissionPolicy.RollbackRule.DEFAULT,
                    TrustPolicy.Limits.DEFAULT)));
    var rejected = assertInstanceOf(Refresh.Rejected.class, refresh(channel(ID, "v1.13.9")));
    assertEquals(Refresh.Grounds.SIGNATURE, rejected.grounds());
    assertTrue(rejected.why().contains("let it in by a rule of its own"), rejected.why());
    assertEquals(List.of(), factory.asked());
  }

  @Test
  void a_policy_that_warns_lets_it_in_with_a_warning() {
    cache.close();
    cache = open(SignaturePolicy.of(TrustPolicy.NONE));
    Release release = updated(channel(ID, "v1.13.9"));
    assertTrue(release.admission().warning().contains("no rule of the signature policy"));
  }
}
