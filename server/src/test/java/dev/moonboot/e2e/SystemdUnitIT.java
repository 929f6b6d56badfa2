package dev.moonboot.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
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

/**
 * The unit under a real systemd, with all that it forbids: installed as operations.md says,
 * composing, booting a node, and put through what befalls a service.
 */
@Tag("e2e")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SystemdUnitIT {
  private static final Pattern AFTER = Pattern.compile("serving http=.* after=(\\d+)ms");

  @TempDir private static Path work;
  private static SystemdSite site;
  private static SystemdMachine machine;

  @BeforeAll
  static void open() {
    Requires.that(Lab.isPossible(), "/dev/net/tun cannot be opened, which makes a lab");
    SystemdMachine.required();
    site = SystemdSite.open(work);
    machine = site.machine();
  }

  @AfterAll
  static void close() {
    if (site != null) { // open() may have failed
      site.close();
    }
  }

  @Test
  @Order(1)
  void installed_as_documented_it_serves_when_systemctl_returns() throws IOException {
    site.install();
    assertEquals(
        "200", machine.run("curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/livez"));
    assertEquals("enabled", machine.run("systemctl is-enabled moonboot"));
    assertEquals("serving on 0.0.0.0:8080", machine.shows("StatusText"));
    Matcher after = AFTER.matcher(machine.journal());
    assertTrue(after.find(), machine.journal());
    assertTrue(Long.parseLong(after.group(1)) < 60_000, after.group());
  }

  @Test
  @Order(2)
  void depmod_and_xorriso_run_in_it() throws IOException {
    site.prepare();
    site.configure("");
    machine.run("systemctl restart moonboot");
    machine.await("it is composed", SystemdUnitIT::follows);
    Path image = site.fetch("http://10.77.0.2/assets/talos/composed/talos-amd64.iso");
    try (var file = new RandomAccessFile(image.toFile(), "r")) {
      file.seek(16 * 2048 + 1); // the first volume descriptor (ECMA-119, 8.1)
      byte[] identifier = new byte[5];
      file.readFully(identifier);
      assertEquals("CD001", new String(identifier, US_ASCII));
    }
  }

  private static boolean follows() {
    Json.Obj channel = site.channel();
    String state = channel.text("state").orElse("");
    assertNotEquals("rejected_content", state, () -> channel.text("reason").orElse(""));
    return state.equals("following");
  }

  @Test
  @Order(3)
  void a_node_boots_what_was_composed_in_it() throws IOException {
    try (VirtualMachine node = site.node()) {
      node.boots();
      assertEquals(List.of("extras/dummy.ko"), node.said("E2E-MODULE "));
    }
    String program = "boot/" + SystemdSite.NODE.mac().replace(':', '-') + "/undionly.kpxe";
    assertEquals(
        -1,
        Files.mismatch(
            site.fetch("tftp://10.77.0.2/" + program), Path.of("/usr/lib/ipxe/undionly.kpxe")));
  }

  @Test
  @Order(4)
  void it_may_do_no_more_than_it_has_to() {
    String process = "/proc/" + machine.shows("MainPID");
    assertNotEquals("0", machine.run("stat -c %u " + process));
    String status =
        machine.run("grep -E '^(CapPrm|CapBnd|NoNewPrivs|Seccomp):' " + process + "/status");
    assertEquals( // CAP_NET_BIND_SERVICE alone (capabilities(7)); a filter (seccomp(2))
        """
        CapPrm:	0000000000000400
        CapBnd:	0000000000000400
        NoNewPrivs:	1
        Seccomp:	2\
        """,
        status);
    for (String folder : List.of("/etc", "/usr/lib/moonboot", "/srv")) {
      assertFalse(inside("touch " + folder + "/x"), folder);
    }
    for (String folder :
        List.of("/var/cache/moonboot", "/var/lib/moonboot", "/run/moonboot", "/tmp", "/var/tmp")) {
      assertTrue(inside("cp /bin/true " + folder + "/x"), folder + " cannot be written");
      assertFalse(inside(folder + "/x"), folder + " has what can be executed");
      assertTrue(inside("rm " + folder + "/x"), folder);
    }
    // who asks is looked up here
    assertTrue(inside("grep -q address /proc/self/net/arp"));
  }

  /** As root, but with the mounts of the service. */
  private static boolean inside(String line) {
    return machine.succeeds("nsenter -t " + machine.shows("MainPID") + " -m sh -c '" + line + "'");
  }

  @Test
  @Order(4)
  void what_clouds_tell_of_credentials_is_out_of_its_reach() {
    String group = "/sys/fs/cgroup$(systemctl show -p ControlGroup --value moonboot)/cgroup.procs";
    String send = "echo x >/dev/udp/169.254.169.254/9";
    machine.run("ip route replace 169.254.169.254/32 dev eth0");
    assertTrue(machine.succeeds("bash -c '" + send + "'"));
    assertFalse(machine.succeeds("bash -c \"echo \\$\\$ >" + group + "; " + send + "\""));
  }

  @Test
  @Order(5)
  void a_reload_takes_another_configuration_and_none_that_is_bad() {
    String process = machine.shows("MainPID");
    site.configure("trust: {default: 'off'}\n");
    machine.run("systemctl reload moonboot");
    awaitsJournal("config reload result=applied changed=1 waiting=0");
    site.configure("trust: {default: nobody}\n");
    machine.run("systemctl reload moonboot");
    awaitsJournal("config reload result=refused");
    assertEquals(process, machine.shows("MainPID"));
    assertEquals(200, site.status("/readyz"));
    site.configure("");
  }

  private static void awaitsJournal(String text) {
    machine.await(text, () -> machine.journal().contains(text));
  }

  @Test
  @Order(6)
  void m_03_when_it_is_gone_it_is_started_again() {
    machine.run("kill -KILL " + machine.shows("MainPID"));
    awaitsStarts(1);
  }

  @Test
  @Order(7)
  void l_09_when_it_hangs_it_is_started_again() {
    // the limits of the unit, made short
    machine.write(
        "/run/systemd/system/moonboot.service.d/short.conf",
        """
        [Service]
        WatchdogSec=5s
        TimeoutAbortSec=1s
        """);
    machine.run("systemctl daemon-reload; systemctl restart moonboot");
    machine.run("kill -STOP " + machine.shows("MainPID"));
    awaitsStarts(1);
    assertTrue(machine.journal().contains("Watchdog timeout"), machine.journal());
    machine.run("rm -r /run/systemd/system/moonboot.service.d; systemctl daemon-reload");
  }

  /** By systemd's own doing, after the last start by hand. */
  private static void awaitsStarts(int starts) {
    machine.await(
        "it is started again",
        () ->
            machine.shows("NRestarts").equals(Integer.toString(starts))
                && machine.shows("ActiveState").equals("active"));
    assertEquals(200, site.status("/assets/talos/composed/initramfs-amd64.xz"));
  }

  @Test
  @Order(8)
  void b_01_after_a_boot_without_the_registry_it_serves_what_it_has() {
    site.stopRegistry();
    machine.reboot();
    machine.await("it is up", () -> machine.shows("ActiveState").equals("active"));
    for (String file : List.of("vmlinuz-amd64", "initramfs-amd64.xz", "talos-amd64.iso")) {
      assertEquals(200, site.status("/assets/talos/composed/" + file), file);
    }
    assertEquals(200, site.status("/ipxe?mac=" + SystemdSite.NODE.mac() + "&arch=amd64"));
  }

  @Test
  @Order(9)
  void it_stops_when_it_is_told_to_and_by_itself() {
    machine.run("systemctl stop moonboot");
    assertEquals("success", machine.shows("Result"));
    assertEquals("inactive", machine.shows("ActiveState"));
    assertEquals("143", machine.shows("ExecMainStatus")); // SIGTERM, and all was closed
    assertEquals(0, site.status("/livez"));
  }

  @Test
  @Order(10)
  void a_configuration_that_cannot_be_used_is_told_once() {
    site.configure("no-such-key: 1\n");
    assertFalse(machine.succeeds("systemctl start moonboot"));
    assertEquals("failed", machine.shows("ActiveState"));
    assertEquals("78", machine.shows("ExecMainStatus"));
    assertEquals("0", machine.shows("NRestarts"));
    assertTrue(machine.journal().contains("no-such-key"), machine.journal());
  }
}
