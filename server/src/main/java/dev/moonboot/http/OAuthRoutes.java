package dev.moonboot.http;

import dev.moonboot.journal.Approval;
import dev.moonboot.json.Json;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.secret.ConfigUrls;
import dev.moonboot.secret.DeviceFlow;
import dev.moonboot.secret.DeviceFlow.Polled;
import dev.moonboot.secret.DeviceFlow.Waiting;
import dev.moonboot.secret.MachineConfigs;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The device authorization grant (RFC 8628) as Talos speaks it: {@code /device/code} and {@code
 * /token}, where it looks for them when only {@code talos.config} is given, and a page for people
 * who follow the address on its console. Nodes need no secret: who they are is decided by whom
 * approves them.
 */
final class OAuthRoutes {
  private static final String CODE = "/device/code";
  private static final String TOKEN = "/token";
  private static final String PAGE = "/device";
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  private static final int LARGEST_FORM = 4096;
  private static final Pattern FORM =
      Pattern.compile("(?i)application/x-www-form-urlencoded\\s*(;.*)?");

  private final DeviceFlow devices;
  private final ConfigUrls urls;
  private final String scheme;
  private final BootEvents events;
  private final EventLog log;

  /**
   * @param scheme how URLs of this listener begin: {@code http://}
   */
  OAuthRoutes(MachineConfigs configs, String scheme, BootEvents events, EventLog log) {
    this.devices = configs.devices();
    this.urls = configs.urls();
    this.scheme = scheme;
    this.events = events;
    this.log = log;
  }

  /** Where forms are taken. */
  Bodies bodies() {
    return devices.isOn() ? Bodies.postedTo(Set.of(CODE, TOKEN)) : Bodies.NONE;
  }

  /** The answer, where the flow is on and this is its path. */
  Optional<Reply> answer(Request request) throws IOException {
    if (!devices.isOn()) {
      return Optional.empty();
    }
    return switch (request.path()) {
      case CODE -> Optional.of(posted(request, form -> ask(request, form)));
      case TOKEN -> Optional.of(posted(request, form -> poll(request, form)));
      case PAGE -> request.isRead() ? Optional.of(page(request)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Reply page(Request request) {
    return request.announcesBody()
        ? ErrorResponses.bodyRefused()
        : Reply.uncached(
            200,
            """
            A node asks for its machine config and shows a code. Who may approve it runs

              moonboot admin devices approve CODE
            """);
  }

  private Reply posted(Request request, Function<String, Reply> answer) throws IOException {
    if (!request.method().equals("POST")) {
      return ErrorResponses.methodNotAllowed("POST");
    }
    if (request.header("Content-Type").filter(FORM.asMatchPredicate()).isEmpty()) {
      return error("invalid_request");
    }
    try {
      return answer.apply(request.content().text(LARGEST_FORM));
    } catch (ContentException e) {
      return e.status() == 413 ? ErrorResponses.bodyRefused() : error("invalid_request");
    }
  }

  /** The form's members come before those of the query, which is that of {@code talos.config}. */
  private Reply ask(Request request, String form) {
    if (NodeLabels.of(form).value("client_id").isEmpty()) {
      return error("invalid_request");
    }
    String query = request.query() == null ? "" : "&" + request.query();
    Optional<Waiting> waiting = devices.ask(request.client(), NodeLabels.of(form + query));
    if (waiting.isEmpty()) {
      log.info("device_refused", "client", request.client());
      return error("unauthorized_client");
    }
    log.info("device_waits", "client", request.client());
    String mac = NodeLabels.of(form + query).mac().orElse("");
    events.approval(request, mac, Approval.State.WAITS);
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("device_code", new Json.Str(waiting.get().deviceCode()));
    members.put("user_code", new Json.Str(waiting.get().userCode()));
    members.put("verification_uri", new Json.Str(urls.base(scheme + request.local()) + PAGE));
    members.put("expires_in", Json.Num.of(waiting.get().left().toSeconds()));
    members.put("interval", Json.Num.of(DeviceFlow.INTERVAL.toSeconds()));
    return json(200, members);
  }

  private Reply poll(Request request, String form) {
    NodeLabels sent = NodeLabels.of(form);
    if (sent.value("grant_type").isEmpty()) {
      return error("invalid_request");
    }
    if (!sent.value("grant_type").equals(GRANT)) {
      return error("unsupported_grant_type");
    }
    return switch (devices.poll(request.client(), sent.value("device_code"))) {
      case Polled.Refused(var code) -> {
        if (code.equals("access_denied")) {
          events.approval(request, "", Approval.State.DENIED);
        }
        yield error(code);
      }
      case Polled.Token(var text, var left) -> {
        events.approval(request, "", Approval.State.APPROVED);
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("access_token", new Json.Str(text));
        members.put("token_type", new Json.Str("Bearer"));
        members.put("expires_in", Json.Num.of(left.toSeconds()));
        yield json(200, members);
      }
    };
  }

  /** By a code of RFC 6749 (5.2) or RFC 8628 (3.5). */
  private static Reply error(String code) {
    return json(400, Map.of("error", new Json.Str(code)));
  }

  private static Reply json(int status, Map<String, Json> members) {
    return Reply.typed(status, "application/json", new Json.Obj(members).compact() + "\n")
        .with("Cache-Control", "no-store")
        .with("Pragma", "no-cache");
  }
}
