package dev.moonboot.admin;

import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.http.Reply;
import dev.moonboot.installer.InstallCheck;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootLog;
import dev.moonboot.json.Json;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.Sighting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The nodes that were seen, with what they would boot now and how they booted last. */
final class NodeRoutes implements Resource {
  private final BootLog boots;
  private final BootPlanner planner;
  private final Installs installs;

  NodeRoutes(BootLog boots, BootPlanner planner, Installs installs) {
    this.boots = boots;
    this.planner = planner;
    this.installs = installs;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/admin/v1/nodes", "listNodes", this::list).query("limit"));
  }

  private Reply list(Call call) {
    int limit = call.number("limit", 1000, 1, 4096);
    List<Sighting> seen = boots.sightings().all();
    return Replies.ok(
        new Members()
            .list("nodes", seen.stream().limit(limit).map(this::node).toList())
            .number("total", seen.size())
            .json());
  }

  private Json.Obj node(Sighting node) {
    Optional<Boot> last = boots.latest(node);
    Members members =
        new Members()
            .text("mac", node.mac())
            .text("address", node.address())
            .text("uuid", node.uuid())
            .text("serial", node.serial())
            .text("model", node.product())
            .text("arch", node.arch())
            .text("firmware", node.firmware())
            .text("first", node.first())
            .text("last", node.last());
    Json install = null;
    switch (planner.preview(labels(node))) {
      case BootAnswer.Plan(var plan) -> {
        answer(members, plan.group(), plan.profile(), "");
        install = installs.of(labels(node), plan).map(NodeRoutes::json).orElse(null);
      }
      case BootAnswer.NotReady(var profile, var channel) ->
          answer(members, "", profile, "channel " + channel + " has no release yet");
      case BootAnswer.NoMatch none -> answer(members, "", "", none.why());
    }
    return members
        .number("boot", last.map(Boot::id).orElse(null))
        .json("install", install)
        .json("verdict", last.map(boot -> BootJson.verdict(boot.timeline().verdict())).orElse(null))
        .json();
  }

  private static Json json(InstallCheck.Finding found) {
    return new Members()
        .text("image", found.image())
        .flag("known", found.known())
        .text("warning", found.warning())
        .json();
  }

  private static void answer(Members members, String group, String profile, String why) {
    members.text("group", group).text("profile", profile).text("why", why);
  }

  private static NodeLabels labels(Sighting node) {
    Map<String, String> labels = new LinkedHashMap<>();
    put(labels, "mac", node.mac().text());
    put(labels, "uuid", node.uuid());
    put(labels, "serial", node.serial());
    put(labels, "product", node.product());
    put(labels, "arch", node.arch());
    return NodeLabels.verbatim(labels);
  }

  private static void put(Map<String, String> labels, String name, String value) {
    if (!value.isEmpty()) {
      labels.put(name, value);
    }
  }
}
