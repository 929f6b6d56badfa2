package dev.moonboot.e2e;

import dev.moonboot.json.Json;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Boards that QEMU has no firmware of: {@code pi-replay} asks for what theirs asks for. */
enum RaspberryPi {
  /** Its boot ROM tells no serial number over DHCP. */
  PI3("b8:27:eb:e2:e0:03", "e2e00003"),
  PI4("dc:a6:32:e2:e0:04", "e2e00004"),
  PI5("2c:cf:67:e2:e0:05", "e2e00005");

  /** What all of them boot. */
  static final Layout LAYOUT = Layout.ZBOOT;

  private final String mac;
  private final String serial;

  RaspberryPi(String mac, String serial) {
    this.mac = mac;
    this.serial = serial;
  }

  String mac() {
    return mac;
  }

  /** As {@code pi-replay} calls it; also the name of its group and of its profile. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What its group selects by, as members of a JSON object. */
  String selector() {
    return this == PI3 ? "\"mac\": \"" + mac + "\"" : "\"serial\": \"" + serial + "\"";
  }

  /**
   * Plays the board, from its first DHCP packet to its last file.
   *
   * @param folder an empty one for what it is sent
   */
  Loaded boot(Lab lab, Path folder) {
    String log =
        Running.run(
            lab.onNode(
                List.of(
                    "sh",
                    "-c",
                    "ip addr flush dev eth0 && exec \"$@\"",
                    "sh",
                    Script.PI_REPLAY.path(),
                    "--dhcp",
                    "eth0",
                    "--model",
                    id(),
                    "--mac",
                    mac,
                    "--serial",
                    serial,
                    "--save",
                    folder.toString())),
            folder.resolve("log"),
            Duration.ofMinutes(2));
    System.err.println("e2e: " + id() + " " + log.lines().reduce("", (_, line) -> line));
    return Loaded.of(log, folder);
  }

  /**
   * What it was sent.
   *
   * @param kernel the name of the kernel that its {@code config.txt} says
   */
  record Loaded(Path folder, String prefix, String kernel) {
    static Loaded of(String log, Path folder) {
      String last = log.lines().reduce("", (_, line) -> line);
      if (JsonText.parse(last) instanceof Json.Obj result
          && result.text("result").filter("ok"::equals).isPresent()) {
        return new Loaded(
            folder, result.text("prefix").orElseThrow(), result.text("kernel").orElseThrow());
      }
      throw new AssertionError("it did not get all it needs:\n" + log);
    }

    /** The file that it knows by that name. */
    Path file(String name) {
      return folder.resolve((prefix + name).replace('/', '_'));
    }

    String text(String name) throws IOException {
      return Files.readString(file(name));
    }
  }
}
