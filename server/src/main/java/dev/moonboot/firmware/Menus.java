package dev.moonboot.firmware;

import dev.moonboot.assets.Arch;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.journal.Told;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.Sighting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands below {@code pxelinux.cfg/}: for each node a menu of one entry, by names that mean
 * that node and no other. Everything else is told at once to be not there, so that U-Boot comes to
 * the right name without waiting.
 */
final class Menus {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final NodeFile NOT_THIS_NODE =
      new NodeFile.Absent("not the name of the node that asks");

  private final KnownNodes nodes;
  private final Plans plans;
  private final BootNotes notes;
  private final MenuFiles files;

  Menus(BootTree.Subjects subjects) {
    this.nodes = subjects.nodes();
    this.plans = subjects.plans();
    this.notes = subjects.notes();
    this.files = new MenuFiles(subjects.paths());
  }

  /**
   * The menu of that name.
   *
   * @param folder the node in whose folder it was asked for
   */
  NodeFile find(String name, Optional<MacAddress> folder, Asker who) {
    Optional<MacAddress> node = folder.or(() -> nodes.at(who.client()));
    return switch (MenuName.parse(name)) {
      case MenuName.Mac(var mac) ->
          folder.isPresent() && !folder.get().equals(mac) ? NOT_THIS_NODE : ofNode(mac, who, null);
      case MenuName.Uuid(var uuid) ->
          node.or(() -> nodes.withUuid(uuid))
              .filter(mac -> hasUuid(mac, uuid))
              .map(mac -> ofNode(mac, who, null))
              .orElse(NOT_THIS_NODE);
      case MenuName.Address(var digits) ->
          MenuName.isOf(digits, who.client()) && node.isPresent()
              ? ofNode(node.get(), who, null)
              : NOT_THIS_NODE;
      case MenuName.Default(var arch) ->
          node.isPresent()
              ? ofNode(node.get(), who, arch.orElse(null))
              : ofLabels(NodeLabels.NONE, arch.orElse(null), who);
      case MenuName.Other _ -> new NodeFile.Absent("file not found");
    };
  }

  private boolean hasUuid(MacAddress mac, String uuid) {
    return nodes
        .seen(mac)
        .map(Sighting::uuid)
        .filter(known -> known.equals(uuid) || known.equals(MenuName.turned(uuid)))
        .isPresent();
  }

  private NodeFile ofNode(MacAddress mac, Asker who, @Nullable Arch told) {
    nodes.note(mac, who.client(), told);
    Arch arch = told == null ? nodes.arch(mac).orElse(null) : told;
    return ofLabels(nodes.labels(mac, arch, NodeLabels.NONE), arch, who);
  }

  private NodeFile ofLabels(NodeLabels known, @Nullable Arch arch, Asker who) {
    NodeLabels labels = arch == null ? known : with(known, arch);
    BootAnswer answer = plans.plan(labels, who);
    if (answer instanceof BootAnswer.NoMatch && arch == null) {
      return ofLabels(known, Arch.ARM64, who); // U-Boot does not tell it, and boards have that
    }
    return switch (answer) {
      case BootAnswer.NoMatch(var why, var _) -> new NodeFile.Absent(why);
      case BootAnswer.NotReady(var _, var channel) -> new NodeFile.NotReady(channel);
      case BootAnswer.Plan(var plan) -> menu(plan, labels, arch, who);
    };
  }

  private static NodeLabels with(NodeLabels labels, Arch arch) {
    Map<String, String> all = new LinkedHashMap<>(labels.all());
    all.put("arch", KnownNodes.buildArch(arch));
    return NodeLabels.verbatim(all);
  }

  private NodeFile menu(BootPlan plan, NodeLabels labels, @Nullable Arch said, Asker who) {
    Arch arch = said == null ? files.arch(plan, who).orElse(Arch.ARM64) : said;
    return switch (files.of(plan, arch, who)) {
      case MenuFiles.Unfit(var why) ->
          new NodeFile.Absent("profile %s: %s".formatted(plan.profile(), why));
      case MenuFiles.Fit(var kernel, var initrds) -> {
        List<String> named = new ArrayList<>(List.of(kernel));
        named.addAll(initrds);
        notes.told(labels, who, plan, Told.Form.EXTLINUX, named);
        yield new NodeFile.Text(new MenuText(arch, labels).of(plan, kernel, initrds), TEXT);
      }
    };
  }
}
