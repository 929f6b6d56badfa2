package dev.moonboot.admin;

import dev.moonboot.boot.BootPlanner;
import dev.moonboot.boot.Explanation;
import dev.moonboot.http.Reply;
import dev.moonboot.node.NodeLabels;
import java.util.List;

/** What a node would be told at this moment, and why, without being a boot. */
final class ExplainRoutes implements Resource {
  private final BootPlanner planner;

  ExplainRoutes(BootPlanner planner) {
    this.planner = planner;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/admin/v1/explain", "explainBoot", this::explain)
            .query(QueryParameters.LABELS));
  }

  private Reply explain(Call call) {
    Explanation explanation = planner.explain(NodeLabels.of(call.request().query()));
    boolean text =
        call.request().header("Accept").map(type -> type.startsWith("text/plain")).orElse(false);
    return text
        ? Reply.text(200, ExplanationText.of(explanation))
        : Replies.ok(ExplanationJson.of(explanation));
  }
}
