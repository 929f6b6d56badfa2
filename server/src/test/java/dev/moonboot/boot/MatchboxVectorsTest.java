package dev.moonboot.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.matchbox.MatchboxVector;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.release.Releases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Selection and both scripts, against what real matchbox answered. */
class MatchboxVectorsTest {
  private static final Set<String> SCRIPTS = Set.of("/ipxe", "/grub", "/boot.ipxe", "/boot.ipxe.0");

  @TempDir Path root;

  private static List<MatchboxVector> vectors() {
    return MatchboxVector.all().stream()
        .filter(vector -> SCRIPTS.contains(vector.path()))
        .filter(vector -> !vector.method().equals("HEAD"))
        .toList();
  }

  @TestFactory
  List<DynamicTest> a_script_is_byte_for_byte_what_matchbox_answers() {
    return vectors().stream()
        .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> check(vector)))
        .toList();
  }

  @Test
  void the_vectors_are_there() {
    assertTrue(vectors().size() >= 60, "found " + vectors().size());
  }

  private void check(MatchboxVector vector) throws IOException {
    Path data = Files.createDirectory(root.resolve(vector.name()));
    vector.write(data);
    String expected =
        vector.status() == 404 ? "no match" : vector.expect().text("body").orElseThrow();
    assertEquals(expected, answer(vector, data));
  }

  private static String answer(MatchboxVector vector, Path data) {
    if (vector.path().startsWith("/boot.ipxe")) {
      return IpxeScript.CHAIN;
    }
    CatalogReader reader = new CatalogReader(data);
    Releases releases = new Releases(List.of(), null);
    BootPlanner planner = new BootPlanner(reader::read, releases, List.of());
    return switch (planner.plan(NodeLabels.of(vector.query()))) {
      case BootAnswer.Plan(var plan) ->
          vector.path().equals("/grub") ? GrubScript.render(plan) : IpxeScript.render(plan);
      case BootAnswer.NoMatch _ -> "no match";
      case BootAnswer.NotReady(var profile, var channel) -> profile + " waits for " + channel;
    };
  }
}
