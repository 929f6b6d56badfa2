package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  private record Ran(int code, String out, String err) {}

  @TempDir private Path folder;
  private Path matchbox;
  private Path to;

  @BeforeEach
  void aGoodOne() throws IOException {
    matchbox = folder.resolve("matchbox");
    to = folder.resolve("new/data");
    put("groups/default.json", "{\"id\": \"default\", \"profile\": \"talos\"}");
    put(
        "profiles/talos.json",
        """
        {"id": "talos", "generic_id": "talos.yaml",
         "boot": {"kernel": "/assets/vmlinuz", "args": ["console=ttyS0", "${uuid}"]}}
        """);
    put("generic/talos.yaml", "machine: {{.request.query.mac}}\r\n");
    put("assets/index.html", "<p>boot files\n");
    put("assets/vmlinuz", "kernel");
  }

  private Path put(String name, String text) throws IOException {
    Path file = matchbox.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, text);
  }

  private Ran run(String... more) {
    List<String> args = new ArrayList<>(List.of("import", matchbox.toString()));
    args.addAll(List.of(more));
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(args.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
    return new Ran(code, text(out), text(err));
  }

  private String text(StringWriter from) {
    return from.toString().replace(folder.toString(), "~");
  }

  /** What is in a tree: every file's path and content. */
  private static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    if (Files.exists(root)) {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : all.filter(Files::isRegularFile).toList()) {
          files.put(root.relativize(path).toString(), Files.readString(path, UTF_8));
        }
      }
    }
    return files;
  }

  @Test
  void a_data_directory_is_copied_byte_for_byte_and_told_in_numbers() throws IOException {
    Files.setLastModifiedTime(
        matchbox.resolve("assets/vmlinuz"), FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
    Map<String, String> before = tree(matchbox);
    assertEquals(
        new Ran(
            0,
            """
            ~/matchbox: 1 groups, 1 profiles, 1 generic, 0 cloud, 0 ignition, 2 assets (20 B)

            0 different from matchbox, 0 broken with matchbox too, 0 to note
            ~/new/data: copied
            ~/new/assets: copied
            """,
            "copy     ~/matchbox\n"),
        quiet(run("--to", to.toString())));
    assertEquals(before, tree(matchbox));
    Map<String, String> copied = new TreeMap<>();
    tree(to).forEach(copied::put);
    tree(folder.resolve("new/assets")).forEach((name, text) -> copied.put("assets/" + name, text));
    assertEquals(before, copied);
    assertEquals(
        1_700_000_000,
        Files.getLastModifiedTime(folder.resolve("new/assets/vmlinuz"))
            .toInstant()
            .getEpochSecond());
  }

  /** Without what it says of how far it is. */
  private static Ran quiet(Ran ran) {
    return new Ran(ran.code(), ran.out(), ran.err().replaceAll("(?m)^ {9}.*\n", ""));
  }

  @Test
  void once_more_changes_nothing_and_other_files_are_never_overwritten() throws IOException {
    run("--to", to.toString());
    Ran again = run("--to", to.toString());
    assertEquals(0, again.code());
    assertTrue(
        again
            .out()
            .endsWith(
                "~/new/data: has these files already\n~/new/assets: has these files already\n"),
        again.out());

    put("groups/other.json", "{\"profile\": \"talos\"}");
    Map<String, String> before = tree(folder.resolve("new"));
    Ran other = run("--to", to.toString());
    assertEquals(1, other.code());
    assertEquals(
        "moonboot: ~/new/data has other files in it, and nothing is ever overwritten: name another"
            + " folder, or move that one away\n",
        other.err());
    assertEquals(before, tree(folder.resolve("new")));
  }

  @Test
  void folders_that_the_service_made_at_its_start_are_no_hindrance() throws IOException {
    Files.createDirectories(to.resolve("groups"));
    Files.createDirectories(to.resolve("profiles"));
    assertEquals(0, run("--to", to.toString()).code());
    assertTrue(Files.exists(to.resolve("groups/default.json")));
  }

  @Test
  void assets_are_linked_where_that_is_asked_for() throws IOException {
    assertTrue(run("--to", to.toString(), "--link").out().endsWith("~/new/assets: linked\n"));
    Path copy = folder.resolve("new/assets/vmlinuz");
    assertTrue(Files.isSameFile(matchbox.resolve("assets/vmlinuz"), copy));
    assertFalse(
        Files.isSameFile(
            matchbox.resolve("groups/default.json"), to.resolve("groups/default.json")));
  }

  @Test
  void a_dry_run_copies_nothing_and_ends_with_1_when_nodes_would_get_something_else()
      throws IOException {
    assertEquals(0, run("--to", to.toString(), "--dry-run").code());
    put("ignition/node.yaml", "variant: fcos");
    assertEquals(1, run("--to", to.toString(), "--dry-run").code());
    assertEquals(Map.of(), tree(folder.resolve("new")));
  }

  private List<String> findings() {
    var all = (Json.Obj) JsonText.parse(run("--dry-run", "--json").out());
    return all.array("findings").orElseThrow().stream()
        .map(Json.Obj.class::cast)
        .map(finding ->
            finding.text("verdict").orElseThrow()
                + " "
                + finding.text("file").orElseThrow()
                + ": "
                + finding.text("what").orElseThrow())
        .toList();
  }

  @Test
  void says_of_each_file_what_nodes_would_get_otherwise_and_why() throws IOException {
    put("groups/bare.json", "{\"profile\": \"talos\", \"selector\": {\"mac\": \"525400a19cae\"}}");
    put("groups/ctl.json", "{\"profile\": \"talos\", \"selector\": {\"os\": \"a\\nb\"}}");
    put("profiles/fills.json", "{\"id\": \"x\", \"boot\": {\"args\": [\"a={cmdline}\"]}}");
    put("profiles/secret.json", "{\"id\": \"x\", \"machine_config\": \"machine/w.yaml\"}");
    put("profiles/wrong.json", "{\"id\": \"x\", \"machine_config\": \"../w\"}");
    put("ignition/node.yaml", "variant: fcos");
    put("assets/.git/config", "");
    put("assets/half.part", "");
    put("assets/sub/machine/x", "");
    put("assets/machine/w.yaml", "keys");
    Files.createSymbolicLink(matchbox.resolve("assets/passwd"), Path.of("/etc/passwd"));
    assertEquals(
        List.of(
            "different assets/.git: served by matchbox, never by moonboot: hidden and unfinished"
                + " files, and names with a backslash; not taken",
            "different assets/half.part: served by matchbox, never by moonboot: hidden and"
                + " unfinished files, and names with a backslash; not taken",
            "different assets/machine/: folders without an index.html (3) are listed by matchbox;"
                + " moonboot answers 404: a list of files is nobody's business",
            "different assets/machine/w.yaml: taken for a machine config, which only nodes with a"
                + " ticket may read; machine-configs.paths and machine-configs.access decide that",
            "different assets/passwd: a link that leads out to /etc/passwd, which matchbox follows"
                + " and moonboot never does: not taken; put the file itself there",
            "different groups/bare.json: its hardware address has no separators: moonboot and newer"
                + " matchbox take it, v0.11.0 skips the file",
            "different groups/ctl.json: selects by a control character, and a request with one is"
                + " 400: no node gets it (matchbox.control-characters: true is matchbox's way)",
            "different ignition/node.yaml: is Butane, which matchbox translates itself: moonboot"
                + " needs the program butane (provision.butane), else /ignition is 404",
            "different profiles/fills.json: has the argument \"a={cmdline}\": matchbox passes"
                + " {cmdline} on as it is, moonboot fills it in",
            "different profiles/secret.json: has \"machine_config\", which matchbox ignores:"
                + " assets/machine/w.yaml becomes a secret",
            "different profiles/wrong.json: matchbox uses it, moonboot cannot: \"machine_config\":"
                + " \"../w\" is no path below /assets/ such as machine/worker.yaml"),
        findings());
  }

  @Test
  void says_what_matchbox_could_not_use_either_and_what_to_note() throws IOException {
    put("groups/half.json", "{\"id\": ");
    put("groups/nowhere.json", "{\"profile\": \"none\", \"selector\": {\"a\": \"b\"}}");
    put("groups/none.json", "{\"selector\": {\"a\": \"c\"}}");
    put("groups/z.json", "{\"profile\": \"talos\"}");
    put(
        "groups/MAC.json",
        "{\"profile\": \"talos\", \"selector\": {\"MAC\": \"52:54:00:a1:9c:ae\"}}");
    put("groups/default.yaml", "");
    put("profiles/lost.json", "{\"id\": \"x\", \"cloud_id\": \"c\"}");
    List<String> found = findings();
    assertEquals(
        "broken cloud/c: matchbox cannot use it either: profile lost names it, and there is no such"
            + " file",
        found.getFirst());
    assertTrue(
        found.get(1).startsWith("broken groups/half.json: matchbox cannot use it either: "),
        found.get(1));
    assertEquals(
        List.of(
            "broken groups/none.json: names no profile: its nodes get 404",
            "broken groups/nowhere.json: there is no usable profile \"none\": its nodes get 404",
            "note groups/MAC.json: its name is none that the admin API takes"
                + " ([a-z0-9][a-z0-9._-]{0,62}): it is changed as a file, or over gRPC",
            "note groups/MAC.json: selects by \"MAC\": the chain script sends \"mac\", which that is"
                + " not",
            "note groups/default.yaml: does not end in .json: neither matchbox nor moonboot reads it",
            "note groups/z.json: has the selectors of groups/default.json, which wins by its file"
                + " name: no node ever gets this one; with matchbox that is so by chance"),
        found.subList(2, found.size()));
  }

  @Test
  void hostile_folders_end_and_nothing_of_them_is_taken() throws Exception {
    Files.createSymbolicLink(matchbox.resolve("assets/loop"), Path.of("."));
    Files.createSymbolicLink(matchbox.resolve("groups/self.json"), Path.of("self.json"));
    assertEquals(
        0,
        new ProcessBuilder("mkfifo", matchbox.resolve("groups/pipe.json").toString())
            .start()
            .waitFor());
    try (var huge = new RandomAccessFile(matchbox.resolve("profiles/huge.json").toFile(), "rw")) {
      huge.setLength(1L << 40);
    }
    Files.createSymbolicLink(matchbox.resolve("generic/up"), Path.of("../.."));
    Path deep = matchbox.resolve("assets");
    for (int i = 0; i < 50; i++) {
      deep = deep.resolve("d");
    }
    Files.createDirectories(deep);
    List<String> found = findings();
    for (String line :
        List.of(
            "broken assets/loop/: leads back to itself, or is too deep: not taken",
            "broken groups/pipe.json: no regular file (a pipe, a device): not taken",
            "broken groups/self.json: a link that leads nowhere: not taken",
            "different profiles/huge.json: larger than 4 MiB, which moonboot does not read: not taken",
            "different generic/up: a link that leads out to "
                + folder.toRealPath()
                + ", which"
                + " matchbox follows and moonboot never does: not taken; put the file itself there")) {
      assertTrue(found.contains(line.replace(folder.toString(), "~")), line + "\n" + found);
    }
    assertEquals(0, run("--to", to.toString()).code());
    assertEquals(
        List.of("generic/talos.yaml", "groups/default.json", "profiles/talos.json"),
        List.copyOf(tree(to).keySet()));
  }

  /** Of a mounted ConfigMap the files come, not the folders behind its links. */
  @Test
  void a_config_map_becomes_plain_files() throws IOException {
    put("profiles/..2026_11_20/pi.json", "{\"id\": \"pi\"}");
    Files.createSymbolicLink(matchbox.resolve("profiles/..data"), Path.of("..2026_11_20"));
    Files.createSymbolicLink(matchbox.resolve("profiles/pi.json"), Path.of("..data/pi.json"));
    assertEquals(0, run("--to", to.toString()).code());
    assertEquals("{\"id\": \"pi\"}", Files.readString(to.resolve("profiles/pi.json")));
    assertTrue(Files.isRegularFile(to.resolve("profiles/pi.json"), LinkOption.NOFOLLOW_LINKS));
    assertFalse(Files.exists(to.resolve("profiles/..data")));
  }

  @Test
  void what_is_no_data_directory_or_lies_in_the_way_is_refused() throws IOException {
    assertEquals(
        "moonboot: ~/matchbox and ~/matchbox/new are not apart: to serve matchbox's files where they"
            + " are, set data: ~/matchbox\n",
        run("--to", matchbox.resolve("new").toString()).err());
    matchbox = Files.createDirectories(folder.resolve("empty"));
    Ran ran = run();
    assertEquals(1, ran.code());
    assertTrue(
        ran.err().startsWith("moonboot: ~/empty is no data directory of matchbox"), ran.err());
  }
}
