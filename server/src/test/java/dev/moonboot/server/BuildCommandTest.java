package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.server.BuildLab.Ran;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistryFault;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildCommandTest {
  private static final String BUILDS =
      """
      channels:
        compute:
          arch: amd64
          build:
            base: ghcr.io/siderolabs/imager:v1.13.9
            extensions: [siderolabs/gvisor]
            arguments: ["console=ttyS0,115200"]
            follow: lock
        gateway:
          build: {like: compute, add: ["ghcr.io/jsenecal/frr-talos-extension:v1.0.2"]}
      """;

  @TempDir Path folder;
  private BuildLab lab;

  @BeforeEach
  void begin() throws IOException {
    lab = new BuildLab(folder);
    lab.configure(BUILDS);
  }

  @AfterEach
  void end() {
    lab.close();
  }

  private Ran build(String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "build";
    System.arraycopy(words, 0, all, 1, words.length);
    return lab.run(all);
  }

  private Ran lock(String... more) {
    String[] all = new String[more.length + 4];
    all[0] = "build";
    all[1] = "lock";
    all[2] = "--config";
    all[3] = "moonboot.yaml";
    System.arraycopy(more, 0, all, 4, more.length);
    return lab.run(all);
  }

  private String lockFile() throws IOException {
    return Files.readString(lab.file("moonboot.lock"));
  }

  /** With digests of twelve digits made the same, too. */
  private static String plain(String text) {
    return text.replaceAll("sha256:[0-9a-f]{12}\\b", "sha256:…").replaceAll(" +", " ");
  }

  @Test
  void lock_shows_what_moves_and_writes_one_input_on_a_line() throws IOException {
    Ran ran = lock();
    assertEquals(0, ran.code(), ran.err());
    assertEquals(
        """
        compute:
         WHAT FROM TO
         talos - v1.13.9
         kernel - 6.18.9-talos
         base - ghcr.io/siderolabs/imager:v1.13.9 sha256:…
         extension siderolabs/gvisor - 20250505.0 sha256:…
        gateway:
         WHAT FROM TO
         talos - v1.13.9
         kernel - 6.18.9-talos
         base - ghcr.io/siderolabs/imager:v1.13.9 sha256:…
         extension ghcr.io/jsenecal/frr-talos-extension:v1.0.2 - v1.0.2 sha256:…
         extension siderolabs/gvisor - 20250505.0 sha256:…
        moonboot.lock: written
        """,
        plain(ran.out()));
    assertEquals(
        """
        # What each build is made of, by digest. Written by "moonboot build lock": review it and keep it
        # with the configuration.
        format: 1
        builds:
          compute:
            talos: "v1.13.9"
            kernel: "6.18.9-talos"
            inputs:
              - {"base": "ghcr.io/siderolabs/imager:v1.13.9", "digest": "SHA256"}
              - {"extension": "siderolabs/gvisor", "version": "20250505.0", "image": "ghcr.io/siderolabs/gvisor:20250505.0", "digest": "SHA256"}
          gateway:
            talos: "v1.13.9"
            kernel: "6.18.9-talos"
            inputs:
              - {"base": "ghcr.io/siderolabs/imager:v1.13.9", "digest": "SHA256"}
              - {"extension": "ghcr.io/jsenecal/frr-talos-extension:v1.0.2", "version": "v1.0.2", "digest": "SHA256"}
              - {"extension": "siderolabs/gvisor", "version": "20250505.0", "image": "ghcr.io/siderolabs/gvisor:20250505.0", "digest": "SHA256"}
        """,
        lockFile()
            .replace(lab.registry.address(), "ghcr.io")
            .replaceAll("sha256:[0-9a-f]{64}", "SHA256"));
  }

  @Test
  void lock_with_check_writes_nothing_and_ends_with_1_when_something_would_move()
      throws IOException {
    assertEquals(1, lock("--check").code());
    assertFalse(Files.exists(lab.file("moonboot.lock")));
    assertEquals(0, lock().code());
    Ran same = lock("--check");
    assertEquals(0, same.code());
    assertEquals(
        """
        compute: nothing changes
        gateway: nothing changes
        moonboot.lock: nothing moves
        """,
        same.out());
    String before = lockFile();
    lab.gvisor("20250601.0");
    Ran moved = lock("--check", "compute");
    assertEquals(1, moved.code());
    assertEquals(
        """
        compute:
         WHAT FROM TO
         extension siderolabs/gvisor 20250505.0 sha256:… 20250601.0 sha256:…
        moonboot.lock: out of date: moonboot build lock brings it up to date
        """,
        plain(moved.out()));
    assertEquals(before, lockFile());
  }

  @Test
  void what_did_not_move_is_not_pulled_again() {
    lock();
    lab.registry.forget();
    assertEquals(0, lock().code());
    assertTrue(
        lab.registry.requests().stream()
            .noneMatch(request ->
                request.toString().contains("blob") && request.toString().contains("imager")),
        () -> lab.registry.requests().toString());
  }

  @Test
  void only_named_inputs_move_when_asked_so() throws IOException {
    lock();
    lab.gvisor("20250601.0");
    lab.push(BuildLab.FRR, "v1.0.2", ExtensionImages.named("frr", "v1.0.2-rebuilt"));
    Ran ran = lock("gateway", "--upgrade-only", "ghcr.io/jsenecal/frr-talos-extension:v1.0.2");
    assertEquals(
        """
        gateway:
         WHAT FROM TO
         extension ghcr.io/jsenecal/frr-talos-extension:v1.0.2 v1.0.2 sha256:… v1.0.2-rebuilt sha256:…
        moonboot.lock: written
        """,
        plain(ran.out()));
    Ran alien = lock("--upgrade-only", "siderolabs/zfs");
    assertEquals(2, alien.code());
    assertEquals(
        "moonboot: --upgrade-only: no build has siderolabs/zfs; there are"
            + " ghcr.io/jsenecal/frr-talos-extension:v1.0.2, ghcr.io/siderolabs/imager:v1.13.9,"
            + " siderolabs/gvisor",
        alien.err().lines().filter(line -> line.startsWith("moonboot:")).findFirst().orElse(""));
  }

  @Test
  void what_others_lock_while_this_one_is_at_it_stays_in_the_lock_file() throws IOException {
    lock();
    String frr = "/v2/" + BuildLab.FRR + "/manifests/";
    String theirs = lockFile().replaceFirst("(?s).*?(?=    talos:)", "  other:\n");
    lab.gvisor("20250601.0");
    lab.registry.fault(
        request -> {
          if (request.path().startsWith(frr)) {
            append(theirs.substring(0, theirs.indexOf("  gateway:")));
          }
          return false;
        },
        1,
        FakeRegistryFault.hangUp());
    assertEquals(0, lock("gateway").code());
    assertTrue(lockFile().contains("  other:\n"), lockFile());
    assertTrue(lockFile().contains("20250601.0"), lockFile());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of("moonboot.lock", "moonboot.yaml"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  private void append(String builds) {
    try {
      if (!lockFile().contains(builds)) {
        Files.writeString(lab.file("moonboot.lock"), lockFile() + builds);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void builds_of_other_clusters_stay_in_the_lock_file() throws IOException {
    lock();
    lab.configure(BUILDS.substring(0, BUILDS.indexOf("  gateway:")));
    assertEquals(0, lock().code());
    assertTrue(lockFile().contains("  gateway:\n"));
  }

  private static final String OTHER_SITE =
      BUILDS
          .replace("[siderolabs/gvisor]", "[\"ghcr.io/jsenecal/frr-talos-extension:v1.0.2\"]")
          .replaceFirst("(?s)  gateway:.*", "");

  @Test
  void another_configuration_with_a_build_of_that_name_is_told_how_both_can_live()
      throws IOException {
    lock();
    lab.configure(OTHER_SITE);
    String hint = "build.site in either configuration has the file keep both";
    Ran refused = build("show", "--config", "moonboot.yaml", "compute");
    assertEquals(
        "moonboot: build compute: moonboot.lock does not have"
            + " ghcr.io/jsenecal/frr-talos-extension:v1.0.2: moonboot build lock compute; where"
            + " another configuration has a build of that name, "
            + hint
            + "\n",
        refused.err());
    Ran replaced = lock();
    assertEquals(0, replaced.code());
    assertTrue(
        replaced
            .err()
            .contains(
                "compute: the lock file had it of other inputs than this configuration names;"),
        replaced.err());
    assertTrue(replaced.err().contains(hint), replaced.err());
  }

  @Test
  void two_sites_with_builds_of_one_name_share_a_lock_file() throws IOException {
    lock();
    String before = lockFile();
    lab.configure(OTHER_SITE + "build: {site: fra1}\n");
    Ran ran = lock();
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().startsWith("fra1/compute:\n"), ran.out());
    assertFalse(ran.err().contains("build.site"), ran.err());
    String both = lockFile();
    assertTrue(both.contains("  fra1/compute:\n"), both);
    assertEquals(before, both.replaceFirst("(?s)  fra1/compute:.*?(?=  gateway:)", ""));
    assertEquals(0, build("show", "--config", "moonboot.yaml", "compute").code());
    assertEquals(0, build("diff", "--config", "moonboot.yaml", "lock:compute", "compute").code());
    lab.configure(BUILDS);
    assertEquals(0, lock("--check").code());
  }

  @Test
  void lock_tells_programs_the_same() {
    lock();
    lab.gvisor("20250601.0");
    Ran ran = lock("compute", "--json");
    assertEquals(0, ran.code());
    assertEquals(
        """
        {
          "lock": "moonboot.lock",
          "moved": true,
          "written": true,
          "builds": [
            {
              "name": "compute",
              "changes": [
                {
                  "what": "extension",
                  "name": "siderolabs/gvisor",
                  "from": {
                    "version": "20250505.0",
                    "digest": "SHA256"
                  },
                  "to": {
                    "version": "20250601.0",
                    "digest": "SHA256"
                  }
                }
              ]
            }
          ]
        }
        """,
        ran.out());
  }

  @Test
  void a_damaged_lock_file_is_told_with_its_line() throws IOException {
    lock();
    Files.writeString(lab.file("moonboot.lock"), lockFile().replace("    inputs:", "   inputs:"));
    Ran ran = lock();
    assertEquals(1, ran.code());
    assertEquals(
        "moonboot: moonboot.lock:8: not understood: expected is a build, its talos:, kernel: or"
            + " inputs:, indented as moonboot writes it; take the file back from version control, or"
            + " remove what is wrong and write it anew with moonboot build lock\n",
        ran.err());
  }

  @Test
  void what_follows_the_lock_file_needs_one_that_fits() throws IOException {
    assertEquals(
        "moonboot: build compute: moonboot.lock has no build compute: moonboot build lock compute\n",
        build("show", "--config", "moonboot.yaml", "compute").err());
  }

  @Test
  void check_says_every_finding_with_its_rule_its_reason_and_the_way_out() {
    lock();
    Ran ran = build("check", "--config", "moonboot.yaml", "gateway");
    assertEquals(0, ran.code(), ran.err());
    List<String> lines = ran.out().lines().toList();
    assertEquals("gateway for amd64, kernel 6.18.9-talos", lines.getFirst());
    assertEquals("  siderolabs/gvisor (gvisor 20250505.0, SHA256): nothing to say", lines.get(1));
    assertEquals(
        "  ghcr.io/jsenecal/frr-talos-extension:v1.0.2 (frr v1.0.2, SHA256):", lines.get(2));
    assertTrue(lines.get(3).startsWith("    warning "), lines.get(3));
    assertTrue(lines.getLast().matches("gateway: 2 extensions, 0 errors, [1-9] warnings"));

    Ran strict = build("check", "--config", "moonboot.yaml", "gateway", "--strict");
    assertEquals(1, strict.code());
    assertTrue(strict.out().endsWith("warnings; refused, for it is strict\n"), strict.out());
  }

  @Test
  void check_refuses_what_would_not_boot() {
    lab.push(BuildLab.FRR, "v1.0.2", ExtensionImages.usrMerge());
    lock();
    Ran ran = build("check", "--config", "moonboot.yaml", "--json");
    assertEquals(1, ran.code());
    Json.Obj answer = (Json.Obj) JsonText.parse(ran.out());
    assertEquals(
        List.of("compute false", "gateway true"),
        answer.array("builds").orElseThrow().stream()
            .map(Json.Obj.class::cast)
            .map(of ->
                of.text("name").orElse("")
                    + " "
                    + of.member("refused").equals(Optional.of(new Json.Bool(true))))
            .toList());
    assertTrue(ran.out().contains("\"real-lib-directory\""));
  }

  @Test
  void diff_says_what_differs_between_two_builds() {
    Ran ran = build("diff", "--config", "moonboot.yaml", "compute", "gateway");
    assertEquals(
        """
        compute -> gateway:
         WHAT FROM TO
         extension ghcr.io/jsenecal/frr-talos-extension:v1.0.2 - sha256:…
         order siderolabs/gvisor siderolabs/gvisor, ghcr.io/jsenecal/frr-talos-extension:v1.0.2
        """,
        plain(ran.out()));
  }

  @Test
  void diff_says_what_differs_between_two_lock_files() throws IOException {
    lock();
    Files.copy(lab.file("moonboot.lock"), lab.file("old.lock"));
    lab.gvisor("20250601.0");
    lock("gateway");
    assertEquals(
        """
        compute: nothing changes
        gateway:
         WHAT FROM TO
         extension siderolabs/gvisor 20250505.0 sha256:… 20250601.0 sha256:…
        """,
        plain(build("diff", "old.lock", "moonboot.lock").out()));
    assertEquals(
        """
        lock:compute -> compute:
         WHAT FROM TO
         extension siderolabs/gvisor 20250505.0 sha256:… sha256:…
        """,
        plain(build("diff", "--config", "moonboot.yaml", "lock:compute", "compute").out()));
  }

  @Test
  void show_says_what_a_build_is_made_of() {
    lock();
    assertEquals(
        """
        compute SHA256
         talos v1.13.9
         follows the lock file
         arch amd64
         platform metal
         arguments console=ttyS0,115200
         outputs initramfs
         existing keep
         INPUT NAME IMAGE DIGEST
         base ghcr.io/siderolabs/imager:v1.13.9 - SHA256
         extension siderolabs/gvisor ghcr.io/siderolabs/gvisor:20250505.0 SHA256
        """,
        plain(build("show", "--config", "moonboot.yaml", "compute").out()));
  }

  @Test
  void apply_composes_into_a_folder_and_the_same_again() throws IOException {
    lock();
    Ran ran = build("apply", "--config", "moonboot.yaml", "--output", "out", "gateway");
    assertEquals(0, ran.code(), ran.err());
    assertEquals(
        List.of("cmdline-amd64", "initramfs-amd64.xz", "release-amd64.json", "vmlinuz-amd64"),
        names("out").stream()
            .filter(name -> name.contains("amd64") && !name.endsWith(".sha256"))
            .filter(name -> Files.isRegularFile(lab.file("out").resolve(name)))
            .toList());
    assertTrue(names("out").contains("initramfs-amd64.xz.sha256"));
    assertTrue(
        Files.readString(lab.file("out").resolve("cmdline-amd64"))
            .contains("console=ttyS0,115200"));

    build("apply", "--config", "moonboot.yaml", "--output", "out-before", "gateway");
    assertEquals("out-before -> out: nothing changes\n", build("diff", "out-before", "out").out());
    assertEquals(
        -1,
        Files.mismatch(
            lab.file("out").resolve("initramfs-amd64.xz"),
            lab.file("out-before").resolve("initramfs-amd64.xz")));
  }

  private List<String> names(String folder) throws IOException {
    try (var files = Files.list(lab.file(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void apply_leaves_nothing_of_what_it_composed_there_before() throws IOException {
    String all = BUILDS.replace("arch: amd64", "arch: [amd64, arm64]").replace("lock", "inputs");
    lab.configure(all.replace("arguments:", "outputs: [initramfs, installer]\n      arguments:"));
    Ran ran = build("apply", "--config", "moonboot.yaml", "--output", "out", "compute");
    assertEquals(0, ran.code(), ran.err());
    Files.writeString(lab.file("out").resolve("notes.txt"), "mine");
    Files.writeString(lab.file("out").resolve("vmlinuz-amd64.sigstore.json"), "{}");
    lab.configure(BUILDS.replace("lock", "inputs"));
    build("apply", "--config", "moonboot.yaml", "--output", "out", "compute");
    build("apply", "--config", "moonboot.yaml", "--output", "out-before", "compute");
    List<String> wanted = new ArrayList<>(names("out-before"));
    wanted.add("notes.txt");
    assertEquals(wanted.stream().sorted().toList(), names("out"));
    assertEquals(names("out-before/amd64"), names("out/amd64"));
  }

  @Test
  void apply_tells_programs_what_it_composed_and_what_it_could_not() {
    lab.push(BuildLab.FRR, "v1.0.2", ExtensionImages.usrMerge());
    lock();
    Ran ran = build("apply", "--config", "moonboot.yaml", "--output", "out", "--json");
    assertEquals(1, ran.code());
    Json.Obj told = (Json.Obj) JsonText.parse(ran.out());
    List<Json.Obj> builds =
        told.array("builds").orElseThrow().stream().map(Json.Obj.class::cast).toList();
    assertEquals(
        List.of("name", "outcome", "release", "version", "arches"),
        List.copyOf(builds.getFirst().members().keySet()));
    assertEquals(Optional.of("composed"), builds.getFirst().text("outcome"));
    assertEquals(Optional.of("v1.13.9"), builds.getFirst().text("version"));
    assertEquals(
        List.of("name", "outcome", "reason"), List.copyOf(builds.getLast().members().keySet()));
    assertEquals(Optional.of("gateway"), builds.getLast().text("name"));
    assertEquals(Optional.of("failed"), builds.getLast().text("outcome"));
    assertTrue(
        ran.err().contains("moonboot: " + builds.getLast().text("reason").orElseThrow()),
        ran.err());
  }

  @Test
  void the_name_of_a_build_is_a_build_whatever_folders_there_are() throws IOException {
    assertTrue(Files.isDirectory(Path.of("target")), "that of this run");
    lab.configure(BUILDS.replace("compute", "target"));
    lock();
    assertEquals(
        "lock:target -> target: nothing changes\n",
        build("diff", "--config", "moonboot.yaml", "lock:target", "target").out());
    assertTrue(
        build("diff", "--config", "moonboot.yaml", "lock:target", "./target")
            .err()
            .contains("./target has no release-ARCH.json"));
  }

  @Test
  void apply_refuses_what_would_not_boot_and_writes_nothing() throws IOException {
    lab.push(BuildLab.FRR, "v1.0.2", ExtensionImages.usrMerge());
    lock();
    Ran ran = build("apply", "--config", "moonboot.yaml", "--output", "out", "gateway");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("real-lib-directory"), ran.err());
    assertEquals(List.of(), names("out"));
  }

  private static void signingKey(Path file) throws IOException {
    Process openssl =
        new ProcessBuilder(
                Requires.program("openssl").toString(),
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-out",
                file.toString())
            .redirectErrorStream(true)
            .start();
    assertEquals(0, openssl.onExit().join().exitValue());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void what_is_composed_is_signed_where_the_configuration_names_a_key() throws IOException {
    signingKey(lab.file("build.key"));
    lab.configure(BUILDS + "build: {signing-key: build.key}\n");
    lock();
    Ran ran = build("apply", "--config", "moonboot.yaml", "--output", "out", "compute");
    assertEquals(0, ran.code(), ran.err());
    assertTrue(
        Files.readString(lab.file("out").resolve("initramfs-amd64.xz.sigstore.json"))
            .contains("\"messageSignature\""));
    Files.setPosixFilePermissions(
        lab.file("build.key"), PosixFilePermissions.fromString("rw-r--r--"));
    Ran open = build("apply", "--config", "moonboot.yaml", "--output", "out", "compute");
    assertEquals(1, open.code());
    assertTrue(open.err().startsWith("moonboot: build.signing-key: "), open.err());
  }

  @Test
  void a_build_upon_another_channel_is_locked_to_what_that_is_locked_to() throws IOException {
    lab.configure(
        """
        channels:
          talos: {image: "ghcr.io/siderolabs/imager:v1.13.9", arch: amd64}
          compute:
            build: {base: "channel:talos", extensions: [siderolabs/gvisor], follow: lock}
          gateway:
            build:
              base: channel:compute
              extensions: ["ghcr.io/jsenecal/frr-talos-extension:v1.0.2"]
              follow: lock
        """);
    assertEquals(0, lock().code());
    String file =
        lockFile()
            .replace(lab.registry.address(), "ghcr.io")
            .replaceAll("sha256:[0-9a-f]{64}", "SHA256");
    assertTrue(
        file.contains(
            "- {\"base\": \"channel:talos\", \"image\": \"ghcr.io/siderolabs/imager:v1.13.9\","
                + " \"digest\": \"SHA256\"}"),
        file);
    assertTrue(file.contains("- {\"base\": \"channel:compute\"}\n"), file);
    Ran shown = build("show", "--config", "moonboot.yaml", "gateway");
    assertEquals(0, shown.code(), shown.err());
    assertEquals(
        List.of(
            "base channel:talos ghcr.io/siderolabs/imager:v1.13.9 SHA256",
            "extension siderolabs/gvisor ghcr.io/siderolabs/gvisor:20250505.0 SHA256",
            "extension ghcr.io/jsenecal/frr-talos-extension:v1.0.2 - SHA256"),
        plain(shown.out())
            .lines()
            .map(String::strip)
            .filter(l -> l.endsWith(" SHA256"))
            .skip(1)
            .toList());
  }

  @Test
  void an_input_that_cannot_be_had_is_named_as_it_was_written() {
    lab.registry.untag(BuildLab.FRR, "v1.0.2");
    Ran ran = lock();
    assertEquals(1, ran.code());
    String told =
        ran.err().lines().filter(line -> line.startsWith("moonboot:")).findFirst().orElse("");
    assertTrue(
        told.startsWith(
            "moonboot: build gateway: extension ghcr.io/jsenecal/frr-talos-extension:v1.0.2: "),
        told);
    assertFalse(Files.exists(lab.file("moonboot.lock")));
  }

  @Test
  void an_input_that_the_policy_does_not_let_in_is_not_locked() throws IOException {
    lab.configure(
        BUILDS
            + """
            trust:
              rules:
                - {match: "ghcr.io/jsenecal/*", deny: true}
            """);
    Ran ran = lock();
    assertEquals(1, ran.code());
    assertTrue(
        ran.err().contains("input ghcr.io/jsenecal/frr-talos-extension:v1.0.2: "), ran.err());
  }

  @Test
  void who_types_build_alone_is_told_what_there_is() {
    Ran ran = build();
    assertEquals(2, ran.code());
    assertTrue(ran.err().startsWith("Usage: moonboot build [-hV] COMMAND\n"), ran.err());
    assertTrue(ran.err().contains("Exit codes:"), ran.err());
    Ran slip = build("lokc");
    assertEquals(2, slip.code());
    assertTrue(slip.err().contains("Did you mean: build lock?"), slip.err());
  }

  @Test
  void the_nearest_name_is_suggested_wherever_one_is_given() {
    lock();
    assertEquals(
        "moonboot: moonboot.lock has no build conpute; did you mean compute?: moonboot build lock"
            + " conpute",
        build("diff", "--config", "moonboot.yaml", "lock:conpute", "compute")
            .err()
            .lines()
            .findFirst()
            .orElse(""));
    assertTrue(
        lock("--upgrade-only", "siderolabs/gvisr")
            .err()
            .contains("did you mean siderolabs/gvisor?"));
  }

  @Test
  void what_is_no_build_is_told_with_those_there_are() {
    Ran ran = build("show", "--config", "moonboot.yaml", "computer");
    assertEquals(2, ran.code());
    assertEquals(
        "moonboot: computer is no build; did you mean compute?; there are compute, gateway",
        ran.err().lines().findFirst().orElse(""));
    assertEquals(2, build("apply").code()); // neither names nor a configuration
  }
}
