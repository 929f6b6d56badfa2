package dev.moonboot.diagnosis;

import dev.moonboot.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What one node would get, step by step, without being a boot of it. */
final class NodeWalk {
  private static final int SHOWN = 100;

  /** What a Raspberry Pi takes over TFTP that counts blocks of 1,024 bytes up to 65,535. */
  private static final long OLD_PI = 65_535L * 1024;

  private final Configured service;
  private final Asking asking;
  private final Node node;

  NodeWalk(Configured service, Asking asking, Node node) {
    this.service = service;
    this.asking = asking;
    this.node = node;
  }

  List<Finding> steps() {
    List<Finding> steps = new ArrayList<>();
    boolean runs = asking.boots();
    if (node.offers().isEmpty()) {
      steps.add(
          Finding.warn(
              "dhcp",
              "moonboot answers no DHCP (dhcp.interfaces is empty)",
              "the site's DHCP server has to send the node here: moonboot dhcp-snippet"));
    }
    for (NodeOffer offer : node.offers()) {
      steps.add(offered(offer));
      if (runs && !offer.file().isEmpty()) {
        steps.add(file(offer.file()));
      }
    }
    if (isArm64()) {
      raspberryPi(runs, steps);
    }
    if (!runs) {
      steps.add(
          Finding.warn(
              "service",
              "does not answer: what follows is read from files",
              "start it to see all"));
      steps.addAll(node.offline().explain(node.labels()));
      return steps;
    }
    steps.add(script());
    explained(steps);
    return steps;
  }

  private boolean isArm64() {
    return "arm64".equals(node.labels().get("arch"));
  }

  /** Should it be one: its names hold no path of ours. */
  private void raspberryPi(boolean runs, List<Finding> steps) {
    if (!service.raspberryPi()) {
      steps.add(
          Finding.warn(
              "raspberry-pi",
              "no firmware for them is configured",
              "if it is one: raspberry-pi.firmware or raspberry-pi.folder"));
    } else if (runs) {
      steps.add(file(node.mac().replace(':', '-') + "/config.txt"));
    }
  }

  /** Files that some EEPROMs cut off. */
  private void sizes(String channel, String release, List<Finding> steps) {
    for (String name : List.of("image-arm64", "initramfs-arm64.xz")) {
      String path = "/assets/talos/" + channel + "/" + release.replace(':', '-') + "/" + name;
      if (asking.http().head(service.bootUrl() + path) instanceof HttpProbe.Answer.Got got
          && got.isGood()
          && got.size() > OLD_PI) {
        steps.add(
            Finding.warn(
                "raspberry-pi " + name,
                got.size() + " bytes: EEPROMs from before 2025-09-23 cut it off over TFTP",
                "update the EEPROM, or boot it by way of U-Boot or UEFI"));
      }
    }
  }

  private static Finding offered(NodeOffer offer) {
    String what = "dhcp " + offer.asker();
    if (!offer.silence().isEmpty()) {
      return Finding.warn(what, "no answer: " + offer.silence(), "");
    }
    return Finding.ok(
        what, offer.file().isEmpty() ? "is told the server, and knows its files" : offer.file());
  }

  private Finding file(String file) {
    if (file.contains("://")) {
      return url("http", path(file));
    }
    String what = "tftp " + file;
    if (service.tftp() == null) {
      return Finding.fail(what, "TFTP is off", "set tftp.enabled: true");
    }
    return switch (asking.tftp().ask(file)) {
      case TftpProbe.Answer.Found(var size, var _) -> Finding.ok(what, size + " bytes");
      case TftpProbe.Answer.Refused(var code, var text) ->
          Finding.fail(what, "error %d, %s".formatted(code, text), "see loaders above");
      case TftpProbe.Answer.Nothing(var why) ->
          Finding.fail(what, why, "see the listener tftp.address above");
    };
  }

  /** Nodes reach this machine by another address than we do. */
  private static String path(String url) {
    int host = url.indexOf("://") + 3;
    int slash = url.indexOf('/', host);
    return slash < 0 ? "/" : url.substring(slash);
  }

  private Finding script() {
    String path = "/boot/" + node.mac().replace(':', '-') + "/autoexec.ipxe";
    String what = "http " + path;
    return switch (asking.http().get(service.bootUrl() + path)) {
      case HttpProbe.Answer.Got got when got.isGood() ->
          Finding.ok(
              what,
              got.text()
                  .lines()
                  .filter(line -> line.startsWith("set base") || line.startsWith("chain"))
                  .map(NodeWalk::shortened)
                  .collect(Collectors.joining(" | ")));
      case HttpProbe.Answer.Got got ->
          Finding.fail(what, "answers " + got.status(), "is this the moonboot that is configured?");
      case HttpProbe.Answer.Nothing(var why) -> Finding.fail(what, why, "");
    };
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  private void explained(List<Finding> steps) {
    String query =
        node.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + encoded(label.getValue()))
            .collect(Collectors.joining("&"));
    switch (asking.admin("/admin/v1/explain?" + query)) {
      case Asking.Told.Not(var why) -> {
        steps.add(Finding.warn("group", why, ""));
        steps.addAll(node.offline().explain(node.labels()));
      }
      case Asking.Told.Json(var told) -> explained(told, steps);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void explained(Json.Obj told, List<Finding> steps) {
    Optional<Json.Obj> group = told.object("group");
    String unknown = told.text("unknown").orElse("");
    steps.add(
        group.isPresent()
            ? Finding.ok("group", group.get().text("group").orElse("?"))
            : Finding.warn(
                "group",
                "none selects it" + (unknown.isEmpty() ? "" : ": " + unknown),
                "moonboot admin explain --mac " + node.mac()));
    told.text("profile").ifPresent(profile -> steps.add(Finding.ok("profile", profile)));
    told.object("pin")
        .ifPresent(pin ->
            steps.add(
                Finding.ok(
                    "pin", pin.text("release").orElse("?") + " " + pin.text("reason").orElse(""))));
    Json.Obj answer = told.object("answer").orElse(new Json.Obj(Map.of()));
    switch (answer.text("outcome").orElse("")) {
      case "boots" -> {
        steps.add(
            Finding.ok(
                "release",
                answer.text("release").orElse("none of ours: the profile names its own files")
                    + answer.text("version").map(v -> " " + v).orElse("")
                    + ", by "
                    + answer.text("by").orElse("?")));
        if (isArm64() && service.raspberryPi()) {
          told.text("channel")
              .ifPresent(channel ->
                  answer.text("release").ifPresent(release -> sizes(channel, release, steps)));
        }
        told.object("scripts").flatMap(s -> s.text("/ipxe")).ifPresent(s -> files(s, steps));
      }
      case "waits" ->
          steps.add(
              Finding.fail(
                  "release",
                  answer.text("why").orElse("it has to wait"),
                  "the node is told to ask again; moonboot admin channels refresh "
                      + answer.text("channel").orElse("")));
      default ->
          steps.add(
              Finding.fail(
                  "script /ipxe",
                  "404: " + answer.text("why").orElse("nothing is meant for it"),
                  "add a group that selects it, or one for all nodes"));
    }
  }

  /** Kernel and initrds of the script, as this node's iPXE would name them. */
  private void files(String script, List<Finding> steps) {
    steps.add(Finding.ok("script /ipxe", script.lines().count() + " lines"));
    script
        .lines()
        .filter(line -> line.startsWith("kernel ") || line.startsWith("initrd "))
        .forEach(line -> {
          String word = line.substring(0, line.indexOf(' '));
          target(line)
              .map(this::expanded)
              .ifPresent(target ->
                  steps.add(
                      target.contains("://") && !target.startsWith(service.bootUrl())
                          ? elsewhere(word, target)
                          : url(word, target)));
        });
  }

  /** The first word that is no option. */
  private static Optional<String> target(String line) {
    String[] words = line.split(" +", -1);
    for (int i = 1; i < words.length; i++) {
      if (words[i].equals("--name") || words[i].equals("-n") || words[i].equals("--timeout")) {
        i++;
      } else if (!words[i].startsWith("-")) {
        return Optional.of(words[i]);
      }
    }
    return Optional.empty();
  }

  private String expanded(String target) {
    String arch = node.labels().getOrDefault("arch", "amd64");
    return target.replaceAll("\\$\\{buildarch[^}]*}", arch.equals("amd64") ? "x86_64" : arch);
  }

  private Finding elsewhere(String word, String url) {
    Optional<String> advertised = service.advertised().stream().filter(url::startsWith).findFirst();
    return advertised.isPresent() || url.contains("/assets/")
        ? url(word, path(url))
        : Finding.ok(word, url + " is not ours, and was not asked for");
  }

  private Finding url(String word, String path) {
    String url = path.startsWith("/") ? service.bootUrl() + path : service.bootUrl() + "/" + path;
    String what = word + " " + path;
    return switch (asking.http().head(url)) {
      case HttpProbe.Answer.Got got when got.isGood() -> Finding.ok(what, got.size() + " bytes");
      case HttpProbe.Answer.Got got when got.status() == 503 ->
          Finding.fail(what, "503: not here yet, or being healed", "moonboot admin channels");
      case HttpProbe.Answer.Got got ->
          Finding.fail(
              what,
              "answers " + got.status(),
              got.status() == 404 ? "is the architecture right (--arch)?" : "see the log");
      case HttpProbe.Answer.Nothing(var why) -> Finding.fail(what, why, "");
    };
  }
}
