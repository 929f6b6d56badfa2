package dev.moonboot.release;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleasePathsTest {
  private static final String NODE = "10.0.0.7";
  private static final String OTHER = "10.0.0.8";

  @TempDir Path folder;
  private final AtomicLong nanos = new AtomicLong();
  private final Served served = new Served(nanos::get, () -> Instant.EPOCH);
  private final LastScripts scripts = new LastScripts(nanos::get);
  private final Releases releases =
      new Releases(
          List.of(SampleReleases.channel("custom"), SampleReleases.channel("edge", ARM64)),
          "custom");
  private final ReleasePaths paths = new ReleasePaths(releases, served, scripts);
  private Release old;
  private Release head;
  private Release pinned;

  @BeforeEach
  void someReleases() {
    SampleReleases samples = new SampleReleases(folder);
    old = samples.release("old", AMD64, ARM64);
    head = samples.release("head", AMD64, ARM64);
    pinned = samples.release("pinned", ARM64);
    releases.advance("custom", List.of(head, old));
    releases.offer(pinned);
  }

  private Release found(String path, String client) {
    return assertInstanceOf(AssetLookup.Found.class, paths.lookup(path, client)).release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"custom", "edge", "gone"})
  void a_path_by_digest_means_any_release_that_is_held_below_any_channel(String channel) {
    for (Release release : List.of(old, head, pinned)) {
      String path = "talos/" + channel + "/" + release.digest().fileName() + "/vmlinuz-arm64";
      AssetLookup.Found found = assertInstanceOf(AssetLookup.Found.class, paths.lookup(path, NODE));
      assertEquals(release, found.release());
      assertEquals("/assets/" + path, found.immutablePath());
      assertTrue(found.immutable());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"talos/custom/vmlinuz-arm64", "talos/arm64/vmlinuz", "talos/custom/arm64/vmlinuz"})
  void a_path_without_a_digest_follows_the_last_script_of_whoever_asks(String path) {
    paths.told(NODE, Map.of("custom", old.digest()));
    AssetLookup.Found found = assertInstanceOf(AssetLookup.Found.class, paths.lookup(path, NODE));
    assertEquals(old, found.release());
    assertTrue(!found.immutable() && found.immutablePath().contains(old.digest().fileName()));
    assertEquals(head, found(path, OTHER));
    paths.told(NODE, Map.of("custom", head.digest()));
    assertEquals(head, found(path, NODE));
  }

  @Test
  void for_half_an_hour() {
    paths.told(NODE, Map.of("custom", old.digest()));
    nanos.addAndGet(Duration.ofMinutes(30).toNanos());
    assertEquals(old, found("talos/custom/vmlinuz-arm64", NODE));
    nanos.addAndGet(1);
    assertEquals(head, found("talos/custom/vmlinuz-arm64", NODE));
  }

  @Test
  void what_the_last_script_named_and_is_gone_or_lacks_the_file_gives_way_to_the_head() {
    paths.told(NODE, Map.of("custom", pinned.digest()));
    assertEquals(head, found("talos/custom/vmlinuz-amd64", NODE)); // several nodes behind one NAT
    releases.keep(() -> List.of(head, old));
    assertEquals(head, found("talos/custom/vmlinuz-arm64", NODE));
  }

  @Test
  void what_the_release_of_the_last_script_has_not_is_not_that_of_the_head() {
    String file = AssetName.INITRAMFS_EXTENSIONS.flatName(ARM64);
    releases.advance("custom", List.of(withExtensions(head), old));
    paths.told(NODE, Map.of("custom", old.digest()));
    for (String beside : List.of("", ".sha256")) {
      String path = "talos/custom/" + file + beside;
      AssetLookup.Missing missing =
          assertInstanceOf(AssetLookup.Missing.class, paths.lookup(path, NODE));
      assertTrue(missing.why().contains(old.digest().toString()), missing.why());
    }
    assertEquals(head.digest(), found("talos/custom/" + file, OTHER).digest());
  }

  /** As the same channel makes it since base and extensions are wanted apart. */
  private static Release withExtensions(Release release) {
    Build build = Optional.ofNullable(release.builds().get(ARM64)).orElseThrow();
    Asset initramfs = Optional.ofNullable(build.assets().get(AssetName.INITRAMFS)).orElseThrow();
    Map<AssetName, Asset> assets = new HashMap<>(build.assets());
    assets.put(
        AssetName.INITRAMFS_EXTENSIONS,
        new Asset(
            AssetName.INITRAMFS_EXTENSIONS,
            ARM64,
            initramfs.file(),
            initramfs.size(),
            initramfs.digest()));
    Build apart =
        new Build(
            build.manifest(),
            build.layers(),
            build.layout(),
            build.talosVersion(),
            build.kernelRelease(),
            build.extensions(),
            assets);
    return new Release(release.digest(), release.source(), Map.of(ARM64, apart), release.created());
  }

  @Test
  void a_node_that_was_told_of_what_is_damaged_since_waits_for_it() {
    paths.told(NODE, Map.of("custom", old.digest()));
    releases.damaged(Set.of(old.digest()), releases::held);
    assertEquals(
        new AssetLookup.NotReady("custom"), paths.lookup("talos/custom/vmlinuz-arm64", NODE));
    assertEquals(head, found("talos/custom/vmlinuz-arm64", OTHER));
  }

  @Test
  void a_checksum_is_that_of_the_file_beside_it() {
    paths.told(NODE, Map.of("custom", old.digest()));
    AssetLookup.Checksum checksum =
        assertInstanceOf(
            AssetLookup.Checksum.class, paths.lookup("talos/custom/vmlinuz-arm64.sha256", NODE));
    assertEquals(old, checksum.of().release());
  }

  @Test
  void of_many_clients_the_latest_are_remembered() {
    for (int i = 0; i < LastScripts.MOST + 1; i++) {
      scripts.told("client " + i, Map.of("custom", old.digest()));
      scripts.told("client 1", Map.of("custom", old.digest()));
    }
    assertEquals(Optional.empty(), scripts.of("client 0", "custom"));
    assertEquals(Optional.of(old.digest()), scripts.of("client 1", "custom"));
    assertEquals(Optional.of(old.digest()), scripts.of("client 4096", "custom"));
  }

  @Test
  void a_damaged_release_is_waited_for_by_every_path() {
    releases.damaged(Set.of(head.digest()), releases::held);
    String byDigest = "talos/custom/" + head.digest().fileName() + "/vmlinuz-arm64";
    assertEquals(new AssetLookup.NotReady("custom"), paths.lookup(byDigest, NODE));
    assertEquals(
        new AssetLookup.NotReady("custom"), paths.lookup("talos/custom/vmlinuz-arm64", NODE));
    assertEquals(Optional.empty(), releases.effective("talos", "custom"));
    String byOld = "talos/custom/" + old.digest().fileName() + "/vmlinuz-arm64";
    assertEquals(old, found(byOld, NODE));
    releases.damaged(Set.of(), releases::held);
    assertEquals(head, found(byDigest, NODE));
  }

  @Test
  void c_20_what_was_served_or_is_being_served_is_needed_for_half_an_hour() {
    found("talos/custom/vmlinuz-arm64", NODE);
    Served.Use sending = paths.begin(old.digest());
    assertEquals(Set.of(head.digest(), old.digest()), served.recent());
    nanos.addAndGet(Duration.ofHours(2).toNanos());
    assertEquals(Set.of(old.digest()), served.recent());
    sending.close();
    sending.close(); // once is enough
    assertEquals(Set.of(old.digest()), served.recent());
    assertEquals(Optional.of(Instant.EPOCH), served.last(old.digest()));
    assertEquals(Optional.empty(), served.last(Digest.of(new byte[0])));
    nanos.addAndGet(Served.RECENT.toNanos() + 1);
    assertEquals(Set.of(), served.recent());
    served.keep(List.of(head));
    assertEquals(Optional.empty(), served.last(old.digest()));
    assertEquals(Optional.of(Instant.EPOCH), served.last(head.digest()));
  }
}
