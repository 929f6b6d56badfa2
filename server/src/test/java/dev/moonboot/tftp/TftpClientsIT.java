package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that others wrote, against the listener. */
class TftpClientsIT {
  private static final String KERNEL = "talos/custom/vmlinuz-arm64";

  @TempDir Path folder;

  /** Empty, one block exactly, a few, and enough for the block number to go round. */
  @ParameterizedTest
  @ValueSource(ints = {0, 512, 5000, 1_468_000, 34_000_000})
  void tftp_hpa(int size) throws Exception {
    Path tftp = Requires.program("tftp");
    gets(
        size,
        (port, out) ->
            List.of(tftp.toString(), "-m", "binary", "127.0.0.1", port, "-c", "get", KERNEL, out));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1428, 5000, 34_000_000})
  void atftp_with_blocks_and_windows(int size) throws Exception {
    Path atftp = Requires.program("atftp");
    for (String window : List.of("1", "4", "16")) {
      gets(
          size,
          (port, out) ->
              List.of(
                  atftp.toString(),
                  "--option",
                  "blksize 1428",
                  "--option",
                  "windowsize " + window,
                  "--option",
                  "tsize",
                  "--get",
                  "--remote-file",
                  KERNEL,
                  "--local-file",
                  out,
                  "127.0.0.1",
                  port));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 512, 5000, 34_000_000})
  void curl(int size) throws Exception {
    Path curl = Requires.program("curl");
    List<List<String>> ways =
        size == 0
            ? List.of(List.of("--tftp-no-options")) // curl 7.88 fails on any server's tsize of 0
            : List.of(List.of(), List.of("--tftp-no-options"), List.of("--tftp-blksize", "1468"));
    for (List<String> options : ways) {
      gets(
          size,
          (port, out) -> {
            List<String> command = new ArrayList<>(List.of(curl.toString(), "-sS", "-o", out));
            command.addAll(options);
            command.add("tftp://127.0.0.1:" + port + "/assets/" + KERNEL);
            return command;
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 5000, 2_000_000})
  void busybox(int size) throws Exception {
    Path busybox = Requires.program("busybox");
    for (String block : List.of("512", "1468")) {
      gets(
          size,
          (port, out) ->
              List.of(
                  busybox.toString(),
                  "tftp",
                  "-g",
                  "-b",
                  block,
                  "-r",
                  KERNEL,
                  "-l",
                  out,
                  "127.0.0.1",
                  port));
    }
  }

  private interface Command {
    List<String> of(String port, String out);
  }

  private void gets(int size, Command command) throws Exception {
    byte[] bytes = Served.bytes(size, size);
    for (boolean singlePort : List.of(true, false)) {
      Path out = folder.resolve("out-" + singlePort);
      Files.deleteIfExists(out);
      try (var served = Served.in(folder, c -> portPerTransfer(c, singlePort))) {
        served.asset(KERNEL, bytes);
        run(command.of("" + served.listener.address().getPort(), out.toString()));
      }
      assertArrayEquals(bytes, Files.exists(out) ? Files.readAllBytes(out) : new byte[0]);
    }
  }

  private static TftpConfig portPerTransfer(TftpConfig c, boolean singlePort) {
    return new TftpConfig(c.listen(), singlePort, 256, 8, c.blockSize(), c.windowSize(), List.of());
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "still running: " + command);
      assertEquals(0, process.exitValue(), () -> command + ": " + read(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
