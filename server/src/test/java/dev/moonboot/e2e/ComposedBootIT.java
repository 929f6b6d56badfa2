package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Machines boot a base with extensions that the appliance put into it, mount them as Talos does,
 * and say what they found.
 */
@Tag("e2e")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposedBootIT {
  private static final Duration COMPOSE = Duration.ofMinutes(4);

  /** What is special in the extension that is like FRR's. */
  private static final List<String> FRR_MODES =
      List.of(
          "4755 usr/local/lib/containers/frr/bin/bbsuid",
          "1777 usr/local/lib/containers/frr/tmp",
          "1777 usr/local/lib/containers/frr/var/tmp");

  private static final List<String> FRR_LINKS =
      List.of(
          "usr/local/lib/containers/frr/bin/sh -> /bin/busybox",
          "usr/local/lib/containers/frr/etc/mtab -> /proc/mounts",
          "usr/local/lib/containers/frr/usr/lib/libfrr.so -> libfrr.so.0",
          "usr/local/lib/containers/frr/var/run -> /run");

  /** Another umask, locale and time zone. */
  private static final List<String> ELSEWHERE =
      List.of(
          "env",
          "LC_ALL=C",
          "TZ=Pacific/Kiritimati",
          "JAVA_TOOL_OPTIONS=-Duser.language=tr -Duser.country=TR -Duser.timezone=Pacific/Kiritimati",
          "sh",
          "-c",
          "umask 077; exec \"$@\"",
          "sh");

  @TempDir private static Path work;
  private static ComposedSite site;
  private static Rack<ComposedMachine> rack;

  @BeforeAll
  static void open() {
    site = ComposedSite.open(work);
    site.awaitReleases(COMPOSE);
    rack = new Rack<>(List.of(ComposedMachine.values()), (machine, card) -> site.machine(machine));
  }

  @AfterAll
  static void close() {
    if (rack != null) { // open() may have failed
      rack.close();
    }
    if (site != null) {
      site.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void a_machine_mounts_every_extension_whole_and_in_order(ComposedMachine machine) {
    VirtualMachine virtual = rack.boots(machine);
    List<String> tags = machine.extensions();
    List<String> layers = new ArrayList<>(Fixture.said(machine.arch(), "LAYER", tags));
    int known = layers.size();
    layers.addAll(machine.made());
    assertEquals(layers, named(virtual.said("E2E-LAYER "), known));
    assertEquals(
        Fixture.said(machine.arch(), "EARLY", tags).stream().sorted().toList(),
        virtual.said("E2E-EARLY "));
    assertEquals(
        Fixture.said(machine.arch(), "FIRMWARE", tags).stream().sorted().toList(),
        virtual.said("E2E-FIRMWARE "));
    assertEquals(List.of("755 0:0"), virtual.said("E2E-ROOT "));
    assertEquals(tags.contains("ext-11") ? List.of("11") : List.of(), virtual.said("E2E-ORDER "));
    assertEquals(
        tags.contains("ext-06") ? List.of("extras/dummy.ko") : List.of(),
        virtual.said("E2E-MODULE "));
    assertEquals(FRR_MODES, virtual.said("E2E-MODE "));
    assertEquals(FRR_LINKS, virtual.said("E2E-LINK "));
  }

  /** The layers, those that the fixture does not know by nothing but their names. */
  private static List<String> named(List<String> layers, int known) {
    List<String> named = new ArrayList<>(layers.subList(0, Math.min(known, layers.size())));
    layers.stream().skip(known).map(line -> line.split(" ", 2)[0]).forEach(named::add);
    return named;
  }

  @Test
  @Order(2)
  void debian_tools_read_what_was_composed() throws IOException {
    List<String> tags = ComposedMachine.WHOLE.extensions();
    ComposedFiles files = composed("twelve", "initramfs.xz", "initramfs-amd64.xz");
    assertEquals(
        List.of(
            "kernel",
            "kernel/x86",
            "kernel/x86/microcode",
            "kernel/x86/microcode/AuthenticAMD.bin",
            "kernel/x86/microcode/GenuineIntel.bin"),
        files.early());
    List<String> images = files.images();
    List<String> names = new ArrayList<>(images);
    names.addAll(
        List.of(
            "extensions.yaml",
            "usr",
            "usr/lib",
            "usr/lib/firmware",
            "usr/lib/firmware/e2e",
            "usr/lib/firmware/e2e/card.bin",
            "usr/lib/firmware/e2e/latest.bin"));
    assertEquals(names.stream().sorted().toList(), files.names().stream().sorted().toList());
    assertEquals(List.of("0 0"), files.owners());
    List<String> layers = Fixture.said(Arch.AMD64, "LAYER", tags);
    for (int n = 0; n < layers.size(); n++) {
      assertEquals(layers.get(n).split(" ", -1)[2], files.digest(images.get(n)), layers.get(n));
      assertEquals("755 0:0", files.rootMode(images.get(n)), layers.get(n));
    }
  }

  @Test
  @Order(2)
  void objdump_finds_in_the_uki_what_it_was_made_of() throws IOException {
    Path folder = Files.createTempDirectory(work, "uki");
    for (String name : List.of("uki-amd64.efi", "vmlinuz-amd64", "initramfs-amd64.xz")) {
      site.appliance().fetch("/assets/talos/twelve/" + name, folder.resolve(name));
    }
    ComposedUki uki = ComposedUki.of(folder.resolve("uki-amd64.efi"), folder);
    assertEquals(List.of(".osrel", ".cmdline", ".uname", ".linux", ".initrd"), uki.sections());
    assertEquals(-1, Files.mismatch(folder.resolve("vmlinuz-amd64"), uki.section(".linux")));
    assertEquals(-1, Files.mismatch(folder.resolve("initramfs-amd64.xz"), uki.section(".initrd")));
  }

  /** By the newest release's URL, and by the one that stays. */
  @Test
  @Order(2)
  void proxmox_is_given_an_iso_by_a_url_and_a_checksum_that_its_variables_take()
      throws IOException {
    String release = site.appliance().adminApi("channels/kept").text("release").orElseThrow();
    Path iso = work.resolve("proxmox.iso");
    site.appliance().fetch("/assets/talos/kept/talos-amd64.iso", iso);
    String sum = Fixture.sha256(iso);
    for (String folder : List.of("kept", "kept/" + release.replace(':', '-'))) {
      String path = "/assets/talos/" + folder + "/talos-amd64.iso";
      assertTrue(takes("image_url", "http://10.0.1.5:8080" + path), path);
      String told = site.appliance().text(path + ".sha256").split(" ", 2)[0];
      assertTrue(takes("image_sha256", told), told);
      assertEquals(sum, told);
    }
  }

  /** Whether the condition of a variable of {@code deploy/proxmox} holds. */
  private static boolean takes(String variable, String value) throws IOException {
    Matcher condition =
        Pattern.compile("can\\(regex\\(\"([^\"]+)\", var\\." + variable + "\\)\\)")
            .matcher(Files.readString(Script.ROOT.resolve("deploy/proxmox/variables.tf")));
    assertTrue(condition.find(), variable);
    return Pattern.compile(condition.group(1)).matcher(value).find();
  }

  @Test
  @Order(3)
  void elsewhere_the_same_is_made_byte_for_byte() throws IOException {
    Path there = Files.createDirectories(work.resolve("elsewhere/deeper"));
    try (ComposedSite other = ComposedSite.open(there, ELSEWHERE)) {
      other.awaitReleases(COMPOSE);
      for (ComposedMachine.Channel channel : ComposedMachine.Channel.values()) {
        assertEquals(sums(site, channel), sums(other, channel));
      }
    }
  }

  /** The digests of all that was composed, and of the release. */
  private static List<String> sums(ComposedSite site, ComposedMachine.Channel channel) {
    ApplianceProcess appliance = site.appliance();
    List<String> sums = new ArrayList<>();
    for (Arch arch : channel.arches()) {
      for (String file : channel.files()) {
        String path = "/assets/talos/" + channel.id() + "/" + file.formatted(arch.id());
        String sum = appliance.text(path + ".sha256");
        assertTrue(sum.matches("(?s)[0-9a-f]{64}\\b.*"), path + ": " + sum);
        sums.add(path + " " + sum);
      }
    }
    sums.add(appliance.adminApi("channels/" + channel.id()).text("release").orElse("none"));
    return sums;
  }

  private static ComposedFiles composed(String channel, String base, String file)
      throws IOException {
    Path folder = Files.createTempDirectory(work, channel);
    Path initramfs = folder.resolve("initramfs");
    site.appliance().fetch("/assets/talos/" + channel + "/" + file, initramfs);
    return ComposedFiles.of(initramfs, Fixture.base(Arch.AMD64, base), folder);
  }

  @Test
  @Order(4)
  void an_extension_that_would_keep_nodes_from_booting_is_refused_and_the_old_release_stays()
      throws IOException {
    String sum = "/assets/talos/moving/initramfs-amd64.xz.sha256";
    ApplianceProcess appliance = site.appliance();
    String before = appliance.text(sum);

    site.push("bad-usrmerge", ComposedSite.MOVING);
    appliance.await(
        "the extension is refused", COMPOSE, () -> channel("state").equals("rejected_content"));
    String reason = channel("reason");
    assertTrue(reason.contains("acme/moving") && reason.contains("lib"), reason);
    assertEquals(before, appliance.text(sum));

    site.push("ext-01-2", ComposedSite.MOVING);
    appliance.await(
        "the next extension is in", COMPOSE, () -> channel("state").equals("following"));
    assertNotEquals(before, appliance.text(sum));
    String record = appliance.text("/assets/talos/moving/release-amd64.json");
    assertTrue(record.contains("hello-01 v0.2.1"), record);
  }

  private static String channel(String member) {
    Json.Obj channel = site.appliance().adminApi("channels/moving");
    return channel.text(member).orElse("");
  }
}
