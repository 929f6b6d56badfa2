import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.CatalogKind;
import dev.moonboot.profile.CatalogWatcher;
import dev.moonboot.profile.CatalogWriter;
import dev.moonboot.profile.Group;
import dev.moonboot.profile.MatchboxWriter;
import dev.moonboot.profile.Selection;
import dev.moonboot.profile.WriteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.logging.LogManager;

/**
 * The catalog alone: loads a data directory of groups node-0 to node-N, each with a MAC of its own,
 * then selects, edits and puts. Prints one {@code name value} a line, for catalog.py.
 */
final class CatalogBench {
  private static final int LOOKS = 200_000;
  private static final int EDITS = 20;
  private static final int PUTS = 1_000;
  private static final String GROUP =
      """
      {"id": "node-%1$d", "profile": "%4$s", "selector": {"mac": "%2$s"}, "metadata": {"disk": "/dev/sda",
       "hostname": "node-%1$d", "rack": "r%3$d"}}""";

  private CatalogBench() {}

  public static void main(String[] args) throws Exception {
    LogManager.getLogManager().reset(); // a line for each put says nothing here
    Path root = Path.of(args[0]);
    int groups = Integer.parseInt(args[1]);
    fill(root, groups);
    long start = System.nanoTime();
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      print("load_s", (System.nanoTime() - start) / 1e9);
      print("groups", watcher.current().groupCount());
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      print("heap_mib", (runtime.totalMemory() - runtime.freeMemory()) / 1048576.0);
      select(watcher, groups);
      edit(watcher, root, groups);
      put(watcher, root);
    }
  }

  private static void print(String name, double value) {
    System.out.printf("%s %.6f%n", name, value);
  }

  private static String mac(int number) {
    return "52:54:00:%02x:%02x:%02x".formatted(number >> 16, number >> 8 & 255, number & 255);
  }

  private static String group(int number, String profile) {
    return GROUP.formatted(number, mac(number), number % 40, profile);
  }

  private static void fill(Path root, int groups) throws Exception {
    Files.createDirectories(root.resolve("groups"));
    Files.createDirectories(root.resolve("profiles"));
    Files.writeString(root.resolve("profiles/worker.json"), "{\"id\": \"worker\", \"boot\": {}}");
    for (int i = 0; i < groups; i++) {
      Files.writeString(root.resolve("groups/node-" + i + ".json"), group(i, "worker"));
    }
  }

  private static void select(CatalogWatcher watcher, int groups) {
    Random random = new Random(1);
    long[] took = new long[LOOKS];
    for (int i = 0; i < LOOKS; i++) {
      NodeLabels labels =
          NodeLabels.of("uuid=1&arch=arm64&mac=" + mac(random.nextInt(groups)).replace(':', '-'));
      long start = System.nanoTime();
      if (!(watcher.current().select(labels) instanceof Selection.Match)) {
        throw new IllegalStateException("no match for " + labels);
      }
      took[i] = System.nanoTime() - start;
    }
    Arrays.sort(took);
    print("match_p50_us", took[LOOKS / 2] / 1e3);
    print("match_p99_us", took[LOOKS * 99 / 100] / 1e3);
  }

  /** An editor changes a file; the time until it is in force. */
  private static void edit(CatalogWatcher watcher, Path root, int groups) throws Exception {
    long[] took = new long[EDITS];
    for (int i = 0; i < EDITS; i++) {
      int number = groups / (i + 2);
      String profile = "edited-" + i;
      long start = System.nanoTime();
      Files.writeString(root.resolve("groups/node-" + number + ".json"), group(number, profile));
      String file = "node-" + number;
      while (!watcher.current().group(file).map(Group::profile).orElse("").equals(profile)) {
        Thread.sleep(1);
      }
      took[i] = System.nanoTime() - start;
    }
    Arrays.sort(took);
    print("live_ms", took[EDITS / 2] / 1e6);
    print("live_worst_ms", took[EDITS - 1] / 1e6);
  }

  /** Puts one after another, each lasting (fsync) and in force when it returns. */
  private static void put(CatalogWatcher watcher, Path root) {
    var writer = new MatchboxWriter(root, new CatalogWriter(root, watcher, Audit.NONE));
    long start = System.nanoTime();
    for (int i = 0; i < PUTS; i++) {
      Json.Obj content = (Json.Obj) JsonText.parse(group(i, "put"));
      writer.put(CatalogKind.GROUP, "node-" + i, content, WriteOrder.of(Actor.SYSTEM));
      if (!watcher.current().group("node-" + i).orElseThrow().profile().equals("put")) {
        throw new IllegalStateException("a put is not in force");
      }
    }
    print("puts_per_s", PUTS / ((System.nanoTime() - start) / 1e9));
  }
}
