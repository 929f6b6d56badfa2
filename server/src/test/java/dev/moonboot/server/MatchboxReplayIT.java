package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.files.Disk;
import dev.moonboot.http.RawClient;
import dev.moonboot.http.RecordedAnswer;
import dev.moonboot.matchbox.MatchboxVector;
import dev.moonboot.matchbox.WantedDifferences;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * What real matchbox answered, asked of the packaged server in its place. Its data directory is
 * made new for every request while it runs, so this is also a test of how it follows its files.
 */
class MatchboxReplayIT {
  private static final Set<String> FOLDERS =
      Set.of("groups", "profiles", "generic", "cloud", "ignition", "assets");

  private static final Duration SEEN = Duration.ofSeconds(20);

  @TempDir Path work;
  private int marker;

  @TestFactory
  Stream<DynamicNode> an_answer_is_what_matchbox_answers() throws IOException {
    return replay(Map.of(), vector -> true, WantedDifferences.all());
  }

  @TestFactory
  Stream<DynamicNode> with_the_switches_on_more_of_them_are() throws IOException {
    return replay(
        Map.of(
            "MOONBOOT_MATCHBOX_BLANK_IGNITION", "true",
            "MOONBOOT_MATCHBOX_CONTROL_CHARACTERS", "true"),
        vector -> WantedDifferences.SWITCHED.containsKey(vector.name()),
        Map.of());
  }

  private Stream<DynamicNode> replay(
      Map<String, String> environment,
      Predicate<MatchboxVector> chosen,
      Map<String, Integer> wanted)
      throws IOException {
    Path data = Files.createDirectory(work.resolve("data"));
    Files.createDirectory(data.resolve("assets"));
    ServerProcess server = ServerProcess.matchbox(data, work, environment).serving();
    List<MatchboxVector> vectors =
        MatchboxVector.all().stream()
            .filter(vector -> !vector.needsOtherOptions())
            .filter(chosen)
            .toList();
    return vectors.stream()
        .map(vector -> {
          Executable test = () -> check(server, data, vector, wanted);
          return (DynamicNode) DynamicTest.dynamicTest(vector.name(), test);
        })
        .onClose(server::close);
  }

  private void check(
      ServerProcess server, Path data, MatchboxVector vector, Map<String, Integer> wanted)
      throws IOException {
    replace(server, data, vector);
    Integer status = wanted.get(vector.name());
    List<String> differences = differences(server, vector, status);
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    // folders are seen one after another, so the first answer may be of half the files
    while (!differences.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      differences = differences(server, vector, status);
    }
    assertEquals(List.of(), differences);
  }

  private static List<String> differences(
      ServerProcess server, MatchboxVector vector, @Nullable Integer wanted) {
    try (RawClient client = RawClient.connect(server.http())) {
      RawClient.Answer answer = client.send(vector.head()).read(vector.method());
      if (wanted == null) {
        return RecordedAnswer.differences(vector, answer);
      }
      return answer.status() == wanted ? List.of() : List.of(answer.head());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One group that no other request matches tells when the server has seen all files before it. It
   * reads folder after folder, so the look that misses the old group may still have seen old
   * profiles; the look after that one has not.
   */
  private void replace(ServerProcess server, Path data, MatchboxVector vector) throws IOException {
    for (String folder : FOLDERS) {
      Disk.deleteTree(data.resolve(folder));
    }
    // or what was deleted would look like what was edited, and its last good version stay in force
    mark(server, data, false);
    mark(server, data, true);
    Disk.deleteTree(data.resolve("groups"));
    mark(server, data, false);
    vector.write(data);
    if (Files.isDirectory(data.resolve("groups"))) {
      mark(server, data, true);
    }
  }

  private void mark(ServerProcess server, Path data, boolean there) throws IOException {
    if (there) {
      marker++;
      Files.createDirectories(data.resolve("groups"));
      Files.writeString(
          data.resolve("groups/~marker.json"),
          "{\"profile\":\"none\",\"selector\":{\"marker\":\"%d\"}}".formatted(marker));
    }
    int status = there ? 200 : 404;
    server.await("it sees files change", SEEN, () -> server.status(marked()) == status);
  }

  private String marked() {
    return "/metadata?marker=" + marker;
  }
}
