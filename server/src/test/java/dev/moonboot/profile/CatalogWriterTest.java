package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.node.NodeLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogWriterTest {
  private static final Actor ANNA = new Actor(Actor.Type.TOKEN, "anna", "127.0.0.1:1 admin");

  @TempDir Path root;

  private final List<AuditEvent> audited = new ArrayList<>();
  private CatalogWatcher watcher;
  private CatalogWriter writer;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(root.resolve("groups"));
    watcher = new CatalogWatcher(root);
    writer = new CatalogWriter(root, watcher, audited::add);
  }

  @AfterEach
  void close() {
    watcher.close();
  }

  private static Json.Obj json(String text) {
    return (Json.Obj) JsonText.parse(text.replace('\'', '"'));
  }

  private Written put(CatalogKind kind, String id, String text) {
    return writer.put(kind, id, json(text), WriteOrder.of(ANNA));
  }

  private Written putGroup(String id, String text) {
    return put(CatalogKind.GROUP, id, text);
  }

  private Written putProfile(String id, String text) {
    return put(CatalogKind.PROFILE, id, text);
  }

  private static List<String> problems(Written written) {
    return assertInstanceOf(Written.Refused.class, written).problems().stream()
        .map(problem -> problem.pointer() + " " + problem.why())
        .toList();
  }

  private static WriteOrder expecting(Optional<Digest> version) {
    return new WriteOrder(ANNA, Map.of(), version::equals);
  }

  @Test
  void what_is_written_is_in_force_when_the_call_returns_and_is_matchbox_s_to_the_byte()
      throws IOException {
    var put =
        assertInstanceOf(
            Written.Put.class,
            putProfile(
                "worker", "{'generic_id':'','boot':{},'ignition_id':'worker.ign','name':null}"));
    byte[] bytes = Files.readAllBytes(root.resolve("profiles/worker.json"));
    assertEquals(
        "{\n\t\"id\": \"worker\",\n\t\"ignition_id\": \"worker.ign\",\n\t\"boot\": {}\n}",
        new String(bytes, UTF_8));
    assertTrue(put.created());
    assertEquals(Digest.of(bytes), put.stored().version());
    assertEquals("worker.ign", watcher.current().profile("worker").orElseThrow().ignitionId());
    assertEquals(Optional.of(put.stored()), writer.stored(CatalogKind.PROFILE, "worker"));
  }

  @Test
  void a_group_keeps_hardware_addresses_as_given_and_sorts_its_metadata() throws IOException {
    putGroup(
        "pi",
        "{'metadata':{'z':[1e3,{'b':1,'a':'<&>'}],'é':true,'a':1e-7},"
            + "'selector':{'mac':'AA-BB-CC-00-11-22','arch':'arm64'},'profile':'p','id':'pi'}");
    assertEquals(
        """
        {
        \t"id": "pi",
        \t"profile": "p",
        \t"selector": {
        \t\t"arch": "arm64",
        \t\t"mac": "AA-BB-CC-00-11-22"
        \t},
        \t"metadata": {
        \t\t"a": 1e-7,
        \t\t"z": [
        \t\t\t1000,
        \t\t\t{
        \t\t\t\t"a": "\\u003c\\u0026\\u003e",
        \t\t\t\t"b": 1
        \t\t\t}
        \t\t],
        \t\t"é": true
        \t}
        }\
        """,
        Files.readString(root.resolve("groups/pi.json")));
    assertEquals("aa:bb:cc:00:11:22", watcher.current().groups().getFirst().selector().get("mac"));
  }

  /** The numbers as Go's encoding/json writes them. */
  @ParameterizedTest
  @CsvSource({
    "0,0",
    "-0,-0",
    "1e3,1000",
    "1.50,1.5",
    "1e20,100000000000000000000",
    "1e21,1e+21",
    "-1.5E+22,-1.5e+22",
    "0.000001,0.000001",
    "0.0000012,0.0000012",
    "0.0000001,1e-7",
    "1.25e-10,1.25e-10",
    "123456789.125,123456789.125"
  })
  void numbers_are_written_as_go_does(String given, String written) {
    assertEquals(Optional.of(written), GoJson.number(given));
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740993", "1e999", "1e9999999999", "0.1234567890123456789"})
  void a_number_that_go_would_change_is_refused(String number) {
    assertEquals(
        List.of(
            "/metadata/a/0 is a number that 64-bit floating point cannot hold exactly: make it a"
                + " string"),
        problems(putGroup("g", "{'metadata':{'a':[" + number + "]}}")));
  }

  @Test
  void writing_the_same_again_changes_nothing_and_is_no_event() {
    putGroup("g", "{'profile':'p'}");
    var again = assertInstanceOf(Written.Put.class, putGroup("g", "{'profile':'p','id':'g'}"));
    assertFalse(again.created());
    assertEquals(1, audited.size());
  }

  @Test
  void a_change_is_in_the_audit_log_before_it_is_made() {
    var refusing =
        new CatalogWriter(
            root,
            watcher,
            event -> {
              throw new AuditException("disk full", new IOException());
            });
    var order = WriteOrder.of(ANNA);
    assertThrows(
        AuditException.class,
        () -> refusing.put(CatalogKind.GROUP, "g", json("{'profile':'p'}"), order));
    assertFalse(Files.exists(root.resolve("groups/g.json")));

    var put = (Written.Put) putGroup("g", "{'profile':'p'}");
    writer.delete(CatalogKind.GROUP, "g", new WriteOrder(ANNA, Map.of("request", "r1"), _ -> true));
    String version = put.stored().version().toString();
    assertEquals(
        List.of(
            new AuditEvent(
                "group.put", "ok", "", ANNA, Map.of("group", "g"), Map.of("to", version)),
            new AuditEvent(
                "group.delete",
                "ok",
                "",
                ANNA,
                Map.of("group", "g"),
                Map.of("from", version, "request", "r1"))),
        audited);
  }

  @Test
  void a_12_of_two_changes_of_one_version_the_second_is_refused() {
    var first = (Written.Put) putGroup("g", "{'profile':'a'}");
    Optional<Digest> read = Optional.of(first.stored().version());
    var second =
        assertInstanceOf(
            Written.Put.class,
            writer.put(CatalogKind.GROUP, "g", json("{'profile':'b'}"), expecting(read)));
    assertEquals(
        new Written.Stale(second.stored().version()),
        writer.put(CatalogKind.GROUP, "g", json("{'profile':'c'}"), expecting(read)));
    assertEquals(
        new Written.Stale(second.stored().version()),
        writer.delete(CatalogKind.GROUP, "g", expecting(read)));
    assertEquals(
        new Written.Stale(null),
        writer.put(CatalogKind.GROUP, "new", json("{'profile':'c'}"), expecting(read)));
    assertEquals("b", watcher.current().groups().getFirst().profile());
  }

  @Test
  void deleting_what_is_not_there_is_told() {
    assertEquals(new Written.Missing(), writer.delete(CatalogKind.GROUP, "g", WriteOrder.of(ANNA)));
    assertEquals(List.of(), audited);
  }

  @Test
  void a_name_that_leads_nowhere_is_accepted_and_told() {
    assertEquals(
        List.of("there is no profile \"p\" yet: until there is, nodes of this group are told 404"),
        ((Written.Put) putGroup("g", "{'profile':'p'}")).warnings());
    assertEquals(List.of(), ((Written.Put) putProfile("p", "{'boot':{}}")).warnings());
    assertEquals(List.of(), ((Written.Put) putGroup("h", "{'profile':'p'}")).warnings());
    assertEquals(
        new Written.Deleted(
            List.of("2 group(s) still name it, and their nodes are told 404: g, h")),
        writer.delete(CatalogKind.PROFILE, "p", WriteOrder.of(ANNA)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../profiles/x",
        "a/b",
        "a\0",
        "A",
        "-a",
        ".a",
        "ä",
        "con",
        "con.x",
        "com1",
        "a b",
        "a%2fb",
        "a\n",
        "0123456789012345678901234567890123456789012345678901234567890123"
      })
  void a_08_what_can_be_no_id_is_refused_before_any_path_is_made(String id) {
    assertFalse(CatalogWriter.isId(id));
    assertThrows(IllegalArgumentException.class, () -> putGroup(id, "{}"));
    var order = WriteOrder.of(ANNA);
    assertThrows(IllegalArgumentException.class, () -> writer.delete(CatalogKind.GROUP, id, order));
    assertThrows(IllegalArgumentException.class, () -> writer.stored(CatalogKind.GROUP, id));
  }

  @Test
  void a_07_all_that_is_wrong_is_told_with_the_field() {
    assertEquals(
        List.of(
            "/boot/args/1 must be a string",
            "/boot/initrd must be a list of strings",
            "/boot/kernl is unknown; there are args, initrd, kernel",
            "/genericId is unknown; there are boot, cloud_id, generic_id, id, ignition_id,"
                + " machine_config, moonboot, name",
            "/id is \"q\", but the path says \"p\"",
            "/name has a line break or another control character"),
        problems(
                putProfile(
                    "p",
                    "{'id':'q','name':'a\\nb','genericId':'x',"
                        + "'boot':{'kernl':'x','initrd':'y','args':['a',1]}}"))
            .stream()
            .sorted()
            .toList());
    assertEquals(
        List.of(
            "/metadata must be an object",
            "/selector/a~1b must be a string",
            "/selector has a label without a name"),
        problems(putGroup("g", "{'metadata':[],'selector':{'a/b':1,'':'x'}}")));
    assertEquals(
        List.of(" selector \"mac\": \"xyz\" is not a hardware address"),
        problems(putGroup("g", "{'selector':{'mac':'xyz'}}")));
    assertFalse(Files.exists(root.resolve("groups/g.json")));
  }

  @Test
  void what_is_too_large_is_refused() {
    String large = "{'metadata':{'a':'" + "x".repeat(WriteNames.STRICT.maxSize()) + "'}}";
    assertEquals(List.of(" is 65579 bytes long; 65536 may be"), problems(putGroup("g", large)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "console=tty0",
        "talos.config=http://x/c?uuid=${uuid}&mac=${mac:hexhyp}",
        "{cmdline}",
        "talos.environment=A=b",
        "dyndbg=\\\"file drivers/usb/* +p\\\"",
        "-selinux",
        "a#b",
        "é"
      })
  void i_04_an_argument_that_is_one_is_taken(String arg) {
    assertInstanceOf(Written.Put.class, putProfile("p", "{'boot':{'args':['" + arg + "']}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a b ~ has a space or a quote",
        "a\\nb ~ has a line break",
        "a\\u2028b ~ has a line break",
        "a\\tb ~ has a line break",
        "a=\\\"b ~ has a space or a quote",
        "\\\"a b\\\" ~ has a space or a quote",
        "a=\\\"b\\\"c=\\\"d e\\\" ~ has a space or a quote",
        "-- ~ is \"--\"",
        "|| ~ has the word",
        "&& ~ has the word",
        "; ~ has the word",
        "#x ~ has the word",
        "a=\\\"b ; c\\\" ~ has the word",
      })
  void i_04_an_argument_that_would_be_read_as_more_is_refused_with_the_field(
      String arg, String why) {
    String text = "{'boot':{'args':['ok','%s']}}".formatted(arg);
    List<String> problems = problems(putProfile("p", text));
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().startsWith("/boot/args/1 " + why), problems.getFirst());
  }

  @Test
  void i_04_what_decides_where_a_node_is_configured_from_stands_once() {
    assertEquals(
        List.of("/boot/args/2 talos.config is there already, in /boot/args/0: only one can count"),
        problems(
            putProfile(
                "p",
                "{'boot':{'args':['talos.config=http://a','console=tty0',"
                    + "'talos.config=http://b','console=ttyS0']}}")));
    assertEquals(
        List.of(
            "/boot/kernel has a line break or another control character",
            "/boot/initrd/0 has the word \"||\", which iPXE reads as a command, not as text"),
        problems(
            putProfile("p", "{'boot':{'kernel':'/k\\nboot http://x','initrd':['/i || shell']}}")));
  }

  @Test
  void i_04_files_on_disk_are_not_held_to_it() throws IOException {
    Files.createDirectories(root.resolve("profiles"));
    Files.writeString(
        root.resolve("profiles/old.json"), "{\"id\":\"old\",\"boot\":{\"args\":[\"a b\",\"--\"]}}");
    assertEquals(
        List.of("a b", "--"),
        watcher.refresh().profile("old").orElseThrow().boot().orElseThrow().args());
  }

  @Test
  void a_14_secrets_are_shown_as_stars_and_stars_are_not_taken_for_secrets() {
    putGroup(
        "g",
        """
        {"metadata": {"api_token": "t", "joinToken": "j", "rack": "r7", "apikey": 5,
         "ssh_authorized_keys": ["ssh-ed25519 AAAA"], "publicKey": "k",
         "wifi": [{"PASSPHRASE": "p", "ssid": "s"}], "secrets": {"a": "b"}}}
        """);
    Stored stored = writer.stored(CatalogKind.GROUP, "g").orElseThrow();
    Json.Obj shown = Redaction.of(stored.content());
    assertEquals(
        json(
            """
            {"id": "g", "metadata": {"api_token": "***", "joinToken": "***", "rack": "r7",
             "apikey": "***", "ssh_authorized_keys": ["ssh-ed25519 AAAA"], "publicKey": "k",
             "wifi": [{"PASSPHRASE": "***", "ssid": "s"}], "secrets": "***"}}
            """),
        shown);
    List<String> refused = problems(writer.put(CatalogKind.GROUP, "g", shown, WriteOrder.of(ANNA)));
    assertEquals(5, refused.size(), refused.toString());
    assertTrue(
        refused.getFirst().startsWith("/metadata/api_token is ***, which is shown in place of"),
        refused.getFirst());
    assertEquals(stored, writer.stored(CatalogKind.GROUP, "g").orElseThrow());
  }

  /** C-21: whatever an editor leaves, a node never falls through to a broader group. */
  @Test
  void c_21_a_torn_file_keeps_its_last_good_version_until_it_is_written_again() throws IOException {
    putGroup("all", "{'profile':'wrong'}");
    putGroup("pi", "{'profile':'p','selector':{'arch':'arm64'}}");
    putProfile("p", "{'boot':{}}");
    Path file = root.resolve("groups/pi.json");
    byte[] good = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(good, good.length / 2));

    Stored torn = writer.stored(CatalogKind.GROUP, "pi").orElseThrow();
    assertEquals("p", torn.content().text("profile").orElse(""));
    assertEquals(Digest.of(Arrays.copyOf(good, good.length / 2)), torn.version());
    assertEquals(
        new Selection.Match(
            watcher.current().groups().getFirst(), watcher.current().profile("p").orElseThrow()),
        watcher.current().select(NodeLabels.of("arch=arm64")));

    problems(putGroup("pi", "{'selector':7}"));
    assertEquals("pi", watcher.refresh().groups().getFirst().file());
    putGroup("pi", "{'profile':'p','selector':{'arch':'arm64'}}");
    assertArrayEquals(good, Files.readAllBytes(file));
    assertEquals(List.of(), watcher.current().problems());
  }

  @Test
  void who_could_read_a_file_can_read_what_replaces_it() throws IOException {
    putGroup("g", "{'profile':'a'}");
    Path file = root.resolve("groups/g.json");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    putGroup("g", "{'profile':'b'}");
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void a_file_behind_a_link_is_its_owner_s() throws IOException {
    Path real = Files.writeString(root.resolve("real.json"), "{\"profile\":\"a\"}");
    Files.createSymbolicLink(root.resolve("groups/g.json"), real);
    var failed = assertInstanceOf(Written.Failed.class, putGroup("g", "{'profile':'b'}"));
    assertTrue(failed.why().endsWith("it is a symbolic link: change what it leads to"));
    assertEquals("a", watcher.current().groups().getFirst().profile());
    assertEquals(List.of("ok", "failed"), audited.stream().map(AuditEvent::outcome).toList());
  }

  @Test
  void what_a_dead_process_left_unfinished_is_deleted_and_nothing_else() throws IOException {
    Path part = Files.writeString(root.resolve("groups/.g.json.17-1.part"), "{");
    Path other = Files.writeString(root.resolve("groups/notes.part"), "mine");
    Path generic = Files.createDirectories(root.resolve("generic"));
    Path config = Files.writeString(generic.resolve(".worker.17-1.part"), "{");
    var _ = new CatalogWriter(root, watcher, audited::add);
    assertFalse(Files.exists(part));
    assertFalse(Files.exists(config));
    assertTrue(Files.exists(other));
  }
}
