package dev.moonboot.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A machine that is booting: QEMU with real firmware, watched by {@code bootvm}. */
final class VirtualMachine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Running bootvm;
  private final Path folder;

  private VirtualMachine(Running bootvm, Path folder) {
    this.bootvm = bootvm;
    this.folder = folder;
  }

  /**
   * Switches on a machine.
   *
   * @param bootvm the start of the command
   * @param expected patterns, each of which a line of the console must have
   */
  static VirtualMachine start(List<String> bootvm, Path folder, List<String> expected) {
    List<String> command = new ArrayList<>(bootvm);
    command.addAll(List.of("--out", folder.toString()));
    command.addAll(List.of("--timeout", Long.toString(PATIENCE.toSeconds())));
    expected.forEach(pattern -> command.addAll(List.of("--expect", pattern)));
    return new VirtualMachine(Running.start(command, folder.resolve("bootvm.log")), folder);
  }

  /** Whether this has passed over its network, in plain text. */
  boolean received(String text) {
    try {
      Path capture = folder.resolve("net.pcap");
      return Files.exists(capture)
          && Files.readString(capture, StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its console showed of lines that begin so, without that. */
  List<String> said(String beginning) {
    try {
      return Files.readAllLines(folder.resolve("serial.tsv"), StandardCharsets.UTF_8).stream()
          .map(line -> line.substring(line.indexOf('\t') + 1))
          .filter(line -> line.startsWith(beginning))
          .map(line -> line.substring(beginning.length()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has booted what it was expected to. */
  void boots() {
    int status = bootvm.exit(PATIENCE.plusSeconds(20));
    assertEquals(0, status, () -> "the console, in " + folder + ":\n" + bootvm.output());
    System.err.println("e2e: " + bootvm.output().lines().reduce("", (before, line) -> line));
  }

  @Override
  public void close() {
    bootvm.close();
  }
}
