package dev.moonboot.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A virtual PC (QEMU, emulated) with an empty disk slot and a network card: its BIOS starts iPXE
 * from the card, and iPXE is told our address by DHCP. What it shows comes out of its serial port.
 */
final class DemoMachine implements AutoCloseable {
  private static final String PROGRAM = "qemu-system-x86_64";

  /** An emulated PC takes ten seconds; a busy machine may need a few times that. */
  private static final long PATIENCE_SECONDS = 180;

  private final Process process;
  private final PrintWriter out;

  private DemoMachine(Process process, PrintWriter out) {
    this.process = process;
    this.out = out;
  }

  static boolean isInstalled() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
  }

  /**
   * Switches one on.
   *
   * @param port of the boot listener on 127.0.0.1, which the machine sees as 10.0.2.2
   */
  static DemoMachine start(int port, PrintWriter out) {
    List<String> command =
        List.of(
            PROGRAM,
            "-accel",
            "tcg", // the same everywhere; nested virtualization is not
            "-m",
            "256",
            "-machine",
            "pc,graphics=off", // BIOS and iPXE speak on the serial port
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "stdio",
            "-no-reboot",
            "-boot",
            "n",
            "-netdev",
            "user,id=net,bootfile=http://10.0.2.2:" + port + "/boot.ipxe",
            "-device",
            "virtio-net-pci,netdev=net,mac=52:54:00:12:34:56");
    try {
      return new DemoMachine(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start(),
          out);
    } catch (IOException e) {
      throw new StartException(
          PROGRAM + " cannot be started: " + e.getMessage() + "; is QEMU installed?", e);
    }
  }

  /**
   * Shows its screen until it switches itself off.
   *
   * @return whether it did so in time
   */
  boolean watch() throws InterruptedException {
    Thread screen = Thread.ofVirtual().name("screen").start(this::copyScreen);
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    screen.join();
    return ended && process.exitValue() == 0;
  }

  private void copyScreen() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = lines.readLine();
      while (line != null) {
        String text = plain(line);
        if (!text.isBlank()) {
          out.println("   | " + text);
          out.flush();
        }
        line = lines.readLine();
      }
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The text without what a terminal would do with it. */
  static String plain(String line) {
    return line.replaceAll("\u001b\\[[0-9;?=]*[A-Za-z]|\u001bc", "")
        .replaceAll("\\p{Cntrl}", "")
        .stripTrailing();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
