package dev.moonboot.http;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.matchbox.MatchboxVector;
import dev.moonboot.matchbox.WantedDifferences;
import dev.moonboot.provision.MatchboxWays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What real matchbox answered, asked of the running boot listener. */
class MatchboxContractTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("basedir", "."), "../docs/matchbox-compat.md");

  /** Vectors of a matchbox that was started otherwise, and what stands for them here. */
  private static final Map<String, String> OTHER_START =
      Map.of("assets-disabled", "BootListenerTest.without_static_files_there_are_none");

  /** Endpoints that say in a header why there is nothing. */
  private static final Pattern TELLING =
      Pattern.compile("/(ipxe|grub|metadata|generic|cloud|ignition)");

  @TempDir Path root;

  private interface Check {
    void of(MatchboxVector vector) throws IOException;
  }

  private static List<DynamicTest> each(Predicate<MatchboxVector> chosen, Check check) {
    return MatchboxVector.all().stream()
        .filter(chosen)
        .map(vector -> {
          Executable test = () -> check.of(vector);
          return DynamicTest.dynamicTest(vector.name(), test);
        })
        .toList();
  }

  @TestFactory
  List<DynamicTest> an_answer_is_what_matchbox_answers() {
    return each(vector -> !vector.needsOtherOptions(), this::usual);
  }

  @TestFactory
  List<DynamicTest> with_the_switches_on_more_of_them_are() {
    return each(
        vector ->
            WantedDifferences.SWITCHED.containsKey(vector.name()) && !vector.needsOtherOptions(),
        vector ->
            assertEquals(
                List.of(),
                RecordedAnswer.differences(
                    vector, answer(vector, new MatchboxWays(true, true, true)))));
  }

  @Test
  void no_vector_is_left_out_without_a_reason() {
    assertEquals(273, MatchboxVector.all().size());
    assertEquals(
        OTHER_START.keySet(),
        MatchboxVector.all().stream()
            .filter(vector -> vector.needsOtherOptions() && !vector.needsKey())
            .map(MatchboxVector::name)
            .collect(toCollection(TreeSet::new)));
  }

  @Test
  void every_wanted_difference_is_in_the_document() throws IOException {
    Map<String, Integer> listed =
        Files.readAllLines(DOCUMENT).stream()
            .map(Pattern.compile("\\| `([a-z0-9.-]+)` \\| (\\d{3}) \\|.*")::matcher)
            .filter(Matcher::matches)
            .collect(toMap(row -> row.group(1), row -> Integer.valueOf(row.group(2))));
    assertEquals(WantedDifferences.all(), listed);
  }

  private void usual(MatchboxVector vector) throws IOException {
    RawClient.Answer answer = answer(vector, MatchboxWays.NONE);
    Integer wanted = WantedDifferences.all().get(vector.name());
    if (wanted == null) {
      assertEquals(List.of(), RecordedAnswer.differences(vector, answer), answer.head());
    } else {
      assertEquals(wanted, answer.status(), answer.head());
    }
    boolean tells = answer.status() == 404 && TELLING.matcher(vector.path()).matches();
    assertEquals(tells, answer.has("Moonboot-Reason"), answer.head());
  }

  private RawClient.Answer answer(MatchboxVector vector, MatchboxWays ways) throws IOException {
    Path data = Files.createDirectory(root.resolve(vector.name()));
    vector.write(data);
    try (BootFixture server = BootFixture.start(data, ways);
        RawClient client = RawClient.connect(server.address())) {
      return client.send(vector.head()).read(vector.method());
    }
  }
}
