package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.admin.PushStatus;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Proof;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.Artifact;
import dev.moonboot.assets.registry.Registries;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.assets.verify.TrustedKey;
import dev.moonboot.assets.verify.Verdict;
import dev.moonboot.http.InstallerLab;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.installer.ReleaseSignatures;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.metrics.Meters;
import dev.moonboot.testing.CosignFixture;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryReply;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import dev.moonboot.testing.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    return await("compute", wanted);
  }

  private PushStatus await(String channel, Predicate<PushStatus> wanted) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!wanted.test(pushes.status(channel).orElseThrow())) {
      assertTrue(System.nanoTime() < end, () -> "it stays " + pushes.status(channel));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return pushes.status(channel).orElseThrow();
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
    hurry(lab, Map.of("compute", to), registry.settings());
    PushStatus failed = await(status -> status.failures() >= 2);
    assertEquals(
        new PushStatus(to.display(), null, null, index, failed.failures(), failed.reason()),
        failed);
    assertTrue(failed.reason().contains("that they may write to the repository"), failed.reason());
    registry.heal();
    await(status -> status.waiting() == null);
    awaitAudited(2);
    assertEquals(List.of(event("failed", audited.getFirst().reason()), event("ok", "")), audited);
    assertTrue(audited.getFirst().reason().contains("may write"));
    assertTrue(counted("failed") >= failed.failures(), meters::scrape);
    assertEquals(1, counted("ok"));
  }

  /** Begins with these instead, with pauses of no length that matters. */
  private void hurry(
      InstallerLab of, Map<String, SourceImage.Repository> targets, RegistrySettings settings) {
    pushes.close();
    pushes =
        new InstallerPushes(
            targets,
            new InstallerRepositories(of.releases, of.signatures),
            settings,
            audited::add,
            meters,
            Duration.ofMillis(5));
    pushes.start();
  }

  @Test
  void what_failed_is_not_tried_at_each_look_at_a_channel_but_a_new_image_is_at_once()
      throws Exception {
    registry.fault(Kind.UPLOAD, 1, (_, _) -> FakeRegistryReply.of(403));
    pushes.start();
    await(status -> status.failures() == 1);
    for (int i = 0; i < 100; i++) {
      pushes.look();
      Thread.onSpinWait();
    }
    lab.publish(new TestImages.Content("v1.14.0", "6.18.9-talos", "x", List.of(), 4096, 7));
    pushes.look();
    await(status -> status.waiting() == null);
    assertEquals(
        List.of("v1.14.0"),
        registry.requests(Kind.PUT_MANIFEST).stream()
            .map(request -> request.path().substring(request.path().lastIndexOf('/') + 1))
            .filter(reference -> !reference.contains(":"))
            .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"compute", "fresh"})
  void a_registry_that_takes_nothing_keeps_no_other_channel_waiting(String failing)
      throws Exception {
    Release fresh = lab.release("fresh", InstallerLab.CONTENT);
    lab.releases.advance("fresh", List.of(fresh));
    try (FakeRegistry other = FakeRegistry.startPlain()) {
      other.fault(Kind.UPLOAD, (_, _) -> FakeRegistryReply.of(403));
      var there = new SourceImage.Repository(other.address(), "acme/" + failing);
      var targets = new HashMap<>(Map.of("compute", to, "fresh", to));
      targets.put(failing, there);
      hurry(lab, targets, with(registry.settings(), other.settings()));
      await(failing, status -> status.failures() >= 1);
      await(failing.equals("fresh") ? "compute" : "fresh", status -> status.waiting() == null);
    }
  }

  private static RegistrySettings with(RegistrySettings one, RegistrySettings other) {
    Set<String> plainHttp = new HashSet<>(one.plainHttp());
    plainHttp.addAll(other.plainHttp());
    return new RegistrySettings(
        plainHttp,
        one.extraCa(),
        one.realmHosts(),
        one.dockerConfig(),
        one.proxy(),
        one.noProxy(),
        one.timeouts());
  }

  @Test
  void closing_amid_a_push_is_no_failure() throws Exception {
    registry.fault(Kind.UPLOAD, FakeRegistryFault.silence());
    pushes.start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (registry.count(Kind.UPLOAD) == 0) {
      assertTrue(System.nanoTime() < end, "nothing was begun");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    pushes.close();
    assertEquals(
        Optional.of(new PushStatus(to.display(), null, null, index, 0, "")),
        pushes.status("compute"));
    assertEquals(List.of(), audited);
  }

  @Test
  void a_fault_of_our_own_is_told_and_tried_again_like_any_other() throws Exception {
    lab.publish(new TestImages.Content("v1.13.9+no tag", "6.18.9-talos", "x", List.of(), 4096, 9));
    hurry(lab, Map.of("compute", to), registry.settings());
    await(status -> status.failures() >= 1);
    lab.releases.advance("compute", List.of(release));
    pushes.look();
    await(status -> status.waiting() == null);
  }

  private SigningKey key() throws Exception {
    OpenSslKey.write(folder.resolve("key.pem"));
    return SigningKey.read(folder.resolve("key.pem"));
  }

  @Test
  void signatures_that_others_put_beside_the_image_stay_and_ours_is_added_once() throws Exception {
    CosignFixture other = CosignFixture.p256();
    other.signLegacy(registry, "acme/compute", index);
    SigningKey key = key();
    for (int i = 0; i < 2; i++) { // as after a restart
      try (InstallerLab signed = new InstallerLab(folder.resolve("signed" + i), key)) {
        Files.createDirectories(folder.resolve("signed1/state"));
        signed.publish(InstallerLab.CONTENT);
        Files.copy(
            folder.resolve("signed" + i + "/state/signatures.json"),
            folder.resolve("signed1/state/signatures.json"),
            StandardCopyOption.REPLACE_EXISTING);
        hurry(signed, Map.of("compute", to), registry.settings());
        await(status -> status.waiting() == null);
      }
    }
    try (Registry read = Registries.open(to, registry.settings())) {
      Artifact beside = read.artifact(read.resolve(index.fileName() + ".sig"), 1 << 20);
      assertEquals(2, beside.layers().size());
      for (TrustedKey one :
          List.of(
              key.trusted(),
              TrustedKey.read(
                  other.writePublicKey(folder.resolve("other.pub")),
                  TrustedKey.DEFAULT_ALGORITHMS))) {
        assertInstanceOf(
            Verdict.Admitted.class,
            PushSignatures.policy(one, Proof.Format.LEGACY_TAG)
                .judge(read, new ImageReference(to, null, index), index));
      }
    }
  }

  @Test
  void nothing_has_the_tag_before_a_signature_is_beside_it() throws Exception {
    registry.fault( // as if it had not been taken: all is tried again
        request -> request.method().equals("PUT") && request.path().endsWith(".sig"),
        1,
        (_, _) -> FakeRegistryReply.of(403));
    SigningKey key = key();
    try (InstallerLab signed = new InstallerLab(folder.resolve("signed"), key)) {
      signed.publish(InstallerLab.CONTENT);
      hurry(signed, Map.of("compute", to), registry.settings());
      await(status -> status.waiting() == null);
      List<String> tags =
          registry.requests(Kind.PUT_MANIFEST).stream()
              .map(request -> request.path().substring(request.path().lastIndexOf('/') + 1))
              .filter(reference -> !reference.contains(":"))
              .toList();
      String beside = index.fileName() + ".sig";
      assertEquals(List.of(beside, "v1.13.9"), tags);
    }
  }
}
