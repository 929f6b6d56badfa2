package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.http.BootFixture;
import dev.moonboot.http.RawClient;
import dev.moonboot.http.RecordedAnswer;
import dev.moonboot.matchbox.MatchboxVector;
import dev.moonboot.matchbox.WantedDifferences;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What real matchbox answered, asked of data that {@code moonboot import} took over. */
class ImportedCorpusTest {
  private static final Set<String> BY_LABELS =
      Set.of("/ipxe", "/grub", "/metadata", "/generic", "/cloud", "/ignition");

  @TempDir Path root;

  /** All that give a node something. */
  private static List<MatchboxVector> corpus() {
    return MatchboxVector.all().stream()
        .filter(vector -> vector.status() == 200 && BY_LABELS.contains(vector.path()))
        .filter(vector -> !WantedDifferences.all().containsKey(vector.name()))
        .toList();
  }

  @Test
  void u_05_the_corpus_has_fifty_requests_and_more() {
    assertTrue(corpus().size() >= 50, "requests: " + corpus().size());
  }

  @TestFactory
  List<DynamicTest> u_05_imported_data_give_the_bytes_of_matchbox() {
    return corpus().stream()
        .map(vector -> {
          Executable test = () -> check(vector);
          return DynamicTest.dynamicTest(vector.name(), test);
        })
        .toList();
  }

  private void check(MatchboxVector vector) throws IOException {
    Path matchbox = Files.createDirectories(root.resolve(vector.name()).resolve("matchbox"));
    Path data = matchbox.resolveSibling("data");
    vector.write(matchbox);
    var said = new StringWriter();
    String[] command = {
      "import",
      matchbox.toString(),
      "--to",
      data.toString(),
      "--assets-to",
      matchbox.resolveSibling("assets").toString()
    };
    int code = Main.run(command, new PrintWriter(said), new PrintWriter(said));
    assertEquals(0, code, said::toString);
    try (BootFixture server = BootFixture.start(data);
        RawClient client = RawClient.connect(server.address())) {
      RawClient.Answer answer = client.send(vector.head()).read(vector.method());
      assertEquals(List.of(), RecordedAnswer.differences(vector, answer), answer.head());
    }
  }
}
