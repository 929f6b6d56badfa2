package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.FakeRegistryRequest.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that somebody ends while a registry keeps them waiting. */
class BrokenOffIT {
  private static final String BUILD =
      """
      channels:
        compute:
          arch: amd64
          push: ghcr.io/acme/installer
          build: {base: "ghcr.io/siderolabs/imager:v1.13.9", outputs: [initramfs, installer]}
      """;

  @TempDir Path folder;
  @TempDir Path temporary;
  @TempDir Path out;
  private BuildLab lab;

  @BeforeEach
  void begin() throws IOException {
    lab = new BuildLab(folder);
    lab.configure(BUILD);
  }

  @AfterEach
  void end() {
    lab.close();
  }

  private static List<Path> left(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Ends it as Ctrl-C does, once it waits for an answer of that kind. */
  private void breakOff(Kind kind, String... command) throws Exception {
    var waits = new CountDownLatch(1);
    lab.registry.fault(
        kind,
        (request, right) -> {
          waits.countDown();
          return FakeRegistryFault.silence().apply(request, right);
        });
    var moonboot = new Moonboot(Moonboot.SCRIPT, folder, Map.of("TMPDIR", temporary.toString()));
    Process process = moonboot.start(command);
    while (!waits.await(100, TimeUnit.MILLISECONDS)) {
      assertTrue(process.isAlive(), "it ended");
    }
    assertEquals(1, left(temporary).size() + left(out).size(), "what it works in");
    process.toHandle().destroy(); // SIGTERM; SIGINT may be ignored where this was started
    var ran = moonboot.ended(process);
    assertEquals(143, ran.code(), ran.err());
    assertEquals(List.of(), left(temporary));
    assertEquals(List.of(), left(out));
  }

  private String image() {
    return lab.registry.address() + "/" + BuildLab.IMAGER + ":v1.13.9";
  }

  @Test
  void a_pull_leaves_nothing() throws Exception {
    breakOff(
        Kind.BLOB,
        "pull",
        image(),
        "--plain-http",
        lab.registry.address(),
        "--out",
        out.toString());
  }

  @Test
  void an_inspection_leaves_nothing() throws Exception {
    breakOff(Kind.BLOB, "inspect", image(), "--plain-http", lab.registry.address());
  }

  @Test
  void a_push_leaves_nothing() throws Exception {
    breakOff(
        Kind.UPLOAD,
        "build",
        "push",
        "--config",
        folder.resolve("moonboot.yaml").toString(),
        "compute");
  }
}
