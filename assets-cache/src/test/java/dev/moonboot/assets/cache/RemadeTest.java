package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Damage;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.Remade;
import dev.moonboot.files.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Releases that are made again, by a moonboot that makes other bytes of the same recipe. */
class RemadeTest {
  @TempDir Path root;
  private ComposeLab lab;
  private Release first;
  private final List<Remade> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void compose() {
    lab = new ComposeLab(root);
    lab.cache().watchRemade(told::add);
    first = assertInstanceOf(Updated.class, refresh(lab.cache(), lab.channel())).head();
  }

  @AfterEach
  void close() throws IOException {
    Invariants.check(root, lab.cache(), lab.channel());
    lab.close();
  }

  private Release healed() throws IOException {
    CareLab.damage(first);
    lab.cache().scrub(Progress.NONE);
    await(() -> lab.cache().release(first.digest()).isPresent());
    return lab.cache().release(first.digest()).orElseThrow();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come true within 30 s");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static Digest initramfs(Release release) {
    return release.asset(Arch.AMD64, AssetName.INITRAMFS).orElseThrow().digest();
  }

  @Test
  void s_15_the_same_bytes_are_nothing_to_tell_of() throws IOException {
    assertEquals(initramfs(first), initramfs(healed()));
    assertEquals(List.of(), told);
    assertEquals(Optional.empty(), lab.cache().remade(first.digest()));
  }

  @Test
  void s_15_other_bytes_are_served_and_told_of_also_after_a_start() throws IOException {
    List<Damage> damage = new CopyOnWriteArrayList<>();
    lab.cache().watch(damage::add);
    lab.composer.salt = "made by another version";
    Release healed = healed();
    await(() -> damage.getLast().releases().isEmpty());
    assertEquals(Set.of(first.digest()), damage.get(damage.size() - 2).releases());
    assertNotEquals(initramfs(first), initramfs(healed));
    Remade remade = lab.cache().remade(first.digest()).orElseThrow();
    assertEquals(List.of(remade), told);
    assertEquals(
        List.of("amd64/SHA512SUMS", "initramfs-amd64.xz"),
        remade.files().stream().sorted().toList());
    assertTrue(remade.why().contains("take its checksums anew"), remade.why());
    lab.reopen();
    assertEquals(Optional.of(remade), lab.cache().remade(first.digest()));
    assertEquals(Optional.of(healed), lab.cache().release(first.digest()));
  }

  @Test
  void a_lost_cache_that_comes_back_with_other_bytes_is_told_of_too() throws IOException {
    lab.cache().close();
    Disk.deleteTree(root.resolve("releases"));
    Disk.deleteTree(root.resolve("blobs"));
    lab.composer.salt = "made by another version";
    lab.reopen();
    lab.cache().watchRemade(told::add);
    refresh(lab.cache(), lab.channel());
    assertEquals(1, told.size());
    assertEquals(Optional.of(told.getFirst()), lab.cache().remade(first.digest()));
  }

  @Test
  void a_recipe_that_is_damaged_is_written_anew() throws IOException {
    Path recipe =
        CacheFixture.state(root).resolve("recipes/" + first.digest().fileName() + ".json");
    Files.writeString(recipe, Files.readString(recipe).replace("compute", "computers"));
    Files.write(recipe, new byte[10]);
    lab.composer.salt = "made by another version";
    lab.cache().close();
    Disk.deleteTree(root.resolve("releases"));
    lab.reopen();
    refresh(lab.cache(), lab.channel());
    assertEquals(Optional.of(first.digest()), lab.cache().head(lab.channel()).map(Release::digest));
    assertEquals(Optional.empty(), lab.cache().remade(first.digest())); // it cannot be known
  }
}
