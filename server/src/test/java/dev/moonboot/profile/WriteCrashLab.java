package dev.moonboot.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.files.Disk;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Runs in a JVM of its own under the fault injector: lets writing and deleting a profile fail at
 * every single call that changes a file, and checks after each what is in force.
 *
 * <p>Arguments: {@code all DIR LOG} goes through all points; {@code one DIR SCENARIO} makes one
 * change, to be killed.
 */
final class WriteCrashLab {
  /** What is under way when the fault comes. */
  enum Scenario {
    /** Even the folder is new. */
    FIRST,
    REPLACE,
    DELETE;

    private Optional<String> before() {
      return this == FIRST ? Optional.empty() : Optional.of(OLD);
    }

    private Optional<String> after() {
      return this == DELETE ? Optional.empty() : Optional.of(NEW);
    }
  }

  private static final String OLD = "{\"id\": \"p\", \"name\": \"old, as a person wrote it\"}\n";
  private static final String NEW = "{\n\t\"id\": \"p\",\n\t\"name\": \"new\"\n}";

  private WriteCrashLab() {}

  public static void main(String[] args) throws IOException {
    Path dir = Path.of(args[1]);
    if (args[0].equals("one")) {
      FaultInjector.arm("off", 0);
      Scenario scenario = Scenario.valueOf(args[2]);
      prepare(dir, scenario);
      try (CatalogWatcher watcher = new CatalogWatcher(dir)) {
        CatalogWriter writer = new CatalogWriter(dir, watcher, Audit.NONE);
        FaultInjector.arm("kill", Long.parseLong(System.getenv("CRASH_AT")));
        change(writer, scenario);
        FaultInjector.arm("off", 0);
        System.out.println("SURVIVED");
      }
    } else {
      all(dir, Path.of(args[2]));
    }
  }

  private static void all(Path dir, Path log) throws IOException {
    for (Scenario scenario : Scenario.values()) {
      List<String> calls = calls(dir.resolve("log"), scenario, log);
      for (String mode : List.of("dead", "torn", "enospc", "eio")) {
        int points = 0;
        for (int at = 1; at <= calls.size(); at++) {
          if (!mode.equals("torn") || calls.get(at - 1).contains(" write ")) {
            points++;
            try {
              point(dir.resolve(scenario + "-" + mode + "-" + at), scenario, mode, at);
            } catch (IOException | RuntimeException | AssertionError e) {
              throw new AssertionError(scenario + " " + mode + " at " + calls.get(at - 1), e);
            }
          }
        }
        System.out.printf(
            "DONE %s %s points=%d of calls=%d%n", scenario, mode, points, calls.size());
      }
    }
  }

  private static List<String> calls(Path root, Scenario scenario, Path log) throws IOException {
    prepare(root, scenario);
    Files.deleteIfExists(log);
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      CatalogWriter writer = new CatalogWriter(root, watcher, Audit.NONE);
      FaultInjector.arm("log", 0);
      change(writer, scenario);
      FaultInjector.arm("off", 0);
    }
    Disk.deleteTree(root);
    return Files.readAllLines(log);
  }

  private static void prepare(Path root, Scenario scenario) throws IOException {
    Files.createDirectories(root.resolve("groups"));
    Files.writeString(root.resolve("groups/all.json"), "{\"profile\": \"p\"}");
    if (scenario.before().isPresent()) {
      Files.createDirectories(root.resolve("profiles"));
      Files.writeString(root.resolve("profiles/p.json"), scenario.before().get());
    }
  }

  private static Written change(CatalogWriter writer, Scenario scenario) {
    WriteOrder order = WriteOrder.of(Actor.SYSTEM);
    return scenario == Scenario.DELETE
        ? writer.delete(CatalogKind.PROFILE, "p", order)
        : writer.put(CatalogKind.PROFILE, "p", (Json.Obj) JsonText.parse(NEW), order);
  }

  private static void point(Path root, Scenario scenario, String mode, int at) throws IOException {
    prepare(root, scenario);
    Written outcome;
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      CatalogWriter writer = new CatalogWriter(root, watcher, Audit.NONE);
      FaultInjector.arm(mode, at);
      outcome = change(writer, scenario);
      FaultInjector.arm("off", 0);
      Optional<String> onDisk = onDisk(root);
      check(inForce(watcher.current()).equals(inForce(onDisk)), "in force is not what is there");
      boolean failed = outcome instanceof Written.Failed;
      boolean alive = mode.equals("enospc") || mode.equals("eio");
      check(!failed || !alive || onDisk.equals(scenario.before()), "failed, yet changed");
      check(failed || onDisk.equals(scenario.after()), "acknowledged, yet lost: " + outcome);
    }
    checkAfterRestart(root, scenario);
    Disk.deleteTree(root);
  }

  /** Old or new, whole; and then the change can be made. */
  static void checkAfterRestart(Path root, Scenario scenario) throws IOException {
    Optional<String> onDisk = onDisk(root);
    check(
        onDisk.equals(scenario.before()) || onDisk.equals(scenario.after()),
        "neither old nor new: " + onDisk);
    try (CatalogWatcher watcher = new CatalogWatcher(root)) {
      check(inForce(watcher.current()).equals(inForce(onDisk)), "another one is in force");
      CatalogWriter writer = new CatalogWriter(root, watcher, Audit.NONE);
      if (Files.isDirectory(root.resolve("profiles"))) {
        try (var left = Files.list(root.resolve("profiles"))) {
          check(
              left.map(file -> file.getFileName().toString()).allMatch("p.json"::equals),
              "leftovers");
        }
      }
      change(writer, scenario);
      check(onDisk(root).equals(scenario.after()), "cannot be made good");
      check(inForce(watcher.current()).equals(inForce(scenario.after())), "not in force");
    }
  }

  private static Optional<String> onDisk(Path root) throws IOException {
    Path file = root.resolve("profiles/p.json");
    return Files.exists(file)
        ? Optional.of(new String(Files.readAllBytes(file), UTF_8))
        : Optional.empty();
  }

  private static Optional<Profile> inForce(Optional<String> text) {
    return text.map(json -> DataFile.profile("p", json));
  }

  private static Optional<Profile> inForce(Catalog catalog) {
    return catalog.profile("p");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
