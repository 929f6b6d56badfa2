package dev.moonboot.assets.cache;

import static dev.moonboot.assets.cache.CacheFixture.refresh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition.Base;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Refresh.Failed;
import dev.moonboot.assets.Refresh.Grounds;
import dev.moonboot.assets.Refresh.Rejected;
import dev.moonboot.assets.Refresh.Trouble;
import dev.moonboot.assets.Refresh.Updated;
import dev.moonboot.files.Disk;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.TarFixture;
import dev.moonboot.testing.TestImage;
import dev.moonboot.testing.TestImage.Packing;
import dev.moonboot.testing.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much disk composing takes, and is allowed to take. */
class ComposeRoomTest {
  private static final long MIB = 1 << 20;

  @TempDir Path root;
  private ComposeLab lab;

  @BeforeEach
  void open() {
    lab = new ComposeLab(root);
  }

  @AfterEach
  void close() throws IOException {
    Invariants.check(root, lab.cache(), lab.channel());
    lab.close();
  }

  private static TestImage noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(1).nextBytes(noise);
    return ExtensionImages.of(
        ExtensionImages.manifest("two", "v2"),
        (tar, arch) -> tar.file("rootfs/usr/local/share/two", noise));
  }

  /** An extension whose one file has so many GiB of zeros; its layer has some 100 KiB. */
  private static TestImage bomb(int gibibytes) {
    byte[] head =
        new TarFixture()
            .file("manifest.yaml", ExtensionImages.manifest("two", "v2"))
            .directory("rootfs", 0755)
            .header("rootfs/zeros", '0', "", 0, h -> size(h, (long) gibibytes << 30))
            .unfinished();
    byte[] zeros = Zstd.compress(new byte[(int) (64 * MIB)], 1);
    ByteArrayOutputStream layer = new ByteArrayOutputStream();
    layer.writeBytes(Zstd.compress(head, 1));
    for (int i = 0; i < gibibytes * 16; i++) {
      layer.writeBytes(zeros);
    }
    layer.writeBytes(Zstd.compress(new byte[1024], 1));
    TestImage.Blob blob = new TestImage.Blob(Packing.OCI_ZSTD.layerType(), layer.toByteArray());
    return TestImage.index(
        false,
        TestImage.platform(
            Arch.AMD64, true, false, List.of(blob), List.of(Digest.of(new byte[] {1}))));
  }

  /** In base 256, as GNU tar has it: octal digits end at 8 GiB. */
  private static void size(ByteBuffer header, long bytes) {
    header.putInt(124, 0x8000_0000).putLong(128, bytes);
  }

  @Test
  void c_07_room_for_what_is_unpacked_is_asked_for_before_anything_comes() {
    lab.push("acme/two", "v1", noise((int) (8 * MIB)));
    lab.quota = 20 * MIB;
    lab.reopen();
    Failed failed = assertInstanceOf(Failed.class, refresh(lab.cache(), lab.channel()));
    assertEquals(Trouble.NO_SPACE, failed.trouble(), failed.why());
    assertTrue(
        failed.why().contains("26 MiB are needed and the cache has 0 of the 20 MiB"), failed.why());
    assertTrue(failed.why().contains("raise cache-quota"), failed.why());
    assertEquals(1, lab.pulls("acme/two")); // its configuration
  }

  @Test
  void c_07_room_is_asked_for_before_a_base_is_pulled_to_learn_its_version() {
    lab.push("acme/talos", "latest", TestImages.installer(TestImages.Content.DEFAULT));
    lab.base = new Base.Image(lab.image("acme/talos", "latest"));
    lab.quota = 1;
    lab.reopen();
    Failed failed = assertInstanceOf(Failed.class, refresh(lab.cache(), lab.channel()));
    assertEquals(Trouble.NO_SPACE, failed.trouble(), failed.why());
    assertEquals(1, lab.pulls("acme/talos")); // its configuration
  }

  @Test
  void c_07_room_to_compose_is_asked_for_and_there_when_it_is() {
    lab.push("acme/two", "v1", noise((int) (8 * MIB)));
    lab.outputs = Set.of(Output.INITRAMFS, Output.PARTS);
    lab.quota = 40 * MIB;
    lab.reopen();
    Failed failed = assertInstanceOf(Failed.class, refresh(lab.cache(), lab.channel()));
    assertEquals(Trouble.NO_SPACE, failed.trouble(), failed.why());
    assertEquals(0, lab.composer.runs.get());
    lab.quota = 80 * MIB;
    lab.reopen();
    assertInstanceOf(Updated.class, refresh(lab.cache(), lab.channel()));
  }

  @Test
  void x_12_an_extension_that_unpacks_to_more_than_there_is_room_for_is_stopped_on_the_way() {
    lab.push("acme/two", "v1", bomb(1));
    lab.quota = 40 * MIB;
    lab.reopen();
    Failed failed = assertInstanceOf(Failed.class, refresh(lab.cache(), lab.channel()));
    assertEquals(Trouble.NO_SPACE, failed.trouble(), failed.why());
  }

  @Test
  void x_12_an_extension_of_10_gibibytes_of_zeros_is_refused_with_little_written()
      throws Exception {
    for (int gibibytes : List.of(1, 10)) {
      lab.push("acme/two", "v1", bomb(gibibytes));
      AtomicLong most = new AtomicLong();
      boolean[] ended = {false};
      Thread watch =
          Thread.ofVirtual()
              .start(() -> {
                while (!ended[0]) {
                  most.accumulateAndGet(size(), Math::max);
                  LockSupport.parkNanos(5_000_000);
                }
              });
      Rejected rejected = assertInstanceOf(Rejected.class, refresh(lab.cache(), lab.channel()));
      ended[0] = true;
      watch.join();
      assertEquals(Grounds.CONTENT, rejected.grounds());
      assertTrue(rejected.why().contains("acme/two:v1"), rejected.why());
      assertTrue(
          rejected.why().contains(gibibytes == 1 ? "200 times its size" : "more than 2048 MiB"),
          rejected.why());
      assertTrue(most.get() < 160 * MIB, () -> most + " bytes on the disk");
    }
  }

  private long size() {
    try {
      return Disk.sizeOf(root);
    } catch (IOException e) {
      return 0;
    }
  }
}
