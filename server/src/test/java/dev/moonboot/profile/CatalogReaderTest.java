package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogReaderTest {
  @TempDir Path root;

  @BeforeEach
  void folders() throws IOException {
    Files.createDirectories(root.resolve("groups"));
    Files.createDirectories(root.resolve("profiles/team"));
  }

  private Path write(String file, String text) throws IOException {
    return Files.writeString(root.resolve(file), text);
  }

  private static Set<String> groups(Catalog catalog) {
    return catalog.groups().stream()
        .map(group -> group.file() + ">" + group.profile())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void m_04_more_files_than_may_be_are_told_and_what_was_in_force_stays() throws IOException {
    write("groups/default.json", "{\"profile\":\"broad\"}");
    CatalogReader reader = new CatalogReader(root, 100);
    assertEquals(List.of(), reader.read().problems());
    for (int i = 0; i < 100; i++) {
      write("groups/g" + i + ".json", "{}");
    }
    Catalog flooded = reader.read();
    assertEquals(Set.of("default>broad"), groups(flooded));
    List<FileProblem> told =
        List.of(
            new FileProblem(
                "groups",
                "has 101 files; at most 100 groups and profiles are read together",
                true));
    assertEquals(told, flooded.problems());
    assertSame(flooded, reader.read(List.of(root.resolve("groups/g1.json"))));

    Files.delete(root.resolve("groups/g1.json"));
    Catalog enough = reader.read(List.of(root.resolve("groups/g1.json")));
    assertEquals(100, enough.groupCount());
    assertEquals(List.of(), enough.problems());
    Path one = write("profiles/p.json", "{\"id\":\"p\"}"); // which is one too many
    assertEquals(
        List.of("profiles"),
        reader.read(List.of(one)).problems().stream().map(FileProblem::file).toList());
    assertEquals(100, reader.read().groupCount());
  }

  @Test
  void c_21_a_torn_file_keeps_its_last_good_version_in_force() throws IOException {
    write("groups/default.json", "{\"profile\":\"broad\"}");
    write("groups/pi.json", "{\"profile\":\"narrow\",\"selector\":{\"rack\":\"a\"}}");
    CatalogReader reader = new CatalogReader(root);
    assertEquals(List.of(), reader.read().problems());

    write("groups/pi.json", "{\"profile\":\"narr");
    Catalog torn = reader.read();
    assertEquals(Set.of("default>broad", "pi>narrow"), groups(torn));
    FileProblem problem = torn.problems().getFirst();
    assertEquals("groups/pi.json", problem.file());
    assertEquals(true, problem.lastGoodInForce());

    write("groups/pi.json", "{\"profile\":\"other\",\"selector\":{\"rack\":\"a\"}}");
    Catalog whole = reader.read();
    assertEquals(Set.of("default>broad", "pi>other"), groups(whole));
    assertEquals(List.of(), whole.problems());
  }

  @Test
  void c_21_a_torn_profile_keeps_its_last_good_version_in_force() throws IOException {
    write("profiles/p.json", "{\"id\":\"p\",\"name\":\"good\"}");
    CatalogReader reader = new CatalogReader(root);
    reader.read();
    write("profiles/p.json", "");
    assertEquals("good", reader.read().profile("p").orElseThrow().name());
  }

  @Test
  void c_21_a_file_that_cannot_be_read_keeps_its_last_good_version_in_force() throws IOException {
    Path file = write("groups/pi.json", "{\"profile\":\"narrow\"}");
    CatalogReader reader = new CatalogReader(root);
    reader.read();
    Files.delete(file);
    Files.createSymbolicLink(file, file); // a loop: even root cannot read it
    Catalog unreadable = reader.read();
    assertEquals(Set.of("pi>narrow"), groups(unreadable));
    assertEquals(true, unreadable.problems().getFirst().lastGoodInForce());
  }

  @Test
  void c_21_a_folder_that_cannot_be_listed_keeps_what_it_held() throws IOException {
    write("groups/pi.json", "{\"profile\":\"narrow\"}");
    CatalogReader reader = new CatalogReader(root);
    Catalog before = reader.read();
    Files.move(root.resolve("groups"), root.resolve("away"));
    Files.createSymbolicLink(root.resolve("groups"), root.resolve("groups"));
    Catalog after = reader.read();
    assertEquals(groups(before), groups(after));
    assertEquals("groups", after.problems().getFirst().file());
  }

  @Test
  void a_file_never_good_is_told_and_left_out() throws IOException {
    write("groups/bad.json", "{\"profile\":\"a\",}");
    write("groups/ok.json", "{\"profile\":\"b\"}");
    Catalog catalog = new CatalogReader(root).read();
    assertEquals(Set.of("ok>b"), groups(catalog));
    assertEquals("groups/bad.json", catalog.problems().getFirst().file());
    assertEquals(false, catalog.problems().getFirst().lastGoodInForce());
  }

  @Test
  void a_deleted_file_is_gone() throws IOException {
    Path file = write("groups/x.json", "{}");
    CatalogReader reader = new CatalogReader(root);
    assertEquals(Set.of("x>"), groups(reader.read()));
    Files.delete(file);
    assertEquals(Set.of(), groups(reader.read()));
  }

  @Test
  void nothing_new_is_the_same_catalog() throws IOException {
    Path file = write("groups/x.json", "{}");
    CatalogReader reader = new CatalogReader(root);
    Catalog first = reader.read();
    assertSame(first, reader.read());
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(99)));
    assertSame(first, reader.read());
    write("groups/x.json", "{ }"); // other bytes that mean the same
    assertSame(first, reader.read());
    write("groups/y.json", "{}");
    assertNotSame(first, reader.read());
  }

  @Test
  void a_change_within_one_tick_of_the_clock_is_seen() throws IOException {
    FileTime now = FileTime.from(Instant.now());
    Path file = write("groups/x.json", "{\"profile\":\"a\"}");
    Files.setLastModifiedTime(file, now);
    CatalogReader reader = new CatalogReader(root);
    reader.read();
    write("groups/x.json", "{\"profile\":\"b\"}"); // same size, same inode
    Files.setLastModifiedTime(file, now);
    assertEquals(Set.of("x>b"), groups(reader.read()));
  }

  @Test
  void an_old_file_is_not_read_again() throws IOException {
    FileTime old = FileTime.from(Instant.now().minusSeconds(3600));
    Path file = write("groups/x.json", "{\"profile\":\"a\"}");
    Files.setLastModifiedTime(file, old);
    CatalogReader reader = new CatalogReader(root);
    reader.read();
    write("groups/x.json", "{\"profile\":\"b\"}");
    Files.setLastModifiedTime(file, old); // hides the change: only reading would show it
    assertEquals(Set.of("x>a"), groups(reader.read()));
  }

  @Test
  void only_files_called_json_count() throws IOException {
    for (String file : List.of("a.yaml", "b.JSON", "c.json.bak", "d", ".e.json", "f.json.json")) {
      write("groups/" + file, "{}");
    }
    Files.createDirectories(root.resolve("groups/dir.json"));
    Files.createSymbolicLink(root.resolve("groups/dangling.json"), Path.of("nowhere"));
    Catalog catalog = new CatalogReader(root).read();
    assertEquals(Set.of(".e>", "f.json>"), groups(catalog));
    assertEquals(List.of(), catalog.problems());
  }

  @Test
  void bytes_that_are_no_utf_8_are_replaced() throws IOException {
    byte[] text = "{\"profile\":\"a?b\"}".getBytes(ISO_8859_1);
    text[13] = (byte) 0xff;
    Files.write(root.resolve("groups/x.json"), text);
    assertEquals(Set.of("x>a\uFFFDb"), groups(new CatalogReader(root).read()));
  }

  @Test
  void a_profile_in_a_folder_is_read_when_a_group_names_it() throws IOException {
    write("profiles/team/p.json", "{\"id\":\"p\"}");
    CatalogReader reader = new CatalogReader(root);
    assertEquals(Set.of(), reader.read().profiles().keySet());
    write("groups/x.json", "{\"profile\":\"team/p\"}");
    assertEquals(Set.of("team/p"), reader.read().profiles().keySet());
  }

  @Test
  void missing_folders_are_told_and_found_later() throws IOException {
    Path later = root.resolve("later");
    CatalogReader reader = new CatalogReader(later);
    assertEquals(
        List.of("groups", "profiles"),
        reader.read().problems().stream().map(FileProblem::file).toList());
    Files.createDirectories(later.resolve("groups"));
    Files.createDirectories(later.resolve("profiles"));
    Files.writeString(later.resolve("groups/x.json"), "{}");
    assertEquals(Set.of("x>"), groups(reader.read()));
    assertEquals(List.of(), reader.read().problems());
  }
}
