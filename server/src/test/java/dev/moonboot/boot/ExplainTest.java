package dev.moonboot.boot;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Release;
import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.json.Json;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.NearMiss;
import dev.moonboot.profile.Profile;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.profile.UnknownNodes.Boot;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.Changes;
import dev.moonboot.release.FakeReleaseCache;
import dev.moonboot.release.PinOrder;
import dev.moonboot.release.PinOutcome;
import dev.moonboot.release.PinTarget;
import dev.moonboot.release.Pinning;
import dev.moonboot.release.ProfileChannel;
import dev.moonboot.release.Releases;
import dev.moonboot.release.SampleReleases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
  private static final String MAC = "mac=52:54:00:00:00:01";
  private static final PinOrder ORDER =
      PinOrder.of("bad driver", new Actor(Actor.Type.TOKEN, "anna", ""));

  @TempDir Path folder;
  private final Releases releases =
      new Releases(
          List.of(SampleReleases.channel("custom"), SampleReleases.channel("edge", ARM64)), null);
  private final List<Group> groups = new ArrayList<>();
  private final List<Profile> profiles = new ArrayList<>();
  private Release head;
  private Release old;
  private Pinning pinning;

  @BeforeEach
  void someGroups() {
    SampleReleases samples = new SampleReleases(folder);
    old = samples.release("old", AMD64, ARM64);
    head = samples.release("head", AMD64, ARM64);
    FakeReleaseCache cache = new FakeReleaseCache().history("custom", old, head);
    releases.advance("custom", List.of(head, old));
    Changes changes = Changes.open(folder.resolve("state"), releases, Audit.NONE);
    pinning = new Pinning(cache, releases, changes, name -> planner().channel(name));
    group("one", "talos", Map.of("mac", "52:54:00:00:00:01", "arch", "arm64"));
    group("two", "talos", Map.of("mac", "52:54:00:00:00:02"));
    group("arm", "talos", Map.of("arch", "arm64"));
    group("all", "plain", Map.of());
    profile(
        "talos", "/assets/talos/custom/vmlinuz-arm64", "/assets/talos/custom/initramfs-arm64.xz");
    profile("plain", "/k", "/i");
  }

  private void group(String file, String profile, Map<String, String> selector) {
    groups.add(new Group(file, "", "", profile, new TreeMap<>(selector), new Json.Obj(Map.of())));
  }

  private void profile(String name, String kernel, String initrd) {
    profiles.add(
        new Profile(
            name,
            name,
            "",
            "",
            "",
            "",
            new Profile.NetBoot(kernel, List.of(initrd), List.of("a"))));
  }

  private BootPlanner planner() {
    return planner(UnknownNodes.DEFAULT);
  }

  private BootPlanner planner(UnknownNodes unknown) {
    Catalog catalog = new Catalog(groups, profiles, List.of());
    return new BootPlanner(() -> catalog, releases, List.of(), unknown);
  }

  private Explanation explain(String query) {
    return planner().explain(NodeLabels.of(query));
  }

  private BootPlan plan(String query) {
    BootAnswer answer = planner().plan(NodeLabels.of(query));
    return assertInstanceOf(BootAnswer.Plan.class, answer).plan();
  }

  private static @Nullable String name(@Nullable Group group) {
    return group == null ? null : group.file();
  }

  @Test
  void i_08_of_groups_that_match_equally_the_one_that_wins_comes_first_whatever_their_order() {
    group("b", "talos", Map.of("rack", "r1"));
    group("a", "talos", Map.of("rack", "r1"));
    group("serial", "talos", Map.of("serial", "S1"));
    for (int round = 0; round < 2; round++) {
      Collections.reverse(groups);
      Explanation said = explain("rack=r1&serial=S1&mac=52:54:00:00:00:02");
      assertEquals("serial", name(said.group())); // "serial=…" is larger than "rack=…" and "mac=…"
      assertEquals(
          List.of("a", "b", "two", "all"), said.others().stream().map(Group::file).toList());
    }
  }

  @Test
  void i_07_what_is_no_hardware_address_selects_nothing_and_is_told() {
    for (String bad : List.of("52:54:00:00:00", "52:54:00:00:00:01:02", "x", "", "%zz", "%00")) {
      Explanation said = explain("mac=" + bad);
      assertEquals("all", name(said.group()), bad);
      assertEquals(1, said.labels().ignored().size(), bad);
    }
    for (String same : List.of("52-54-00-00-00-02", "5254.0000.0002", "525400000002")) {
      assertEquals("two", name(explain("mac=" + same).group()), same);
    }
    group("multicast", "talos", Map.of("mac", "01:00:5e:00:00:01"));
    group("zero", "talos", Map.of("mac", "00:00:00:00:00:00"));
    assertEquals("multicast", name(explain("mac=01-00-5E-00-00-01").group()));
    assertEquals("zero", name(explain("mac=000000000000").group()));
  }

  @Test
  void it_says_group_profile_channel_release_and_the_very_script() {
    Explanation said = explain(MAC + "&arch=arm64&serial=%zz");
    assertEquals("one", name(said.group()));
    assertEquals(List.of("arm", "all"), said.others().stream().map(Group::file).toList());
    assertEquals(
        List.of(
            new NearMiss(
                groups.get(1),
                List.of(new NearMiss.Mismatch("mac", "52:54:00:00:00:02", "52:54:00:00:00:01")))),
        said.near());
    assertTrue(said.known());
    assertEquals("talos", said.profile());
    assertEquals("custom", said.channel());
    assertNull(said.pin());
    assertEquals(List.of("serial has a bad percent escape"), said.labels().ignored());
    BootPlan plan = plan(MAC + "&arch=arm64");
    assertEquals(new BootAnswer.Plan(plan), said.answer());
    assertEquals(BootPlan.By.CHANNEL, plan.by());
    String folder = "/assets/talos/custom/" + head.digest().fileName();
    assertEquals(
        """
        #!ipxe
        kernel %1$s/vmlinuz-arm64 a
        initrd %1$s/initramfs-arm64.xz
        boot
        """
            .formatted(folder),
        said.scripts().get("/ipxe"));
    assertEquals(GrubScript.render(plan), said.scripts().get("/grub"));
  }

  @Test
  void a_pin_is_in_all_urls_of_the_very_next_plan_and_explained() {
    PinOutcome outcome =
        pinning.pin("talos", new PinTarget.ByDigest(old.digest()), ORDER, Progress.NONE);
    PinOutcome.Pinned pinned = assertInstanceOf(PinOutcome.Pinned.class, outcome);
    BootPlan plan = plan(MAC + "&arch=arm64");
    String folder = "/assets/talos/custom/" + old.digest().fileName();
    assertEquals(folder + "/vmlinuz-arm64", plan.kernel());
    assertEquals(List.of(folder + "/initramfs-arm64.xz"), plan.initrd());
    assertEquals(BootPlan.By.PIN, plan.by());
    assertEquals(Map.of("custom", old.digest()), plan.named());
    Explanation said = explain(MAC + "&arch=arm64");
    assertEquals(pinned.pin(), said.pin());
    assertEquals(IpxeScript.render(plan), said.scripts().get("/ipxe"));
  }

  @Test
  void a_rollback_is_in_force_on_the_very_next_plan_within_100_ms() {
    plan(MAC + "&arch=arm64"); // once, so that classes are loaded
    assertInstanceOf(PinOutcome.Pinned.class, pinning.rollback("talos", ORDER));
    long replied = System.nanoTime();
    Digest booted = plan(MAC + "&arch=arm64").named().get("custom");
    assertEquals(old.digest(), booted);
    assertTrue(System.nanoTime() - replied < Duration.ofMillis(100).toNanos());
  }

  @Test
  void a_pin_outlives_its_channel() {
    pinning.pin("talos", new PinTarget.ByDigest(old.digest()), ORDER, Progress.NONE);
    Releases fewer = new Releases(List.of(SampleReleases.channel("edge", ARM64)), null);
    fewer.offer(old);
    Changes.open(folder.resolve("state"), fewer, Audit.NONE);
    Catalog catalog = new Catalog(groups, profiles, List.of());
    BootPlanner planner = new BootPlanner(() -> catalog, fewer, List.of());
    BootPlan plan =
        assertInstanceOf(BootAnswer.Plan.class, planner.plan(NodeLabels.of(MAC + "&arch=arm64")))
            .plan();
    String kernel = "/assets/talos/custom/" + old.digest().fileName() + "/vmlinuz-arm64";
    assertEquals(kernel, plan.kernel());
    assertEquals(BootPlan.By.PIN, plan.by());
    assertInstanceOf(AssetLookup.Found.class, fewer.lookup(kernel.substring("/assets/".length())));
  }

  @Test
  void a_profile_whose_pinned_release_is_not_there_waits_for_it() {
    pinning.pin("talos", new PinTarget.ByDigest(old.digest()), ORDER, Progress.NONE);
    releases.keep(() -> List.of(head));
    Explanation said = explain(MAC + "&arch=arm64");
    assertEquals(new BootAnswer.NotReady("talos", "custom"), said.answer());
    assertEquals(Map.of(), said.scripts());
    assertEquals("talos", said.profile());
  }

  @Test
  void a_profile_follows_the_one_channel_that_its_urls_name() {
    profile("two", "/assets/talos/custom/vmlinuz-arm64", "/assets/talos/edge/initramfs-arm64.xz");
    profile("fixed", "/assets/talos/custom/" + old.digest().fileName() + "/vmlinuz-arm64", "/i");
    BootPlanner planner = planner();
    assertEquals(new ProfileChannel.Follows("talos", "custom"), planner.channel("talos"));
    assertEquals(new ProfileChannel.Unknown(), planner.channel("nobody"));
    for (String name : List.of("two", "fixed", "plain")) {
      assertInstanceOf(ProfileChannel.NoneOfOurs.class, planner.channel(name));
    }
  }

  @Test
  void unknown_nodes_boot_as_with_matchbox_unless_told_otherwise() {
    Explanation said = explain("arch=arm64");
    assertEquals("arm", name(said.group()));
    assertFalse(said.known());
    assertEquals("", said.unknown());
    assertInstanceOf(BootAnswer.Plan.class, said.answer());
  }

  @Test
  void unknown_nodes_can_be_given_one_profile() {
    BootPlanner planner = planner(new UnknownNodes(Boot.QUARANTINE, "plain"));
    Explanation said = planner.explain(NodeLabels.of("arch=arm64"));
    assertEquals("plain", said.profile());
    assertEquals("unknown nodes boot the profile plain", said.unknown());
    assertEquals(
        new BootAnswer.Plan(new BootPlan("", "plain", "/k", List.of("/i"), List.of("a"))),
        said.answer());
    Explanation known = planner.explain(NodeLabels.of(MAC + "&arch=arm64"));
    assertEquals("talos", known.profile());
    BootPlanner missing = planner(new UnknownNodes(Boot.QUARANTINE, "gone"));
    assertEquals(
        new BootAnswer.NoMatch(
            "unknown nodes are to boot the profile \"gone\" (unknown-nodes.profile), which is"
                + " missing or cannot be used"),
        missing.plan(NodeLabels.NONE));
  }

  @Test
  void unknown_nodes_can_be_given_nothing() {
    BootPlanner planner = planner(new UnknownNodes(Boot.NOTHING, null));
    assertInstanceOf(BootAnswer.NoMatch.class, planner.plan(NodeLabels.of("arch=arm64")));
    assertInstanceOf(BootAnswer.Plan.class, planner.plan(NodeLabels.of(MAC + "&arch=arm64")));
    assertEquals("unknown nodes boot nothing", planner.explain(NodeLabels.NONE).unknown());
  }

  @Test
  void quarantine_needs_a_profile() {
    ConfigProblems problems = new ConfigProblems();
    assertEquals(
        new UnknownNodes(Boot.QUARANTINE, "q"),
        UnknownNodes.read(ConfigReader.of(Map.of("boot", "quarantine", "profile", "q"), problems)));
    assertTrue(problems.all().isEmpty());
    UnknownNodes.read(ConfigReader.of(Map.of("boot", "quarantine"), problems));
    assertFalse(problems.all().isEmpty());
  }
}
