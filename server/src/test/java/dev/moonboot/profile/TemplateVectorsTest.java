package dev.moonboot.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.json.Json;
import dev.moonboot.matchbox.MatchboxVector;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.template.Bounds;
import dev.moonboot.template.Template;
import dev.moonboot.template.TemplateException;
import dev.moonboot.template.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Templates with the data of group and query, against what real matchbox answered. */
class TemplateVectorsTest {
  /** Those that are not rendered for another reason than their template. */
  private static final Set<String> UNASKED = Set.of("profile-camel-case-names-not-accepted");

  @TempDir Path root;

  private static List<MatchboxVector> vectors() {
    return MatchboxVector.all().stream()
        .filter(vector -> vector.path().equals("/generic") && !vector.method().equals("HEAD"))
        .filter(vector -> vector.status() == 200 || vector.status() == 404)
        .filter(vector -> !UNASKED.contains(vector.name()))
        .filter(vector -> vector.json().object("templates").orElseThrow().members().size() == 1)
        .filter(vector -> vector.json().array("groups").orElseThrow().size() == 1)
        .toList();
  }

  @TestFactory
  List<DynamicTest> a_template_gives_what_matchbox_gives() {
    return vectors().stream()
        .map(vector -> DynamicTest.dynamicTest(vector.name(), () -> check(vector)))
        .toList();
  }

  @Test
  void the_vectors_are_there() {
    assertTrue(vectors().size() >= 70, "found " + vectors().size());
  }

  private void check(MatchboxVector vector) throws IOException, TemplateException {
    Path data = Files.createDirectory(root.resolve(vector.name()));
    vector.write(data);
    Group group = new CatalogReader(data).read().groups().getFirst();
    Json text =
        vector.json().object("templates").orElseThrow().members().values().iterator().next();
    var values = TemplateData.of(group, NodeLabels.of(vector.query()));
    if (vector.status() == 404) {
      assertThrows(TemplateException.class, () -> render(((Json.Str) text).value(), values));
    } else {
      assertEquals(
          vector.expect().text("body").orElseThrow(), render(((Json.Str) text).value(), values));
    }
  }

  private static String render(String text, Value data) throws TemplateException {
    return Template.parse(text).render(data, Bounds.DEFAULT);
  }
}
