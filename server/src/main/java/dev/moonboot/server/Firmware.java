package dev.moonboot.server;

import dev.moonboot.boot.BootPlanner;
import dev.moonboot.firmware.Asker;
import dev.moonboot.firmware.BaseUrls;
import dev.moonboot.firmware.BootNotes;
import dev.moonboot.firmware.BootTree;
import dev.moonboot.firmware.FirstFiles;
import dev.moonboot.firmware.FirstSteps;
import dev.moonboot.firmware.KnownNodes;
import dev.moonboot.firmware.Loaders;
import dev.moonboot.firmware.NodeTree;
import dev.moonboot.firmware.Plans;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.Neighbours;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.CatalogWatcher;
import dev.moonboot.profile.FirstFile;
import dev.moonboot.raspberrypi.PiTree;
import dev.moonboot.release.ReleasePaths;
import dev.moonboot.release.Releases;
import dev.moonboot.secret.ConfigUrls;
import dev.moonboot.secret.HiddenFiles;
import dev.moonboot.tftp.TftpConfig;
import java.util.concurrent.atomic.AtomicInteger;

/** What firmware is given before a script runs, wired. */
final class Firmware {
  private final AtomicInteger port;
  private final Loaders loaders;
  private final FirstFiles first;
  private final NodeTree tree;
  private final PiTree pis;
  private final KnownNodes nodes;
  private final BaseUrls urls;
  private final Plans plans;
  private final FirstSteps steps;

  /** Whom it asks. */
  record Subjects(
      CatalogWatcher catalog,
      BootPlanner planner,
      Releases releases,
      ReleasePaths paths,
      ConfigUrls configUrls,
      Meters meters,
      BootLog boots) {}

  Firmware(ApplianceConfig config, Subjects subjects, HiddenFiles hidden) {
    port = new AtomicInteger(config.http().bind().getPort());
    urls =
        new BaseUrls(config.advertise(), config.http().tls() == null ? "http" : "https", port::get);
    Neighbours neighbours = new Neighbours();
    nodes = new KnownNodes(subjects.boots().sightings(), neighbours);
    loaders = new Loaders(config.loaders(), subjects.releases(), hidden::hides);
    plans =
        (labels, who) ->
            subjects.configUrls().fill(subjects.planner().plan(labels), asker(labels, who, true));
    BootTree boot =
        new BootTree(
            new BootTree.Subjects(
                nodes,
                loaders,
                plans,
                subjects.catalog()::current,
                subjects.releases(),
                subjects.paths(),
                urls,
                new BootNotes(subjects.meters(), subjects.boots(), subjects.paths())));
    first = new FirstFiles(urls, nodes, labels -> first(subjects.planner(), boot, labels));
    steps =
        new FirstSteps(
            subjects.planner(),
            subjects.catalog()::current,
            loaders,
            subjects.releases(),
            config.advertise());
    pis =
        new PiTree(
            config.raspberryPi(),
            new PiTree.Subjects(
                subjects.planner(),
                subjects.catalog()::current,
                subjects.releases(),
                subjects.paths(),
                subjects.boots().sightings(),
                neighbours::at,
                (answer, labels, who, boots) ->
                    subjects.configUrls().fill(answer, asker(labels, who, boots)),
                subjects.boots()));
    tree = (path, who) -> pis.find(path, who).or(() -> boot.find(path, who));
  }

  private ConfigUrls.Asker asker(NodeLabels labels, Asker who, boolean boots) {
    return new ConfigUrls.Asker(who.client(), labels.mac().orElse(""), urls.at(who.here()), boots);
  }

  private static FirstFile first(BootPlanner planner, BootTree boot, NodeLabels labels) {
    FirstFile first =
        planner.profile(labels).map(profile -> profile.extensions().first()).orElse(FirstFile.IPXE);
    boot.begins(labels, first);
    return first;
  }

  /** The boot listener has that port. */
  void httpAt(int now) {
    port.set(now);
  }

  /** Writes into the log what is missing of what nodes will ask for. */
  void tell(ApplianceConfig config) {
    TftpConfig tftp = config.tftp();
    if (config.dhcp() != null || (tftp != null && tftp.listen().getPort() == TftpConfig.PORT)) {
      loaders.tell(); // else no firmware finds us
    }
    pis.tell();
  }

  /** Which node asks. */
  KnownNodes nodes() {
    return nodes;
  }

  Loaders loaders() {
    return loaders;
  }

  /** What DHCP tells firmware to load. */
  FirstFiles first() {
    return first;
  }

  /** The same for people. */
  FirstSteps steps() {
    return steps;
  }

  /** Names that mean something else to each node. */
  NodeTree tree() {
    return tree;
  }

  /** Under which URLs nodes reach us. */
  BaseUrls urls() {
    return urls;
  }

  /** What nodes boot without a script. */
  Plans plans() {
    return plans;
  }
}
