package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchboxWriterTest {
  private static final Actor TERRAFORM = new Actor(Actor.Type.CERT, "sha256:1", "127.0.0.1:1 grpc");
  private static final WriteOrder ORDER = WriteOrder.of(TERRAFORM);

  @TempDir Path root;

  private final List<AuditEvent> audited = Collections.synchronizedList(new ArrayList<>());
  private CatalogWatcher watcher;
  private MatchboxWriter writer;

  @BeforeEach
  void open() {
    watcher = new CatalogWatcher(root);
    writer = new MatchboxWriter(root, new CatalogWriter(root, watcher, audited::add));
  }

  @AfterEach
  void close() {
    watcher.close();
  }

  private static Json.Obj json(String text) {
    return (Json.Obj) JsonText.parse(text.replace('\'', '"'));
  }

  private Written put(CatalogKind kind, String name, String text) {
    return writer.put(kind, name, json(text), ORDER);
  }

  private ConfigWritten put(ConfigKind kind, String name, String text) {
    return writer.put(kind, name, text.getBytes(UTF_8), ORDER);
  }

  private Optional<String> served(ConfigKind kind, String name) {
    return watcher.current().config(kind, name).map(ConfigFile::text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"default", "Node 1", "a_b", "ä", "con", "-x", "a\\b", "default.yaml.tmpl", "日本"})
  void a_name_is_as_its_user_made_it(String name) throws IOException {
    assertTrue(MatchboxWriter.isName(name));
    assertInstanceOf(Written.Put.class, put(CatalogKind.GROUP, name, "{'profile':'p'}"));
    assertEquals("p", watcher.current().group(name).orElseThrow().profile());
    assertInstanceOf(ConfigWritten.Put.class, put(ConfigKind.GENERIC, name, "text"));
    assertArrayEquals("text".getBytes(UTF_8), writer.read(ConfigKind.GENERIC, name).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        ".a",
        "a/b",
        "../x",
        "a\0",
        "a\nb",
        "a\u2028b",
        "a\u00a0b",
        "\u202e",
        "\ud800",
        "\ue000"
      })
  void g_08_what_can_be_no_name_is_refused_before_any_path_is_made(String name) {
    assertFalse(MatchboxWriter.isName(name));
    assertThrows(IllegalArgumentException.class, () -> put(CatalogKind.GROUP, name, "{}"));
    assertThrows(IllegalArgumentException.class, () -> put(ConfigKind.GENERIC, name, "x"));
    assertThrows(
        IllegalArgumentException.class, () -> writer.delete(ConfigKind.GENERIC, name, ORDER));
    assertThrows(IllegalArgumentException.class, () -> writer.read(ConfigKind.GENERIC, name));
  }

  @Test
  void a_name_has_200_bytes_at_most() {
    assertTrue(MatchboxWriter.isName("ä".repeat(100)));
    assertFalse(MatchboxWriter.isName("ä".repeat(100) + "x"));
  }

  @Test
  void what_terraform_writes_is_matchbox_s_to_the_byte() throws IOException {
    put(CatalogKind.PROFILE, "worker", "{'ignition_id':'worker.ign','boot':{}}");
    put(
        CatalogKind.GROUP,
        "default",
        "{'profile':'worker','metadata':{},'selector':{'mac':'52-54-00-A1-9C-AE'}}");
    put(
        CatalogKind.GROUP,
        "odd",
        "{'profile':'worker','metadata':{'k':'<\\u2028\\u2029&>\\u007f'}}");
    assertEquals(
        "{\n\t\"id\": \"worker\",\n\t\"ignition_id\": \"worker.ign\",\n\t\"boot\": {}\n}",
        Files.readString(root.resolve("profiles/worker.json")));
    assertEquals(
        "{\n\t\"id\": \"default\",\n\t\"profile\": \"worker\",\n\t\"selector\": {\n"
            + "\t\t\"mac\": \"52-54-00-A1-9C-AE\"\n\t}\n}",
        Files.readString(root.resolve("groups/default.json")));
    assertEquals(
        "{\n\t\"id\": \"odd\",\n\t\"profile\": \"worker\",\n\t\"metadata\": {\n"
            + "\t\t\"k\": \"\\u003c\\u2028\\u2029\\u0026\\u003e\u007f\"\n\t}\n}",
        Files.readString(root.resolve("groups/odd.json")));
    Profile worker = watcher.current().profile("worker").orElseThrow();
    assertEquals(Optional.of(new Profile.NetBoot("", List.of(), List.of())), worker.boot());
  }

  @Test
  void content_is_checked_as_over_the_admin_api() {
    var refused =
        assertInstanceOf(
            Written.Refused.class,
            put(CatalogKind.PROFILE, "p", "{'boot':{'args':['a','b || c']}}"));
    assertEquals("/boot/args/1", refused.problems().getFirst().pointer());
    assertInstanceOf(
        Written.Refused.class, put(CatalogKind.GROUP, "g", "{'selector':{'mac':'x'}}"));
    assertFalse(Files.exists(root.resolve("groups/g.json")));
  }

  @Test
  void deletes_may_be_repeated() {
    put(CatalogKind.GROUP, "g", "{'profile':'p'}");
    put(ConfigKind.GENERIC, "g", "x");
    assertInstanceOf(Written.Deleted.class, writer.delete(CatalogKind.GROUP, "g", ORDER));
    assertEquals(new Written.Missing(), writer.delete(CatalogKind.GROUP, "g", ORDER));
    assertEquals(new ConfigWritten.Deleted(), writer.delete(ConfigKind.GENERIC, "g", ORDER));
    assertEquals(new ConfigWritten.Missing(), writer.delete(ConfigKind.GENERIC, "g", ORDER));
  }

  @Test
  void a_config_file_is_in_force_when_the_call_returns_whichever_came_first() {
    put(CatalogKind.PROFILE, "p", "{'generic_id':'p','ignition_id':'p.ign'}");
    put(ConfigKind.GENERIC, "p", "1");
    assertEquals(Optional.of("1"), served(ConfigKind.GENERIC, "p"));
    put(ConfigKind.GENERIC, "p", "2");
    assertEquals(Optional.of("2"), served(ConfigKind.GENERIC, "p"));
    put(ConfigKind.GENERIC, "q", "3");
    assertEquals(Optional.empty(), served(ConfigKind.GENERIC, "q"));
    put(CatalogKind.PROFILE, "q", "{'generic_id':'q'}");
    assertEquals(Optional.of("3"), served(ConfigKind.GENERIC, "q"));
    put(ConfigKind.IGNITION, "p.ign", "{}");
    assertEquals(Optional.of("{}"), served(ConfigKind.IGNITION, "p.ign"));
    assertEquals(
        List.of(),
        watcher.current().problems().stream()
            .filter(problem -> !problem.file().equals("groups"))
            .toList());
    writer.delete(ConfigKind.GENERIC, "p", ORDER);
    assertEquals(Optional.empty(), served(ConfigKind.GENERIC, "p"));
  }

  @Test
  void bytes_come_back_as_they_were_put() throws IOException {
    byte[] odd = {(byte) 0xff, 0, '\r', '\n', (byte) 0xc3};
    writer.put(ConfigKind.IGNITION, "odd.ign", odd, ORDER);
    assertArrayEquals(odd, writer.read(ConfigKind.IGNITION, "odd.ign").orElseThrow());
    writer.put(ConfigKind.GENERIC, "empty", new byte[0], ORDER);
    assertArrayEquals(new byte[0], writer.read(ConfigKind.GENERIC, "empty").orElseThrow());
    assertEquals(Optional.empty(), writer.read(ConfigKind.GENERIC, "none"));
    Files.createDirectories(root.resolve("generic/folder"));
    assertEquals(Optional.empty(), writer.read(ConfigKind.GENERIC, "folder"));
  }

  @Test
  void c_21_what_is_no_template_is_kept_and_told_and_the_last_good_one_is_served()
      throws IOException {
    put(CatalogKind.PROFILE, "p", "{'generic_id':'p'}");
    put(ConfigKind.GENERIC, "p", "good");
    var torn = assertInstanceOf(ConfigWritten.Put.class, put(ConfigKind.GENERIC, "p", "{{.torn"));
    assertTrue(String.valueOf(torn.problem()).startsWith("not a template: "), "" + torn);
    assertEquals(Optional.of("good"), served(ConfigKind.GENERIC, "p"));
    assertEquals("{{.torn", new String(writer.read(ConfigKind.GENERIC, "p").orElseThrow(), UTF_8));
    assertNull(((ConfigWritten.Put) put(ConfigKind.IGNITION, "p.ign", "{{.raw")).problem());
  }

  @Test
  void what_is_too_large_is_refused() {
    byte[] large = new byte[ConfigFile.MAX_SIZE + 1];
    assertEquals(
        new ConfigWritten.Refused("is 4194305 bytes long; 4194304 may be"),
        writer.put(ConfigKind.GENERIC, "g", large, ORDER));
    assertFalse(Files.exists(root.resolve("generic/g")));
  }

  @Test
  void the_audit_log_has_digests_and_never_a_content() {
    put(ConfigKind.IGNITION, "p.ign", "1");
    put(ConfigKind.IGNITION, "p.ign", "2");
    put(ConfigKind.IGNITION, "p.ign", "2");
    writer.delete(ConfigKind.IGNITION, "p.ign", ORDER);
    String one = Digest.of("1".getBytes(UTF_8)).toString();
    String two = Digest.of("2".getBytes(UTF_8)).toString();
    Map<String, String> target = Map.of("ignition", "p.ign");
    assertEquals(
        List.of(
            new AuditEvent("ignition.put", "ok", "", TERRAFORM, target, Map.of("to", one)),
            new AuditEvent(
                "ignition.put", "ok", "", TERRAFORM, target, Map.of("from", one, "to", two)),
            new AuditEvent("ignition.delete", "ok", "", TERRAFORM, target, Map.of("from", two))),
        audited);
  }

  @Test
  void parallel_puts_are_all_there() throws Exception {
    int each = 20;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> puts = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        String name = "t" + t + "-";
        puts.add(
            threads.submit(() -> {
              for (int i = 0; i < each; i++) {
                put(CatalogKind.PROFILE, name + i, "{'generic_id':'" + name + i + "','boot':{}}");
                put(ConfigKind.GENERIC, name + i, name + i);
                put(CatalogKind.GROUP, name + i, "{'profile':'" + name + i + "'}");
                assertEquals(Optional.of(name + i), served(ConfigKind.GENERIC, name + i));
              }
            }));
      }
      for (Future<?> put : puts) {
        put.get();
      }
    }
    Catalog now = watcher.current();
    assertEquals(8 * each, now.groupCount());
    assertEquals(8 * each, now.profileCount());
    assertEquals(List.of(), now.problems());
    assertEquals(3 * 8 * each, audited.size());
  }
}
