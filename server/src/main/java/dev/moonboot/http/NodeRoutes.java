package dev.moonboot.http;

import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.boot.GrubScript;
import dev.moonboot.boot.IpxeScript;
import dev.moonboot.journal.Told;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.node.NodeLabels.Controls;
import dev.moonboot.release.ReleasePaths;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The endpoints that answer one node, by its labels: from memory, and with a body in memory. */
final class NodeRoutes {
  private static final Set<String> ENDPOINTS =
      Set.of(
          "/boot.ipxe",
          "/boot.ipxe.0",
          "/ipxe",
          "/grub",
          "/metadata",
          "/generic",
          "/cloud",
          "/ignition");

  private final BootPlanner planner;
  private final ConfigRoutes configs;
  private final ProvisionRoutes provision;
  private final ReleasePaths paths;
  private final BootEvents events;
  private final Controls controls;

  NodeRoutes(
      BootSubjects subjects, ConfigRoutes configs, ProvisionRoutes provision, BootEvents events) {
    this.planner = subjects.planner();
    this.configs = configs;
    this.provision = provision;
    this.paths = subjects.paths();
    this.events = events;
    this.controls = subjects.ways().controlCharacters() ? Controls.KEPT : Controls.LEFT_OUT;
  }

  /** True where a node is answered. */
  static boolean isEndpoint(String path) {
    return ENDPOINTS.contains(path);
  }

  /**
   * The answer at {@code path}; nothing where no node is answered.
   *
   * @param path decoded
   */
  Optional<Reply> answer(Request request, String path) {
    return switch (path) {
      case "/boot.ipxe", "/boot.ipxe.0" -> {
        events.began(request, IpxeScript.CHAIN.length());
        yield Optional.of(Reply.uncached(200, IpxeScript.CHAIN));
      }
      case "/ipxe" -> Optional.of(boot(request, Told.Form.IPXE, IpxeScript::render));
      case "/grub" -> Optional.of(boot(request, Told.Form.GRUB, GrubScript::render));
      case "/metadata" -> Optional.of(provision.metadata(request, labels(request)));
      case "/generic" -> Optional.of(provision.generic(request, labels(request)));
      case "/cloud" -> Optional.of(provision.cloud(request, labels(request)));
      case "/ignition" -> Optional.of(provision.ignition(request, labels(request)));
      default -> Optional.empty();
    };
  }

  private NodeLabels labels(Request request) {
    return NodeLabels.of(request.query(), controls);
  }

  private Reply boot(Request request, Told.Form form, Function<BootPlan, String> render) {
    NodeLabels labels = labels(request);
    BootAnswer answer = plan(request, labels);
    events.answered(request, labels, answer, form);
    return switch (answer) {
      case BootAnswer.Plan(var plan) -> {
        if (!request.isHead()) { // who asks how long a script is, or for its signature, has none
          paths.told(request.client(), plan.named());
        }
        yield Reply.uncached(200, render.apply(plan));
      }
      case BootAnswer.NoMatch(var why, var _) -> ErrorResponses.notFound(why);
      case BootAnswer.NotReady(var _, var channel) -> ErrorResponses.notReady(channel);
    };
  }

  private BootAnswer plan(Request request, NodeLabels labels) {
    try {
      return configs.fill(planner.plan(labels), request, labels);
    } catch (RuntimeException e) {
      events.failed(request, labels);
      throw e;
    }
  }
}
