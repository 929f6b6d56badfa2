package dev.moonboot.factory;

import static dev.moonboot.testing.CrashLab.check;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.testing.CrashLab;
import dev.moonboot.testing.FaultInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Lets what a factory keeps be written with a fault at every single call that changes a file, and
 * checks after each what a start finds.
 */
final class FactoryCrashLab {
  private static final int SCHEMATICS = 3;
  private static final int ORDERS = 3;
  private static final Schematic POSTED = schematic("posted");

  /** What is under way when the fault comes. */
  enum Scenario {
    /** A schematic is posted. */
    POST(1),
    /** One is posted, for which another has to go. */
    POST_AND_DROP(SCHEMATICS),
    /** Something was made, the first of all. */
    FIRST_MADE(0),
    /** Something was made. */
    MADE(1),
    /** Something was made, for which something else is kept no more. */
    MADE_AND_DROP(ORDERS),
    /** The versions are others. */
    VERSIONS(1);

    /** How much is there before. */
    private final int before;

    Scenario(int before) {
      this.before = before;
    }
  }

  private final Scenario scenario;
  private final SchematicShelf shelf;
  private final OrderBook book;
  private List<String> tags = List.of("v1.13.8");
  private final Versions versions;

  /** A start over a folder. */
  private FactoryCrashLab(Path root, Scenario scenario) {
    this.scenario = scenario;
    this.book = OrderBook.open(root.resolve("orders.json"), ORDERS);
    this.shelf = SchematicShelf.open(root.resolve("schematics"), SCHEMATICS, book.schematics());
    this.versions = new Versions(() -> tags, root.resolve("versions.json"));
  }

  private static Schematic schematic(String argument) {
    return Schematic.parse("customization: {extraKernelArgs: [%s]}".formatted(argument));
  }

  private static Order order(int number) {
    return new Order(
        schematic("of-" + number).id(), "v1.13.9", List.of(Arch.AMD64), "metal", Output.INITRAMFS);
  }

  private static Digest release(int number) {
    return Digest.of(("release " + number).getBytes(UTF_8));
  }

  public static void main(String[] args) throws Exception {
    CrashLab.main(
        args,
        Scenario.class,
        (root, scenario) -> prepared(root, scenario)::change,
        FactoryCrashLab::point);
  }

  private static FactoryCrashLab prepared(Path root, Scenario scenario) throws Exception {
    FactoryCrashLab lab = new FactoryCrashLab(root, scenario);
    for (int i = 0; i < scenario.before; i++) {
      lab.shelf.add(schematic("of-" + i));
      lab.book.add(order(i), release(i));
    }
    lab.versions.look();
    return lab;
  }

  /** Whether it was told to be done. */
  private boolean change() throws Exception {
    switch (scenario) {
      case POST, POST_AND_DROP -> {
        try {
          shelf.add(POSTED);
        } catch (FactoryException e) {
          return false;
        }
      }
      case FIRST_MADE, MADE, MADE_AND_DROP -> book.add(order(9), release(9));
      case VERSIONS -> {
        tags = List.of("v1.13.8", "v1.13.9");
        versions.look();
      }
    }
    return true;
  }

  private static void point(Path root, Scenario scenario, String mode, int at) throws Exception {
    FactoryCrashLab lab = prepared(root, scenario);
    FaultInjector.arm(mode, at);
    boolean told = lab.change();
    FaultInjector.arm("off", 0);
    if (scenario == Scenario.POST || scenario == Scenario.POST_AND_DROP) {
      check(lab.shelf.find(POSTED.id()).isPresent() == told, "known is not what was told");
      if (told) {
        check(
            new FactoryCrashLab(root, scenario).shelf.find(POSTED.id()).equals(Optional.of(POSTED)),
            "a start does not know an id that was given");
      }
    }
    checkAfterRestart(root, scenario);
  }

  /** The old state or the new; and then the change can be made. */
  static void checkAfterRestart(Path root, Scenario scenario) throws Exception {
    FactoryCrashLab found = new FactoryCrashLab(root, scenario);
    check(found.shelf.size() <= SCHEMATICS + 1, "more schematics than are kept");
    long gone =
        IntStream.range(0, scenario.before)
            .filter(i -> found.shelf.find(schematic("of-" + i).id()).isEmpty())
            .count();
    check(gone <= (scenario == Scenario.POST_AND_DROP ? 1 : 0), gone + " schematics are gone");
    check(found.made().equals(old(scenario)) || found.made().equals(now(scenario)), "orders");
    check(found.isListed("v1.13.8"), "versions");
    check(found.change(), "no recovery");
    FactoryCrashLab lasting = new FactoryCrashLab(root, scenario);
    check(
        switch (scenario) {
          case POST, POST_AND_DROP -> lasting.shelf.find(POSTED.id()).equals(Optional.of(POSTED));
          case FIRST_MADE, MADE, MADE_AND_DROP -> lasting.made().equals(now(scenario));
          case VERSIONS -> lasting.isListed("v1.13.9");
        },
        "the change does not last");
    check(leftovers(root).isEmpty(), "left over: " + leftovers(root));
  }

  private Map<Integer, Digest> made() {
    Map<Integer, Digest> made = new HashMap<>();
    for (int number : List.of(0, 1, 2, 9)) {
      book.find(order(number)).ifPresent(release -> made.put(number, release));
    }
    return made;
  }

  private boolean isListed(String version) {
    return versions.known().orElse(List.of()).contains(version);
  }

  private static Map<Integer, Digest> old(Scenario scenario) {
    return IntStream.range(0, scenario.before)
        .boxed()
        .collect(Collectors.toMap(number -> number, FactoryCrashLab::release));
  }

  private static Map<Integer, Digest> now(Scenario scenario) {
    Map<Integer, Digest> now = new HashMap<>(old(scenario));
    switch (scenario) {
      case POST, POST_AND_DROP, VERSIONS -> {}
      case FIRST_MADE, MADE -> now.put(9, release(9));
      case MADE_AND_DROP -> {
        now.put(9, release(9));
        now.remove(0);
      }
    }
    return now;
  }

  /** Unfinished files in the folder of schematics, where there may be many in time. */
  private static List<String> leftovers(Path root) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("schematics"))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.endsWith(".yaml"))
          .toList();
    }
  }
}
