package dev.moonboot.boot;

import static dev.moonboot.assets.Arch.AMD64;
import static dev.moonboot.assets.Arch.ARM64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Content;
import dev.moonboot.assets.Release;
import dev.moonboot.json.Json;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.Profile;
import dev.moonboot.release.ProfileChannel;
import dev.moonboot.release.Releases;
import dev.moonboot.release.SampleReleases;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BootPlannerTest {
  @TempDir Path folder;
  private Release custom;
  private Release old;
  private Release edge;
  private Release programs;
  private Releases releases;

  @BeforeEach
  void twoChannels() {
    SampleReleases samples = new SampleReleases(folder);
    custom = samples.release("custom", AMD64, ARM64);
    old = samples.release("old", AMD64, ARM64);
    edge = samples.release("edge", ARM64);
    releases =
        new Releases(
            List.of(
                SampleReleases.channel("custom"),
                SampleReleases.channel("edge", ARM64),
                SampleReleases.channel("empty"),
                SampleReleases.channel("ipxe", Content.LOADERS, ARM64),
                SampleReleases.channel("pi", Content.FIRMWARE, ARM64)),
            "custom");
    programs = samples.files("programs", Content.LOADERS, ARM64, "ipxe.efi");
    releases.advance("ipxe", List.of(programs));
    releases.advance("custom", List.of(custom, old));
    releases.advance("edge", List.of(edge));
  }

  private BootAnswer answer(Profile.@Nullable NetBoot boot, String query) {
    Group group = new Group("all", "", "", "p", new TreeMap<>(), new Json.Obj(Map.of()));
    Profile profile = new Profile("p", "p", "", "", "", "", boot);
    Catalog catalog = new Catalog(List.of(group), List.of(profile), List.of());
    return new BootPlanner(() -> catalog, releases, List.of("http://10.0.0.1:8080/", "http://b/x"))
        .plan(NodeLabels.of(query));
  }

  private BootPlan plan(String kernel, List<String> initrd, List<String> args, String query) {
    BootAnswer answer = answer(new Profile.NetBoot(kernel, initrd, args), query);
    return assertInstanceOf(BootAnswer.Plan.class, answer).plan();
  }

  private ProfileChannel follows(String kernel) {
    Profile profile =
        new Profile("p", "p", "", "", "", "", new Profile.NetBoot(kernel, List.of(), List.of()));
    Catalog catalog = new Catalog(List.of(), List.of(profile), List.of());
    return new BootPlanner(() -> catalog, releases, List.of()).channel("p");
  }

  private String why(String kernel, List<String> args, String query) {
    BootAnswer answer = answer(new Profile.NetBoot(kernel, List.of(), args), query);
    return assertInstanceOf(BootAnswer.NoMatch.class, answer).why();
  }

  private String named(String text) {
    return text.replace("CUSTOM", "custom/" + custom.digest().fileName())
        .replace("EDGE", "edge/" + edge.digest().fileName());
  }

  @ParameterizedTest
  @CsvSource({
    "/assets/talos/custom/vmlinuz-arm64, /assets/talos/CUSTOM/vmlinuz-arm64",
    "assets/talos/custom/vmlinuz-arm64, assets/talos/CUSTOM/vmlinuz-arm64",
    "/assets/talos/custom/arm64/vmlinuz, /assets/talos/CUSTOM/arm64/vmlinuz",
    "/assets/talos/arm64/vmlinuz, /assets/talos/CUSTOM/arm64/vmlinuz",
    "/assets/talos/x86_64/vmlinuz, /assets/talos/CUSTOM/x86_64/vmlinuz",
    "/assets/talos/edge/vmlinuz-arm64, /assets/talos/EDGE/vmlinuz-arm64",
    "/assets/talos/custom/vmlinuz-arm64?a=b, /assets/talos/CUSTOM/vmlinuz-arm64?a=b",
    "/assets/talos/custom/vmlinuz-${buildarch}, /assets/talos/CUSTOM/vmlinuz-${buildarch}",
    "/assets/talos/custom/vmlinuz-${buildarch:uristring},"
        + " /assets/talos/CUSTOM/vmlinuz-${buildarch:uristring}",
    "/assets/talos/custom/${buildarch}/vmlinuz, /assets/talos/CUSTOM/${buildarch}/vmlinuz",
    "/assets/talos/${buildarch}/vmlinuz, /assets/talos/CUSTOM/${buildarch}/vmlinuz",
    "/assets/talos/${buildarch:uristring}/vmlinuz,"
        + " /assets/talos/CUSTOM/${buildarch:uristring}/vmlinuz",
    "http://10.0.0.1:8080/assets/talos/custom/vmlinuz-arm64,"
        + " http://10.0.0.1:8080/assets/talos/CUSTOM/vmlinuz-arm64",
    "http://b/x/assets/talos/custom/vmlinuz-arm64, http://b/x/assets/talos/CUSTOM/vmlinuz-arm64",
    "'(http,10.0.0.1:8080)/assets/talos/custom/vmlinuz-arm64',"
        + " '(http,10.0.0.1:8080)/assets/talos/CUSTOM/vmlinuz-arm64'",
    "--name vmlinuz  /assets/talos/custom/vmlinuz-arm64,"
        + " --name vmlinuz  /assets/talos/CUSTOM/vmlinuz-arm64",
  })
  void our_mutable_urls_name_the_release(String written, String filled) {
    BootPlan plan = plan(written, List.of(written, "--name x " + written), List.of(written), "");
    assertEquals(named(filled), plan.kernel());
    assertEquals(List.of(named(filled), named("--name x " + filled)), plan.initrd());
    assertEquals(List.of(written), plan.args());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/assets/vmlinuz",
        "/assets/talos/vmlinuz",
        "/assets/talos/unknown/vmlinuz-arm64",
        "/assets/talos/${channel}/vmlinuz-arm64",
        "http://other/assets/talos/custom/vmlinuz-arm64",
        "http://10.0.0.1:80801/assets/talos/custom/vmlinuz-arm64",
        "/x/assets/talos/custom/vmlinuz-arm64",
        "--name=/assets/talos/custom/vmlinuz-arm64",
        "/assets/talos/custom",
        "/assets/talos/custom/sha256-0/vmlinuz-arm64",
        "$1 \\ /k \u00e9",
      })
  void everything_else_stays_as_it_is(String text) {
    BootPlan plan = plan(text, List.of(text), List.of(text, ""), "");
    assertEquals(new BootPlan("all", "p", text, List.of(text), List.of(text, "")), plan);
  }

  @Test
  void a_profile_that_names_a_release_keeps_it() {
    String url = "/assets/talos/custom/" + old.digest().fileName() + "/vmlinuz-arm64";
    BootPlan plan = plan(url, List.of(url), List.of("{cmdline}"), "");
    assertEquals(url, plan.kernel());
    assertEquals(old, plan.release());
    assertEquals(List.of("talos.platform=metal", "seed=old", "arch=arm64"), plan.args());
  }

  @Test
  void two_channels_each_give_their_own_head_and_the_first_is_the_release() {
    BootPlan plan =
        plan(
            "/assets/talos/edge/vmlinuz-arm64",
            List.of("/assets/talos/custom/initramfs-arm64.xz"),
            List.of("{cmdline}"),
            "");
    assertEquals(named("/assets/talos/EDGE/vmlinuz-arm64"), plan.kernel());
    assertEquals(List.of(named("/assets/talos/CUSTOM/initramfs-arm64.xz")), plan.initrd());
    assertEquals(edge, plan.release());
    assertEquals(List.of("talos.platform=metal", "seed=edge", "arch=arm64"), plan.args());
  }

  @ParameterizedTest
  @CsvSource({
    "vmlinuz-${buildarch}, arch=arm64, arm64",
    "vmlinuz-${buildarch}, arch=x86_64, amd64",
    "vmlinuz-${buildarch}, arch=i386, amd64",
    "vmlinuz-arm64, '', arm64",
    "x86_64/vmlinuz, '', amd64",
    "vmlinuz-arm64, arch=, arm64",
    "vmlinuz-arm64, arch=arm32, arm64",
  })
  void the_command_line_is_that_of_the_nodes_architecture(String file, String query, String arch) {
    BootPlan plan =
        plan(
            "/assets/talos/custom/" + file,
            List.of(),
            List.of("initrd=initramfs.xz", "{cmdline}", "x"),
            query);
    assertEquals(
        List.of("initrd=initramfs.xz", "talos.platform=metal", "seed=custom", "arch=" + arch, "x"),
        plan.args());
  }

  @Test
  void the_only_architecture_of_a_release_needs_no_label() {
    BootPlan plan =
        plan("/assets/talos/edge/vmlinuz-${buildarch}", List.of(), List.of("{cmdline}"), "");
    assertEquals(List.of("talos.platform=metal", "seed=edge", "arch=arm64"), plan.args());
  }

  @Test
  void only_the_whole_argument_stands_for_the_command_line() {
    List<String> args = List.of("x={cmdline}", "{cmdline} ", "{CMDLINE}");
    assertEquals(args, plan("/assets/talos/custom/vmlinuz-arm64", List.of(), args, "").args());
  }

  @Test
  void a_command_line_that_cannot_be_known_is_no_match_with_the_reason() {
    List<String> args = List.of("{cmdline}");
    assertEquals(
        "profile p: {cmdline} differs by architecture, and the node did not say its own (label"
            + " arch)",
        why("/assets/talos/custom/vmlinuz-${buildarch}", args, ""));
    assertEquals(
        "profile p: {cmdline} needs a kernel or initrd under /assets/talos/ of a configured"
            + " channel",
        why("/k", args, "arch=arm64"));
    assertEquals(
        "profile p: release "
            + edge.digest()
            + " of channel edge has no command line for amd64"
            + " (it has: arm64)",
        why("/assets/talos/edge/vmlinuz-${buildarch}", args, "arch=x86_64"));
  }

  /** What starts it passes an empty command line otherwise, and that counts. */
  @Test
  void a_uki_without_arguments_gets_its_releases_own() {
    String kernel = "/assets/talos/custom/uki-${buildarch}.efi";
    List<String> own = List.of("talos.platform=metal", "seed=custom", "arch=amd64");
    assertEquals(own, plan(kernel, List.of(), List.of(), "arch=x86_64").args());
    assertEquals(
        own, plan("/assets/talos/custom/amd64/uki.efi", List.of(), List.of(), "arch=amd64").args());
    assertEquals(List.of("a"), plan(kernel, List.of(), List.of("a"), "arch=x86_64").args());
    assertEquals(List.of(), plan(kernel, List.of(), List.of(), "").args());
    assertEquals(
        List.of(),
        plan("/assets/talos/custom/vmlinuz-arm64", List.of(), List.of(), "arch=arm64").args());
  }

  @Test
  void a_channel_that_holds_something_else_is_nothing_to_boot() {
    assertEquals(
        "profile p: channel ipxe holds loaders, nothing to boot",
        why("/assets/talos/ipxe/arm64/ipxe.efi", List.of(), ""));
    assertEquals(
        "profile p: channel pi holds firmware, nothing to boot",
        why("/assets/talos/pi/arm64/kernel8.img", List.of("{cmdline}"), "arch=arm64"));
    String named = "/assets/talos/custom/" + programs.digest().fileName() + "/arm64/ipxe.efi";
    assertEquals(
        "profile p: release %s holds loaders, nothing to boot".formatted(programs.digest()),
        why(named, List.of(), ""));
    assertEquals(
        new ProfileChannel.NoneOfOurs("p", "channel ipxe holds loaders, nothing to boot"),
        follows("/assets/talos/ipxe/arm64/ipxe.efi"));
  }

  @Test
  void a_channel_without_release_is_not_ready() {
    assertEquals(
        new BootAnswer.NotReady("p", "empty"),
        answer(
            new Profile.NetBoot("/k", List.of("/assets/talos/empty/initramfs-arm64.xz"), List.of()),
            ""));
  }

  @Test
  void a_profile_that_boots_nothing_is_no_match() {
    assertEquals(new BootAnswer.NoMatch("profile p has no boot section"), answer(null, ""));
  }

  @Test
  void a_label_that_was_left_out_is_told_where_nothing_matches() {
    BootPlanner planner = new BootPlanner(() -> Catalog.EMPTY, releases, List.of());
    assertEquals(
        new BootAnswer.NoMatch("no group matches; left out: mac is not a hardware address"),
        planner.plan(NodeLabels.of("mac=x")));
  }

  @Test
  void i_01_nothing_that_a_node_sends_stands_in_its_script() {
    String evil = "${net0/ip}%7C%7Cshell%26%26%20%3B%23x";
    BootPlan plan =
        plan(
            "/assets/talos/custom/vmlinuz-arm64",
            List.of("/i"),
            List.of("a"),
            "hostname=" + evil + "&uuid=" + evil + "&serial=" + evil + "&arch=" + evil);
    assertEquals(
        named(
            """
            #!ipxe
            kernel /assets/talos/CUSTOM/vmlinuz-arm64 a
            initrd /i
            boot
            """),
        IpxeScript.render(plan));
  }

  @ParameterizedTest
  @CsvSource({
    "a b, a|b",
    "'  a   b  ', a|b",
    "'x=\"a  b\" c', 'x=\"a  b\"|c'",
    "'x=\"a b', 'x=\"a b'",
    "'', ''",
  })
  void a_command_line_is_split_outside_quotes(String cmdline, String args) {
    assertEquals(args, String.join("|", KernelArgs.split(cmdline)));
  }

  @Test
  void a_command_line_that_the_kernel_may_cut_is_told_in_the_log() {
    List<String> lines = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(new SimpleFormatter().formatMessage(line));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger log = Logger.getLogger(BootPlanner.class.getName());
    log.addHandler(handler);
    try {
      plan("/k", List.of(), List.of("x".repeat(3999)), "");
      plan("/k", List.of(), List.of("x".repeat(2000), "y".repeat(2000)), "");
    } finally {
      log.removeHandler(handler);
    }
    assertEquals(
        List.of("long_cmdline profile=p characters=4002 limit=4000: the kernel may cut it"), lines);
  }

  @Test
  void planning_takes_far_less_than_a_tenth_of_a_millisecond() {
    Group group = new Group("all", "", "", "p", new TreeMap<>(), new Json.Obj(Map.of()));
    String url = "/assets/talos/custom/vmlinuz-${buildarch}";
    Profile profile =
        new Profile(
            "p", "p", "", "", "", "", new Profile.NetBoot(url, List.of(url), List.of("{cmdline}")));
    Catalog catalog = new Catalog(List.of(group), List.of(profile), List.of());
    BootPlanner planner = new BootPlanner(() -> catalog, releases, List.of("http://10.0.0.1:80"));
    String query = "uuid=x&mac=52-54-00-a1-9c-ae&domain=&hostname=&serial=&arch=arm64";
    var clock = ManagementFactory.getThreadMXBean(); // processor time: others may be busy too
    long start = clock.getCurrentThreadCpuTime();
    long length = 0;
    for (int i = 0; i < 20_000; i++) {
      if (planner.plan(NodeLabels.of(query)) instanceof BootAnswer.Plan(var plan)) {
        length += IpxeScript.render(plan).length();
      }
    }
    long each = (clock.getCurrentThreadCpuTime() - start) / 20_000;
    assertTrue(length > 0);
    assertTrue(each < 100_000, each + " ns each, the time until it is compiled included");
  }
}
