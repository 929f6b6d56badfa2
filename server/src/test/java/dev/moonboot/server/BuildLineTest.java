package dev.moonboot.server;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.server.BuildLab.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on builds whose base is the newest of a line of versions. */
class BuildLineTest {
  @TempDir Path folder;
  private BuildLab lab;

  @BeforeEach
  void begin() throws IOException {
    lab = new BuildLab(folder);
    lab.configure(
        """
        channels:
          compute:
            arch: amd64
            build:
              base: ghcr.io/siderolabs/imager:v1.13.*
              extensions: [siderolabs/gvisor]
              follow: lock
          edge:
            build: {base: channel:compute, extensions: ["ghcr.io/jsenecal/frr-talos-extension:v1.0.2"]}
        """);
    assertEquals(0, lock().code());
  }

  @AfterEach
  void end() {
    lab.close();
  }

  private Ran lock(String... more) {
    return lab.run(
        Stream.concat(Stream.of("build", "lock", "--config", "moonboot.yaml"), Stream.of(more))
            .toArray(String[]::new));
  }

  private String lockFile() throws IOException {
    return Files.readString(lab.file("moonboot.lock"))
        .replace(lab.registry.address(), "ghcr.io")
        .replaceAll("sha256:[0-9a-f]{64}", "SHA256");
  }

  private static String plain(String text) {
    return text.replaceAll("sha256:[0-9a-f]{12}\\b", "sha256:…").replaceAll(" +", " ");
  }

  @Test
  void the_lock_file_has_the_line_and_the_version_that_is_newest() throws IOException {
    assertTrue(
        lockFile()
            .contains(
                """
                  compute:
                    talos: "v1.13.9"
                    kernel: "6.18.9-talos"
                    inputs:
                      - {"base": "ghcr.io/siderolabs/imager:v1.13.*", "image": "ghcr.io/siderolabs/imager:v1.13.9", "digest": "SHA256"}
                      - {"extension": "siderolabs/gvisor", "version": "20250505.0", "image": "ghcr.io/siderolabs/gvisor:20250505.0", "digest": "SHA256"}
                """),
        lockFile());
  }

  @Test
  void a_new_patch_release_moves_talos_and_what_belongs_to_its_version() throws IOException {
    lab.talos("v1.13.10");
    String before = lockFile();
    Ran check = lock("--check", "compute");
    assertEquals(1, check.code());
    assertEquals(
        """
        compute:
         WHAT FROM TO
         talos v1.13.9 v1.13.10
         base ghcr.io/siderolabs/imager:v1.13.* sha256:… ghcr.io/siderolabs/imager:v1.13.* sha256:…
         extension siderolabs/gvisor 20250505.0 sha256:… of-v1.13.10 sha256:…
        moonboot.lock: out of date: moonboot build lock brings it up to date
        """,
        plain(check.out()));
    assertEquals(before, lockFile());
    assertEquals(0, lock().code());
    assertTrue(lockFile().contains("\"image\": \"ghcr.io/siderolabs/imager:v1.13.10\""));
    assertEquals(0, lock("--check").code());
  }

  @Test
  void when_only_an_extension_may_move_it_is_that_of_the_locked_version() throws IOException {
    lab.talos("v1.13.10");
    Ran same = lock("--upgrade-only", "siderolabs/gvisor", "--check");
    assertEquals(0, same.code(), same.out());
    lab.gvisor("20250601.0");
    Ran moved = lock("--upgrade-only", "siderolabs/gvisor");
    assertEquals(
        """
        compute:
         WHAT FROM TO
         extension siderolabs/gvisor 20250505.0 sha256:… 20250601.0 sha256:…
        edge: nothing changes
        moonboot.lock: written
        """,
        plain(moved.out()));
  }

  @Test
  void that_is_so_for_builds_of_a_site_too() throws IOException {
    lab.configure(
        """
        channels:
          worker:
            arch: amd64
            build: {base: "ghcr.io/siderolabs/imager:v1.13.*", extensions: [siderolabs/gvisor]}
        build: {site: fra1}
        """);
    assertEquals(0, lock().code());
    lab.talos("v1.13.10");
    Ran same = lock("--upgrade-only", "siderolabs/gvisor", "--check");
    assertEquals("fra1/worker: nothing changes", same.out().lines().findFirst().orElse(""));
    assertEquals(0, same.code());
  }

  @Test
  void that_is_so_for_a_base_whose_tag_moves_too() throws IOException {
    lab.installer("main", "v1.13.9");
    lab.configure(
        """
        channels:
          nightly:
            arch: amd64
            build: {base: "ghcr.io/siderolabs/installer:main", extensions: [siderolabs/gvisor]}
        """);
    Ran first = lock();
    assertEquals(0, first.code(), first.err());
    lab.talos("v1.13.10");
    lab.installer("main", "v1.13.10");
    Ran same = lock("--upgrade-only", "siderolabs/gvisor", "--check");
    assertEquals("nightly: nothing changes", same.out().lines().findFirst().orElse(""));
    assertEquals(1, lock("--check").code());
  }

  @Test
  void when_only_the_base_may_move_it_moves_with_its_version() throws IOException {
    lab.talos("v1.13.10");
    assertEquals(0, lock("compute", "--upgrade-only", "ghcr.io/siderolabs/imager:v1.13.*").code());
    assertTrue(lockFile().contains("talos: \"v1.13.10\""), lockFile());
  }

  @Test
  void what_follows_the_lock_file_stays_at_its_version() {
    lab.talos("v1.13.10");
    Ran show = lab.run("build", "show", "--config", "moonboot.yaml", "compute");
    assertEquals(0, show.code(), show.err());
    List<String> lines =
        show.out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
    assertTrue(lines.contains("talos v1.13.9"), show.out());
    assertTrue(
        lines.contains(
            "base ghcr.io/siderolabs/imager:v1.13.* ghcr.io/siderolabs/imager:v1.13.9 SHA256"),
        show.out());
  }

  @Test
  void a_version_that_is_gone_is_locked_with_a_warning() {
    lab.talos("v1.13.8");
    lab.registry.untag(BuildLab.IMAGER, "v1.13.9");
    Ran ran = lock("compute");
    assertEquals(0, ran.code());
    assertTrue(plain(ran.out()).contains("\n talos v1.13.9 v1.13.8\n"), ran.out());
    assertTrue(
        ran.err()
            .contains(
                "moonboot: compute: ghcr.io/siderolabs/imager:v1.13.* went back from v1.13.9 to"
                    + " v1.13.8: see why before you apply it\n"),
        ran.err());
  }

  @Test
  void a_line_without_a_version_says_so() throws IOException {
    lab.configure(
        """
        channels: {compute: {arch: amd64, build: {base: "ghcr.io/siderolabs/imager:v1.15.*"}}}
        """);
    Ran ran = lock();
    assertEquals(1, ran.code());
    assertEquals(
        "moonboot: build compute: base ghcr.io/siderolabs/imager:v1.15.*: none of the tags there (1)"
            + " is a version of it; pre-releases count with v1.15.*-pre\n",
        ran.err()
            .lines()
            .filter(line -> line.startsWith("moonboot:"))
            .collect(joining("\n", "", "\n")));
  }
}
