package dev.moonboot.firmware;

import static dev.moonboot.firmware.FirmwareFixture.MAC;
import static dev.moonboot.firmware.FirmwareFixture.WHO;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.Neighbours;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeUkisTest {
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void who_keeps_asking_goes_on_with_the_same_file_and_who_comes_back_gets_the_newest(
      @TempDir Path folder) throws IOException {
    var firmware = new FirmwareFixture(folder);
    var ukis = ukis(firmware);
    Release one = firmware.publish("one");
    assertEquals(uki(one), ukis.find(MAC, Arch.ARM64, WHO));
    Release two = firmware.publish("two");
    for (int i = 0; i < 5; i++) {
      nanos.addAndGet(NodeUkis.SAME_BOOT.toNanos());
      assertEquals(uki(one), ukis.find(MAC, Arch.ARM64, WHO));
    }
    nanos.addAndGet(NodeUkis.SAME_BOOT.plus(Duration.ofNanos(1)).toNanos());
    assertEquals(uki(two), ukis.find(MAC, Arch.ARM64, WHO));
  }

  /** One that restarts again and again, because what it got is bad, is not held there for ever. */
  @Test
  void who_never_stops_asking_gets_the_newest_in_the_end(@TempDir Path folder) throws IOException {
    var firmware = new FirmwareFixture(folder);
    var ukis = ukis(firmware);
    Release one = firmware.publish("one");
    assertEquals(uki(one), ukis.find(MAC, Arch.ARM64, WHO));
    Release two = firmware.publish("two");
    for (int i = 0; i < 120; i++) {
      nanos.addAndGet(Duration.ofSeconds(30).toNanos());
      var _ = ukis.find(MAC, Arch.ARM64, WHO);
    }
    assertEquals(uki(two), ukis.find(MAC, Arch.ARM64, WHO));
  }

  @Test
  void a_release_that_is_damaged_is_not_gone_on_with(@TempDir Path folder) throws IOException {
    var firmware = new FirmwareFixture(folder);
    var ukis = ukis(firmware);
    Release one = firmware.publish("one");
    assertEquals(uki(one), ukis.find(MAC, Arch.ARM64, WHO));
    Release two = firmware.publish("two");
    firmware.releases.damaged(Set.of(one.digest()), firmware.releases::held);
    assertEquals(uki(two), ukis.find(MAC, Arch.ARM64, WHO));
  }

  private NodeUkis ukis(FirmwareFixture firmware) throws IOException {
    firmware.talos("", "'first':'uki'");
    return new NodeUkis(
        (labels, _) -> firmware.planner.plan(labels),
        new KnownNodes(firmware.sightings, new Neighbours()),
        new UkiGuard(firmware.catalog, firmware.releases),
        new BootNotes(new Meters(), firmware.boots, firmware.paths),
        nanos::get);
  }

  private static NodeFile uki(Release release) {
    return new NodeFile.OfRelease(release.asset(Arch.ARM64, AssetName.UKI).orElseThrow(), release);
  }
}
