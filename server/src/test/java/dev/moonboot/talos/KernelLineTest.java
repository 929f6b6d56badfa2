package dev.moonboot.talos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.journal.TalosSaid.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines as Talos 1.13 writes and sends them. */
class KernelLineTest {
  private static Optional<KernelLine> of(String msg, String level) {
    String line =
        "{\"clock\":1234,\"facility\":\"user\",\"msg\":\"%s\\n\",\"priority\":\"warning\",\"seq\":7,"
                .formatted(msg)
            + "\"talos-level\":\"%s\",\"talos-time\":\"2026-03-01T12:00:00.1Z\"}".formatted(level);
    return KernelLine.message(line).flatMap(KernelLine::of);
  }

  private static void assertSaid(String what, Level level, String msg, String at) {
    String text = msg.startsWith("[talos] ") ? msg.substring("[talos] ".length()) : msg;
    assertEquals(Optional.of(new KernelLine(what, text, level)), of(msg, at));
  }

  @Test
  void what_tells_how_a_boot_goes_on_is_kept() {
    assertSaid("kernel", Level.INFO, "Linux version 6.12.1-talos (gcc 14)", "info");
    assertSaid("panic", Level.FAILED, "Kernel panic - not syncing: no init", "error");
    assertSaid("phase", Level.INFO, "[talos] phase config (5/12): done, 3.1s", "warn");
    assertSaid("phase", Level.ERROR, "[talos] phase config (5/12): failed", "warn");
    assertSaid("task", Level.ERROR, "[talos] task mountState (1/1): failed: no disk", "warn");
    assertSaid("sequence", Level.INFO, "[talos] boot sequence: 16 phase(s)", "warn");
    assertSaid("sequence", Level.INFO, "[talos] initialize sequence: done: 2.1s", "warn");
    assertSaid("sequence", Level.UP, "[talos] boot sequence: done: 1m2s", "warn");
    assertSaid("sequence", Level.FAILED, "[talos] install sequence: failed", "warn");
    assertSaid("maintenance", Level.INFO, "[talos] entering maintenance service {}", "warn");
    assertSaid("config", Level.INFO, "[talos] machine config loaded successfully {}", "warn");
    assertSaid(
        "config", Level.ERROR, "[talos] controller failed: failed to load config via x", "warn");
    assertSaid("kernel", Level.ERROR, "nvme nvme0: I/O timeout", "error");
  }

  @Test
  void all_else_is_left_out() {
    assertEquals(Optional.empty(), of("usb 1-1: new device", "info"));
    assertEquals(Optional.empty(), of("[talos] task mountState (1/1): starting", "warn"));
    for (String line : List.of("", "{", "[]", "7", "{\"msg\":7}", "{\"message\":\"x\"}", "\0")) {
      assertEquals(Optional.empty(), KernelLine.message(line));
    }
    assertEquals(Optional.empty(), KernelLine.message("[".repeat(60_000)));
  }

  @Test
  void lines_are_parted_wherever_packets_end_and_of_a_long_one_nothing_is_kept() {
    List<String> seen = new ArrayList<>();
    Lines lines = new Lines(10, seen::add);
    for (String part : List.of("a", "b\nc\n\n", "0123456789", "\n0123456789", "x\n", "d\n", "e")) {
      byte[] bytes = part.getBytes(UTF_8);
      lines.take(bytes, bytes.length);
    }
    assertEquals(List.of("ab", "c", "0123456789", "d"), seen);
  }
}
