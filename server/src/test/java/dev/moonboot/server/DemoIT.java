package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./moonboot demo} as README has it. */
class DemoIT {
  private static final Pattern PORT = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)");

  @TempDir Path output;
  @TempDir Path temporary;
  private Moonboot moonboot = new Moonboot(Moonboot.SCRIPT, Path.of(""), Map.of());

  @BeforeEach
  void place() {
    moonboot =
        new Moonboot(
            Moonboot.SCRIPT,
            output,
            Map.of(
                "MOONBOOT_CACHE_HOME",
                "off",
                "MOONBOOT_JVM_OPTIONS",
                "-Djava.io.tmpdir=" + temporary));
  }

  @Test
  void shows_two_releases_and_leaves_nothing_behind() throws Exception {
    var ran = moonboot.run("demo", "--auto");
    assertEquals(0, ran.code(), ran.out() + ran.err());
    assertEquals("", ran.err());
    assertTellsOf("v0.0.1-demo", ran.out());
    assertTellsOf("v0.0.2-demo", ran.out());
    for (String line :
        List.of(
            "  curl http://127.0.0.1:",
            "/ipxe?mac=52-54-00-12-34-56&arch=arm64'",
            "  curl -O http://127.0.0.1:",
            "  tftp -m binary 127.0.0.1 ",
            "     kernel --name vmlinuz /assets/talos/custom/sha256-",
            "done; nothing is left behind")) {
      assertTrue(ran.out().contains(line), line + " in\n" + ran.out());
    }
    assertNothingLeft(ran.out());
  }

  private static void assertTellsOf(String version, String out) {
    Pattern told =
        Pattern.compile(
            "(?s)pushed   \\S+:stable = (sha256:\\w+)\n\\s+"
                + version
                + ".*?pull     layer 2 of 2.*?extract.*?release  \\1 \\("
                + version
                + "\\)");
    assertTrue(told.matcher(out).find(), out);
  }

  private void assertNothingLeft(String out) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      assertEquals(List.of(), files.toList());
    }
    Matcher ports = PORT.matcher(out);
    assertTrue(ports.find(), out);
    do {
      int port = Integer.parseInt(ports.group(1));
      assertThrows(
          ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
    } while (ports.find());
  }

  @Test
  void moves_the_tag_on_enter_and_leaves_nothing_behind_when_told_to_end() throws Exception {
    Process demo = moonboot.start("demo");
    try {
      awaitOutput("4. Press Enter", demo);
      demo.getOutputStream().write('\n');
      demo.getOutputStream().flush();
      awaitOutput("(v0.0.2-demo) is what \"custom\" boots now", demo);
      demo.toHandle().destroy(); // SIGTERM; SIGINT may be ignored where this was started
      assertTrue(demo.waitFor(60, TimeUnit.SECONDS), "still runs");
    } finally {
      demo.destroyForcibly();
    }
    assertEquals(143, demo.exitValue()); // 128 + SIGTERM
    assertNothingLeft(moonboot.out());
    assertFalse(demo.toHandle().isAlive());
  }

  private void awaitOutput(String text, Process demo) throws IOException {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!moonboot.out().contains(text)) {
      assertTrue(
          demo.isAlive() && System.nanoTime() < end, "no \"" + text + "\"\n" + moonboot.out());
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  @Test
  void boots_a_virtual_pc_into_each_release() throws Exception {
    Requires.program("qemu-system-x86_64");
    var ran = moonboot.run("demo", "--auto", "--boot");
    assertEquals(0, ran.code(), ran.out() + ran.err());
    for (String version : List.of("v0.0.1-demo", "v0.0.2-demo")) {
      Pattern screen =
          Pattern.compile(
              "(?s)\\| \\*\\*\\* moonboot demo payload, not Talos \\*\\*\\*\n"
                  + "   \\| release: +6\\.18\\.0-"
                  + Pattern.quote(version)
                  + " \\(moonboot demo, not Talos\\) #1\n"
                  + "   \\| command line: initrd=initramfs\\.xz talos\\.platform=metal [^\n]*\n"
                  + "   \\| initramfs: +\\d{7} bytes\n");
      assertTrue(screen.matcher(ran.out()).find(), ran.out());
    }
    assertNothingLeft(ran.out());
  }
}
