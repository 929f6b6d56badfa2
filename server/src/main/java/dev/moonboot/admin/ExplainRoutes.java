package dev.moonboot.admin;

import dev.moonboot.boot.Explanation;
import dev.moonboot.firmware.FirstSteps;
import dev.moonboot.http.Reply;
import dev.moonboot.node.NodeLabels;
import java.util.List;

/** What a node would be told at this moment, and why, without being a boot. */
final class ExplainRoutes implements Resource {
  private final Bootable bootable;

  ExplainRoutes(Bootable bootable) {
    this.bootable = bootable;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/admin/v1/explain", "explainBoot", this::explain)
            .query(QueryParameters.LABELS));
  }

  private Reply explain(Call call) {
    NodeLabels labels = NodeLabels.of(call.request().query());
    Explanation explanation = bootable.planner().explain(labels);
    List<FirstSteps.Step> first = bootable.first().apply(labels);
    boolean text =
        call.request().header("Accept").map(type -> type.startsWith("text/plain")).orElse(false);
    return text
        ? Reply.text(200, ExplanationText.of(explanation, first))
        : Replies.ok(ExplanationJson.of(explanation, first));
  }
}
