package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  void help_lists_the_commands_and_is_what_one_gets_without_any() {
    Ran help = run("--help");
    assertEquals(0, help.code());
    assertEquals("", help.err());
    for (String command :
        List.of("serve", "pull", "inspect", "verify", "demo", "check-config", "audit")) {
      assertTrue(help.out().contains("\n  " + command + " "), command);
    }
    assertEquals(help, run());
  }

  @Test
  void what_standard_output_does_not_take_is_told_unless_somebody_has_read_enough() {
    var err = new StringWriter();
    var told = new PrintWriter(err, true);
    assertEquals(0, Main.ended(0, true, new PrintWriter(new StringWriter()), told));
    assertEquals(0, Main.ended(0, false, full(), told), "a pipe that head has left");
    assertEquals(78, Main.ended(78, true, full(), told));
    assertEquals("", err.toString());
    assertEquals(1, Main.ended(0, true, full(), told));
    assertEquals(
        "moonboot: standard output could not be written: is its disk full?\n", err.toString());
  }

  private static PrintWriter full() {
    var full =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    PrintWriter out = new PrintWriter(full, true, StandardCharsets.UTF_8);
    out.println("a token");
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frobnicate",
        "serve",
        "serve --config",
        "pull",
        "pull ghcr.io/acme/talos:demo --arch riscv64",
        "pull ghcr.io/acme/TALOS:demo",
        "inspect --jsn x",
        "verify oci:x",
        "demo --fast"
      })
  void wrong_usage_is_2_with_the_reason_on_standard_error(String line) {
    Ran ran = run(line.split(" "));
    assertEquals(2, ran.code(), ran.err());
    assertEquals("", ran.out());
    assertTrue(ran.err().startsWith("moonboot: "), ran.err());
    assertTrue(ran.err().contains(" --help"), ran.err());
  }

  /** F-02: the same verdict as at start, offline, and nothing happens. */
  @Test
  void f_02_check_config_says_what_serve_would_and_does_nothing(@TempDir Path folder)
      throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "http: {addres: ':1'}\n");
    Ran checked = run("check-config", "--config", bad.toString());
    Ran served = run("serve", "--config", bad.toString());
    assertEquals(78, checked.code());
    assertEquals(checked, served);
    assertEquals(
        "moonboot: the configuration has a problem:\n  "
            + bad
            + ":1:8: unknown key http.addres; did you mean http.address?\n",
        checked.err());

    Path cache = folder.resolve("cache");
    Path good =
        Files.writeString(
            folder.resolve("good.yaml"),
            "cache: " + cache + "\nchannels: {custom: {image: 'registry.invalid/talos:1'}}\n");
    Ran fine = run("check-config", "--config", good.toString());
    assertEquals(0, fine.code(), fine.err());
    assertTrue(fine.out().contains("cache=" + cache + " (" + good + ":1:1)\n"), fine.out());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(bad, good), left.sorted().toList());
    }
  }

  @Test
  void a_missing_configuration_is_78() {
    Ran ran = run("check-config", "--config", "/nonexistent/moonboot.yaml");
    assertEquals(78, ran.code());
    assertTrue(ran.err().contains("/nonexistent/moonboot.yaml: there is no such file"), ran.err());
  }

  /** Java formats figures in them, and libraries make patterns of what it formats. */
  @Test
  void languages_with_other_digits_change_nothing(@TempDir Path folder) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("moonboot.yaml"), "channels: {a: {image: 'x.example/t:1'}}\n");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "check-config",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .start();
    String told = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), told);
    assertTrue(told.contains("\nhttp.connections=1024 (default)\n"), told);
  }
}
