package dev.moonboot.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Digest;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionFileTest {
  private static final Digest ONE = Digest.of(new byte[] {1});
  private static final Digest TWO = Digest.of(new byte[] {2});
  private static final Actor ANNA = new Actor(Actor.Type.TOKEN, "anna", "::1 admin");
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  @TempDir Path folder;

  private Path state() {
    return folder.resolve("deep/state");
  }

  private static Pin pin(String profile, Digest release, long revision) {
    return new Pin(profile, "custom", release, "why \"so\"\n", ANNA, NOON, NOON, ONE, revision);
  }

  private static Hold hold(String channel) {
    return new Hold(channel, "", Actor.SYSTEM, NOON);
  }

  private Decisions twice() throws IOException {
    DecisionFile file = DecisionFile.open(state()).file();
    Decisions first = file.write(Decisions.NONE.with(pin("a", ONE, 1)));
    file.write(first.with(pin("b", TWO, 2)).with(hold("custom")));
    return first;
  }

  @Test
  void what_was_decided_is_read_back_whole() throws Exception {
    Decisions first = twice();
    DecisionFile.Start start = DecisionFile.open(state());
    assertEquals(List.of(), start.troubles());
    assertEquals(first.with(pin("b", TWO, 2)).with(hold("custom")).at(2), start.decisions());
    assertEquals(3, start.file().nextSerial());
  }

  @Test
  void nobody_else_may_read_it() throws Exception {
    twice();
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(state())));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(state().resolve("decisions.0"))));
  }

  @Test
  void a_start_with_nothing_decides_nothing_and_writes_nothing() {
    DecisionFile.Start start = DecisionFile.open(state());
    assertEquals(Decisions.NONE, start.decisions());
    assertEquals(List.of(), start.troubles());
    assertTrue(Files.notExists(state()));
  }

  /** The newest slot is number 2, which is {@code decisions.0}. */
  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"schema\": 1}\nsha256:00\n", "cut", "changed", "newer"})
  void c_16_a_damaged_slot_gives_way_to_the_one_before_and_that_is_audited(String damage)
      throws Exception {
    Decisions first = twice();
    Path newest = state().resolve("decisions.0");
    String text = Files.readString(newest);
    Files.writeString(
        newest,
        switch (damage) {
          case "cut" -> text.substring(0, text.length() / 2);
          case "changed" -> text.replace("custom", "costum");
          case "newer" -> sealed(text.replace("\"schema\": 1", "\"schema\": 2"));
          default -> damage;
        });
    Releases releases = new Releases(List.of(), null);
    List<AuditEvent> audited = new ArrayList<>();
    Changes changes = Changes.open(state(), releases, audited::add);
    assertEquals(first, releases.decisions());
    assertEquals(
        List.of("state.recovered ok"),
        audited.stream().map(event -> event.event() + " " + event.outcome()).toList());
    assertTrue(changes.nextRevision() > 2, "the number of what was lost is not given again");
  }

  private static String sealed(String text) {
    String body = text.substring(0, text.lastIndexOf("sha256:"));
    return body + Digest.of(body.getBytes(UTF_8)) + "\n";
  }

  @Test
  void c_16_where_both_slots_are_damaged_that_is_said_loudly() throws Exception {
    twice();
    Files.writeString(state().resolve("decisions.0"), "");
    Files.writeString(state().resolve("decisions.1"), "");
    List<AuditEvent> audited = new ArrayList<>();
    Releases releases = new Releases(List.of(), null);
    Changes.open(state(), releases, audited::add);
    assertEquals(Decisions.NONE, releases.decisions());
    assertEquals("failed", audited.getFirst().outcome());
    assertTrue(audited.getFirst().reason().contains("set them again"), "what now");
  }

  @Test
  void an_entry_that_cannot_be_understood_is_left_out_and_told() throws Exception {
    twice();
    Path newest = state().resolve("decisions.0");
    String text = Files.readString(newest);
    Files.writeString(newest, sealed(text.replace(ONE.toString(), "sha512:00")));
    DecisionFile.Start start = DecisionFile.open(state());
    assertEquals(1, start.decisions().holds().size());
    assertEquals(0, start.decisions().pins().size());
    assertEquals(2, start.troubles().size());
  }
}
