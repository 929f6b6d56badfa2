package dev.moonboot.profile;

import static dev.moonboot.testing.CrashLab.check;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import dev.moonboot.testing.CrashLab;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Lets writing and deleting a profile fail at every single call that changes a file, and checks
 * after each what is in force.
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

  public static void main(String[] args) throws Exception {
    CrashLab.main(args, Scenario.class, Writing::new, WriteCrashLab::point);
  }

  private static final class Writing implements CrashLab.Change {
    private final Scenario scenario;
    private final CatalogWatcher watcher;
    private final CatalogWriter writer;

    Writing(Path root, Scenario scenario) throws IOException {
      prepare(root, scenario);
      this.scenario = scenario;
      this.watcher = new CatalogWatcher(root);
      this.writer = new CatalogWriter(root, watcher, Audit.NONE);
    }

    @Override
    public void make() {
      change(writer, scenario);
    }

    @Override
    public void close() {
      watcher.close();
    }
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
}
