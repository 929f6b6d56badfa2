package dev.moonboot.assets.cache;

import static dev.moonboot.assets.Arch.ARM64;
import static dev.moonboot.assets.cache.CacheFixture.channel;
import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Fetched;
import dev.moonboot.assets.Head;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Recovery;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Held;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Unchanged;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.files.Disk;
import dev.moonboot.files.SealedFile;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of the two directories is lost, damaged or not to be written. */
class LostStateTest {
  private static final Channel DEMO = channel("custom", "demo", ARM64);

  @TempDir Path root;
  private CacheFixture fixture;
  private AssetCache cache;
  private Digest one;
  private Digest two;

  @BeforeEach
  void two_releases_are_held() {
    fixture = new CacheFixture(root);
    cache = fixture.open();
    one = fixture.registry.push("demo", "one", ARM64);
    updated();
    two = fixture.registry.push("demo", "two", ARM64);
    updated();
  }

  @AfterEach
  void close() {
    cache.close();
  }

  private Updated updated() {
    Refresh outcome = refresh(cache, DEMO);
    return assertInstanceOf(Updated.class, outcome, outcome.toString());
  }

  private Optional<Digest> head() {
    return cache.head(DEMO).map(Release::digest);
  }

  private List<Digest> history() {
    return cache.history(DEMO).stream().map(Head::release).toList();
  }

  private Path slot(int serial) {
    return CacheFixture.state(root).resolve("channels/custom." + serial % 2);
  }

  private void reopen() {
    cache.close();
    cache = fixture.open();
  }

  /** What can become of a file of the state. */
  enum Damage {
    EMPTY,
    TRUNCATED,
    WRONG_JSON,
    WRONG_CHECKSUM,
    NEWER_SCHEMA,
    OF_ANOTHER_CHANNEL;

    void doTo(Path file) throws IOException {
      String text = Files.readString(file);
      switch (this) {
        case EMPTY -> Files.writeString(file, "");
        case TRUNCATED -> Files.writeString(file, text.substring(0, text.length() / 2));
        case WRONG_JSON -> seal(file, Map.of("serial", Json.Num.of(9), "heads", Json.Num.of(1)));
        case WRONG_CHECKSUM -> Files.writeString(file, text.replace("demo", "Demo"));
        case NEWER_SCHEMA -> {
          String newer = text.substring(0, text.lastIndexOf("sha256:"));
          newer = newer.replace("\"schema\": 1", "\"schema\": 2");
          Files.writeString(file, newer + Digest.of(newer.getBytes(UTF_8)) + "\n");
        }
        case OF_ANOTHER_CHANNEL -> {
          Map<String, Json> members = new LinkedHashMap<>(SealedFile.read(file).members());
          members.remove("schema");
          members.put("channel", new Json.Str("other"));
          seal(file, members);
        }
      }
    }

    private static void seal(Path file, Map<String, Json> members) throws IOException {
      SealedFile.write(file, new Json.Obj(members), PosixFilePermissions.fromString("rw-------"));
    }
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void c_16_one_damaged_slot_leaves_the_state_before_it_and_is_told_once(Damage damage)
      throws IOException {
    cache.close();
    damage.doTo(slot(2));
    cache = fixture.open();
    assertEquals(1, cache.recoveries().size());
    Recovery recovery = cache.recoveries().getFirst();
    assertEquals("custom", recovery.channel());
    assertTrue(recovery.why().contains("custom"), recovery.why());
    assertEquals(one, recovery.head());
    assertEquals(Optional.of(one), head());
    reopen();
    assertEquals(List.of(), cache.recoveries());
    refresh(cache, DEMO);
    assertEquals(Optional.of(two), head());
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void c_16_with_both_slots_damaged_the_newest_release_of_its_image_is_the_head(Damage damage)
      throws IOException {
    cache.close();
    damage.doTo(slot(1));
    damage.doTo(slot(2));
    cache = fixture.open();
    assertEquals(Optional.of(two), head());
    assertEquals(List.of(two, one), history());
    assertEquals(
        List.of(
            new Recovery(
                "custom",
                two,
                "its state was lost; the newest release of registry.example/acme/talos:demo that"
                    + " is held is its head")),
        cache.recoveries());
    assertEquals(new Unchanged(cache.head(DEMO).orElseThrow()), refresh(cache, DEMO));
    reopen();
    assertEquals(List.of(), cache.recoveries());
    assertEquals(List.of(two, one), history());
    fixture.registry.tag("demo", one); // what was there before is known to have been
    assertInstanceOf(Held.class, refresh(cache, DEMO));
  }

  @Test
  void c_16_a_state_that_is_gone_as_a_whole_is_rebuilt() throws IOException {
    cache.close();
    Disk.deleteTree(CacheFixture.state(root));
    cache = fixture.open();
    assertEquals(Optional.of(two), head());
    assertEquals(two, cache.recoveries().getFirst().head());
    assertEquals(Optional.empty(), cache.head(channel("other", "nothing", ARM64)));
    reopen();
    assertEquals(Optional.of(two), head());
    assertEquals(List.of(), cache.recoveries());
  }

  @Test
  void a_channel_that_is_new_is_nothing_lost() {
    reopen();
    assertEquals(Optional.empty(), cache.head(channel("another", "demo", ARM64)));
    assertEquals(List.of(), cache.recoveries());
  }

  private void loseCache() throws IOException {
    cache.close();
    try (var entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (!entry.equals(CacheFixture.state(root))) {
          Disk.deleteTree(entry);
        }
      }
    }
    cache = fixture.open();
    assertEquals(Optional.empty(), head());
    assertEquals(List.of(two, one), history());
  }

  @Test
  void i4_after_the_cache_is_lost_the_head_comes_back() throws IOException {
    loseCache();
    assertEquals(two, updated().head().digest());
    assertEquals(List.of(two, one), history());
  }

  @Test
  void i4_after_the_cache_is_lost_the_head_comes_back_by_its_digest_where_the_tag_is_gone()
      throws IOException {
    loseCache();
    fixture.registry.untag("demo");
    assertEquals(two, updated().head().digest());
    assertEquals(Optional.of(two), head());
    assertEquals(
        Trouble.TAG_MISSING, assertInstanceOf(Failed.class, refresh(cache, DEMO)).trouble());
    assertEquals(Optional.of(two), head());
  }

  @Test
  void i4_after_the_cache_is_lost_a_tag_that_went_back_is_held_and_the_head_comes_back()
      throws IOException {
    loseCache();
    fixture.registry.tag("demo", one);
    assertEquals(two, updated().head().digest());
    assertInstanceOf(Held.class, refresh(cache, DEMO));
    assertEquals(Optional.of(two), head());
  }

  @Test
  void after_the_cache_is_lost_a_tag_that_moved_on_is_followed() throws IOException {
    loseCache();
    Digest three = fixture.registry.push("demo", "three", ARM64);
    assertEquals(three, updated().head().digest());
    assertEquals(List.of(three, two, one), history());
  }

  /** A file stands where the state is to be: not even root can make a directory there. */
  private void blockState() throws IOException {
    cache.close();
    Path state = CacheFixture.state(root);
    Files.move(state, root.resolve("state.away"));
    Files.writeString(state, "in the way");
    cache = fixture.open();
  }

  private void unblockState() throws IOException {
    Files.delete(CacheFixture.state(root));
    Files.move(root.resolve("state.away"), CacheFixture.state(root));
  }

  @Test
  void a_state_that_cannot_be_made_refuses_no_start_and_serving_goes_on() throws IOException {
    blockState();
    assertEquals(Optional.of(two), head());
    Release head = cache.head(DEMO).orElseThrow();
    assertEquals(new Unchanged(head), refresh(cache, DEMO));
    Digest three = fixture.registry.push("demo", "three", ARM64);
    Failed failed = assertInstanceOf(Failed.class, refresh(cache, DEMO));
    assertEquals(Trouble.READ_ONLY, failed.trouble());
    assertTrue(failed.why().contains(CacheFixture.state(root).toString()), failed.why());
    assertEquals(Optional.of(two), head());
    assertThrows(CacheException.class, () -> cache.accept(DEMO, one));
    assertInstanceOf(Fetched.Held.class, cache.fetch(DEMO, three, Progress.NONE));
  }

  @Test
  void a_state_that_comes_back_is_read_before_it_is_written() throws IOException {
    blockState();
    Digest three = fixture.registry.push("demo", "three", ARM64);
    assertInstanceOf(Failed.class, refresh(cache, DEMO));
    unblockState();
    fixture.registry.tag("demo", one); // it knows that this one was replaced
    assertInstanceOf(Held.class, refresh(cache, DEMO));
    fixture.registry.tag("demo", three);
    Refresh first = refresh(cache, DEMO);
    if (first instanceof Failed) {
      first = refresh(cache, DEMO);
    }
    assertEquals(three, assertInstanceOf(Updated.class, first).head().digest());
    assertEquals(List.of(three, two, one), history());
    reopen();
    assertEquals(List.of(three, two, one), history());
  }
}
