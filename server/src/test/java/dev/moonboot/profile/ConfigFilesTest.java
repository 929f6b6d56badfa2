package dev.moonboot.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFilesTest {
  private static final String TORN = "hostname: {{.host";

  @TempDir Path root;

  private CatalogReader reader;

  @BeforeEach
  void folders() throws IOException {
    Files.createDirectories(root.resolve("groups"));
    Files.createDirectories(root.resolve("profiles"));
    reader = new CatalogReader(root);
  }

  private Path write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    return Files.writeString(path, text);
  }

  private void profile(String file, String member, String name) throws IOException {
    String text = "{\"id\":\"%s\",\"%s\":\"%s\"}".formatted(file, member, name);
    write("profiles/" + file + ".json", text);
  }

  private static Optional<String> text(Catalog catalog, ConfigKind kind, String name) {
    return catalog.config(kind, name).map(ConfigFile::text);
  }

  @Test
  void what_profiles_name_is_read_and_parsed() throws IOException {
    profile("a", "generic_id", "worker");
    profile("b", "ignition_id", "worker.ign");
    profile("c", "cloud_id", "worker");
    write("generic/worker", "generic\r\n");
    write("generic/nobody-names-it", TORN);
    write("ignition/worker.ign", "{\"no\": \"{{template\"}");
    write("cloud/worker", "cloud");
    Catalog catalog = reader.read();
    assertEquals(List.of(), catalog.problems());
    assertEquals(Optional.of("generic\r\n"), text(catalog, ConfigKind.GENERIC, "worker"));
    assertEquals(Optional.of("cloud"), text(catalog, ConfigKind.CLOUD, "worker"));
    assertEquals(Optional.empty(), text(catalog, ConfigKind.GENERIC, "nobody-names-it"));
    ConfigFile raw = catalog.config(ConfigKind.IGNITION, "worker.ign").orElseThrow();
    assertNull(raw.template());
  }

  @ParameterizedTest
  @CsvSource({
    "foo, generic/foo",
    "team/foo, generic/team/foo",
    "a/../team//./foo, generic/team/foo",
    "/foo, generic/foo",
    "foo/, generic/foo",
    "../cloud/c, cloud/c",
    "../../../cloud/c, cloud/c",
    "../generic/foo, generic/foo",
    "../top, top",
    "..foo, generic/..foo",
  })
  void a_name_is_joined_and_cleaned_below_the_data_directory(String name, String file)
      throws IOException {
    profile("p", "generic_id", name);
    write(file, "text");
    Catalog catalog = reader.read();
    assertEquals(List.of(), catalog.problems());
    assertEquals(Optional.of("text"), text(catalog, ConfigKind.GENERIC, name));
    assertEquals("p", catalog.profile("p").orElseThrow().id());
  }

  @ParameterizedTest
  @CsvSource({
    "., generic",
    "'..', generic/..",
    "team, generic/team",
    "../.moonboot/state, generic/../.moonboot/state",
    "a\\u0000b, generic/a?b",
  })
  void what_can_be_no_file_is_told(String name, String told) throws IOException {
    profile("p", "generic_id", name);
    Files.createDirectories(root.resolve("generic/team"));
    write(".moonboot/state", "secret");
    Catalog catalog = reader.read();
    assertEquals(
        List.of(told.replace("generic/../", "")),
        catalog.problems().stream().map(FileProblem::file).toList());
    assertEquals(Optional.empty(), text(catalog, ConfigKind.GENERIC, name));
  }

  @Test
  void c_21_a_torn_template_keeps_its_last_good_version_in_force() throws IOException {
    profile("p", "generic_id", "foo");
    write("generic/foo", "hostname: a");
    ConfigFile good = reader.read().config(ConfigKind.GENERIC, "foo").orElseThrow();

    Path file = write("generic/foo", TORN);
    Catalog torn = reader.read(List.of(file));
    assertSame(good, torn.config(ConfigKind.GENERIC, "foo").orElseThrow());
    FileProblem problem = torn.problems().getFirst();
    assertEquals("generic/foo", problem.file());
    assertEquals(true, problem.lastGoodInForce());
    assertEquals("not a template: ", problem.why().substring(0, 16));

    write("generic/foo", "hostname: b");
    Catalog whole = reader.read(List.of(file));
    assertEquals(Optional.of("hostname: b"), text(whole, ConfigKind.GENERIC, "foo"));
    assertEquals(List.of(), whole.problems());
  }

  @Test
  void one_never_good_is_told_and_left_out() throws IOException {
    profile("p", "generic_id", "foo");
    write("generic/foo", TORN);
    Catalog catalog = reader.read();
    assertEquals(Optional.empty(), text(catalog, ConfigKind.GENERIC, "foo"));
    assertEquals(false, catalog.problems().getFirst().lastGoodInForce());
  }

  @Test
  void one_that_is_not_there_is_one_problem_until_it_is() throws IOException {
    profile("q", "generic_id", "foo");
    profile("p", "generic_id", "./foo");
    Catalog missing = reader.read();
    assertEquals(
        List.of(
            new FileProblem("generic/foo", "profile p names it, and there is no such file", false)),
        missing.problems());
    assertSame(missing, reader.read());
    Path file = write("generic/foo", "text");
    Catalog there = reader.read(List.of(file));
    assertEquals(List.of(), there.problems());
    assertEquals(Optional.of("text"), text(there, ConfigKind.GENERIC, "foo"));
    Files.delete(file);
    assertEquals(missing.problems(), reader.read(List.of(file)).problems());
    Path p = root.resolve("profiles/p.json");
    Path q = root.resolve("profiles/q.json");
    Files.delete(p);
    Files.delete(q);
    assertEquals(List.of(), reader.read(List.of(p, q)).problems());
  }

  @Test
  void the_same_file_is_the_same_object() throws IOException {
    profile("p", "generic_id", "foo");
    Path file = write("generic/foo", "text");
    ConfigFile first = reader.read().config(ConfigKind.GENERIC, "foo").orElseThrow();
    write("groups/g.json", "{}");
    write("generic/foo", "text");
    Catalog later = reader.read();
    assertSame(first, later.config(ConfigKind.GENERIC, "foo").orElseThrow());
    write("generic/foo", "other");
    Catalog other = reader.read(List.of(file));
    assertNotSame(first, other.config(ConfigKind.GENERIC, "foo").orElseThrow());
  }

  @Test
  void what_is_too_large_is_told_and_the_old_one_stays() throws IOException {
    profile("p", "generic_id", "foo");
    Path file = write("generic/foo", "text");
    reader.read();
    write("generic/foo", "x".repeat(ConfigFile.MAX_SIZE + 1));
    Catalog large = reader.read(List.of(file));
    assertEquals(Optional.of("text"), text(large, ConfigKind.GENERIC, "foo"));
    assertEquals(
        List.of(new FileProblem("generic/foo", "larger than 4194304 bytes", true)),
        large.problems());
  }

  @Test
  void what_is_too_large_together_is_told_until_there_is_room() throws IOException {
    String large = "x".repeat(ConfigFile.MAX_SIZE);
    int fit = (int) (ConfigFiles.MAX_TOGETHER / ConfigFile.MAX_SIZE);
    for (int i = 0; i < fit; i++) {
      profile("p" + i, "generic_id", "large" + i);
      write("generic/large" + i, large);
    }
    assertEquals(List.of(), reader.read().problems());
    profile("q", "generic_id", "more");
    write("generic/more", "text");
    Catalog full = reader.read();
    assertEquals(Optional.empty(), text(full, ConfigKind.GENERIC, "more"));
    assertEquals(
        List.of(
            new FileProblem(
                "generic/more",
                "not read: with it config files would be larger than 67108864 bytes together",
                false)),
        full.problems());
    write("generic/large0", "small");
    reader.read();
    assertEquals(Optional.of("text"), text(reader.read(), ConfigKind.GENERIC, "more"));
    assertEquals(List.of(), reader.read().problems());
  }
}
