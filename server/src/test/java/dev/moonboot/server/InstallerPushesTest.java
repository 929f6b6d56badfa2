package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.admin.PushStatus;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.http.InstallerLab;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.installer.ReleaseSignatures;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.metrics.Meters;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.FakeRegistryReply;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of installer images that are put elsewhere. */
class InstallerPushesTest {
  @TempDir Path folder;
  private final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  private final Meters meters = new Meters();
  private FakeRegistry registry;
  private InstallerLab lab;
  private SourceImage.Repository to;
  private InstallerPushes pushes;
  private Release release;
  private Digest index;

  @BeforeEach
  void start() throws Exception {
    registry = FakeRegistry.startPlain();
    lab = new InstallerLab(folder.resolve("lab"), null);
    to = new SourceImage.Repository(registry.address(), "acme/compute");
    var images = new InstallerRepositories(lab.releases, ReleaseSignatures.none());
    pushes =
        new InstallerPushes(
            Map.of("compute", to, "fresh", to), images, registry.settings(), audited::add, meters);
    release = lab.publish(InstallerLab.CONTENT);
    index = InstallerFiles.index(release).orElseThrow().digest();
  }

  @AfterEach
  void stop() {
    pushes.close();
    lab.close();
    registry.close();
  }

  private PushStatus await(Predicate<PushStatus> wanted) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!wanted.test(pushes.status("compute").orElseThrow())) {
      assertTrue(System.nanoTime() < end, () -> "it stays " + pushes.status("compute"));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return pushes.status("compute").orElseThrow();
  }

  private AuditEvent event(String outcome, String reason) {
    return new AuditEvent(
        "image.push",
        outcome,
        reason,
        Actor.SYSTEM,
        Map.of("channel", "compute", "release", release.digest().toString()),
        Map.of("to", to.display() + ":v1.13.9", "digest", index.toString()));
  }

  private int counted(String result) {
    String line = "moonboot_pushes_total{channel=\"compute\",result=\"" + result + "\"} ";
    return meters
        .scrape()
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToInt(each -> (int) Double.parseDouble(each.substring(line.length())))
        .sum();
  }

  @Test
  void what_was_pushed_last_is_told_and_written_down() throws Exception {
    assertEquals(
        Optional.of(new PushStatus(to.display(), null, null, null, 0, "")), pushes.status("fresh"));
    assertEquals(Optional.empty(), pushes.status("plain"));
    assertEquals(
        Optional.of(new PushStatus(to.display(), null, null, index, 0, "")),
        pushes.status("compute"));
    pushes.start();
    PushStatus pushed = await(status -> status.waiting() == null);
    assertEquals(new PushStatus(to.display(), index, pushed.since(), null, 0, ""), pushed);
    pushes.look(); // nothing new
    awaitAudited(1);
    assertEquals(List.of(event("ok", "")), audited);
    assertEquals(1, counted("ok"));
  }

  private void awaitAudited(int count) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (audited.size() < count) {
      assertTrue(System.nanoTime() < end, () -> "written down: " + audited);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Test
  void what_fails_again_for_the_same_reason_is_written_down_once() throws Exception {
    registry.fault(Kind.UPLOAD, (_, _) -> FakeRegistryReply.of(403));
    pushes.start();
    await(status -> status.failures() == 1);
    pushes.look();
    PushStatus failed = await(status -> status.failures() == 2);
    assertEquals(new PushStatus(to.display(), null, null, index, 2, failed.reason()), failed);
    assertTrue(failed.reason().contains("that they may write to the repository"), failed.reason());
    registry.heal();
    pushes.look();
    await(status -> status.waiting() == null);
    awaitAudited(2);
    assertEquals(List.of(event("failed", audited.getFirst().reason()), event("ok", "")), audited);
    assertTrue(audited.getFirst().reason().contains("may write"));
    assertEquals(2, counted("failed"));
    assertEquals(1, counted("ok"));
  }
}
