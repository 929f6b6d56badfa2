package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Requires;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds that are made in processes of their own, which run out of things or are stopped. */
class BuildProcessTest {
  private static final List<String> ALL = List.of("INITRAMFS", "PARTS", "UKI", "INSTALLER", "ISO");

  @TempDir Path folder;

  private ProcessBuilder child(List<String> options, List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            BuildHeapMain.class.getName()));
    command.addAll(args);
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  private void prepare(int mebibytes) throws IOException, InterruptedException {
    var ended =
        ChildJvm.run(
            child(
                List.of("-Xmx1500m"),
                List.of("prepare", folder.toString(), Integer.toString(mebibytes))),
            Map.of());
    assertEquals(0, ended.status(), ended.text());
  }

  private ProcessBuilder make(List<String> options, List<String> outputs) {
    List<String> args = new ArrayList<>(List.of("make", folder.toString()));
    args.addAll(outputs);
    return child(options, args);
  }

  @Test
  void m_02_all_outputs_of_a_base_of_64_mebibytes_are_composed_with_96_mebibytes_of_heap()
      throws Exception {
    List.of("xorriso", "mformat", "mcopy").forEach(Requires::program);
    prepare(64);
    var ended =
        ChildJvm.run(make(List.of("-Xmx96m", "-XX:MaxDirectMemorySize=32m"), ALL), Map.of());
    assertEquals(0, ended.status(), ended.text());
    for (String name :
        List.of(
            "initramfs.xz",
            "initramfs-base.xz",
            "initramfs-extensions.xz",
            "uki.efi",
            "talos.iso")) {
      assertTrue(ended.text().contains(name), ended.text());
    }
  }

  @Test
  void a_missing_program_is_told_before_anything_is_pulled() throws Exception {
    prepare(1);
    var ended =
        ChildJvm.run(make(List.of(), List.of("INITRAMFS", "ISO")), Map.of("PATH", "/nowhere"));
    assertEquals(1, ended.status(), ended.text());
    assertTrue(
        ended
            .text()
            .contains(
                "build compute: an ISO image needs xorriso (package xorriso), which is not on PATH:"
                    + " install it on this machine"),
        ended.text());
    try (Stream<Path> left = Files.list(folder.resolve("out"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  /** As Ctrl-C does it, too. */
  @Test
  void a_build_that_is_interrupted_ends_soon_and_leaves_nothing() throws Exception {
    prepare(24);
    Process process = composing();
    try (var out = process.inputReader(UTF_8)) {
      awaitComposing(out);
      long start = System.nanoTime();
      process.toHandle().destroy(); // SIGTERM; SIGINT may be ignored where this was started
      assertTrue(process.waitFor(10, TimeUnit.SECONDS), "it goes on");
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.compareTo(Duration.ofSeconds(5)) < 0, () -> "it took " + took);
      assertEquals(143, process.exitValue());
      String said = String.join("\n", out.lines().toList());
      assertFalse(said.contains("ERROR"), said);
    } finally {
      process.destroyForcibly().waitFor();
    }
    try (Stream<Path> left = Files.list(folder.resolve("out"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void x_20_what_a_killed_build_left_is_removed_by_the_next() throws Exception {
    prepare(24);
    Process process = composing();
    try (var out = process.inputReader(UTF_8)) {
      awaitComposing(out);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertEquals(1, scratch().size());
    var ended = ChildJvm.run(make(List.of(), List.of("INITRAMFS")), Map.of());
    assertEquals(0, ended.status(), ended.text());
    assertEquals(List.of(), scratch());
  }

  /** One that has pulled its inputs, and waits in the middle of composing. */
  private Process composing() throws IOException {
    return child(List.of(), List.of("wait", folder.toString(), "INITRAMFS")).start();
  }

  private static void awaitComposing(BufferedReader out) throws IOException {
    List<String> said = new ArrayList<>();
    while (!said.contains(BuildHeapMain.WAITING)) {
      String line = out.readLine();
      assertNotNull(line, () -> "it ended: " + said);
      said.add(line);
    }
  }

  private List<Path> scratch() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("out"))) {
      return left.filter(path -> path.getFileName().toString().startsWith(".")).toList();
    }
  }
}
