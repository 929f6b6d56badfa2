package dev.moonboot.admin;

import dev.moonboot.http.Reply;
import dev.moonboot.json.Json;
import dev.moonboot.secret.DeviceFlow;
import dev.moonboot.secret.DeviceGrant;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Nodes that ask for their machine config, and the decision whether they get it. */
final class DeviceRoutes implements Resource {
  private static final String ALL = "/admin/v1/devices";
  private static final String ONE = ALL + "/{userCode}";
  private static final int LONGEST_REASON = 512;

  private final DeviceFlow devices;
  private final WrongCodes wrong;

  DeviceRoutes(DeviceFlow devices, WrongCodes wrong) {
    this.devices = devices;
    this.wrong = wrong;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        // user codes are for those who may use them
        new Endpoint("GET", ALL, Role.OPERATE, "listDevices", List.of(), this::list),
        Endpoint.post(ONE + "/approve", Role.OPERATE, "approveDevice", call -> decide(call, true)),
        Endpoint.post(ONE + "/deny", Role.OPERATE, "denyDevice", call -> decide(call, false)));
  }

  private Reply list(Call call) {
    List<Json.Obj> all = devices.all().stream().map(DeviceRoutes::json).toList();
    return Replies.ok(new Members().list("devices", all).json());
  }

  private Reply decide(Call call, boolean approve) {
    Fields fields = call.fields();
    String reason = fields.optionalText("reason", LONGEST_REASON).orElse("");
    fields.end();
    String caller = call.actor().id();
    Optional<Duration> wait = wrong.take(caller);
    if (wait.isPresent()) {
      throw Problem.of(
              ProblemKind.TOO_MANY_ATTEMPTS,
              "too many wrong user codes: look at the node's console, or at GET " + ALL)
          .with("Retry-After", String.valueOf(Math.max(1, wait.get().toSeconds())))
          .asException();
    }
    DeviceGrant decided =
        devices
            .decide(call.id("userCode"), approve, call.actor(), reason)
            .orElseThrow(() ->
                new ProblemException(
                    ProblemKind.NOT_FOUND,
                    "no node waits that shows this code; it may have been decided or have expired:"
                        + " GET "
                        + ALL
                        + " tells"));
    wrong.giveBack(caller);
    return Replies.ok(json(decided));
  }

  private static Json.Obj json(DeviceGrant grant) {
    return new Members()
        .text("userCode", grant.userCode())
        .text("state", grant.state().name().toLowerCase(Locale.ROOT))
        .text("node", grant.device().mac())
        .text("uuid", grant.device().uuid())
        .text("serial", grant.device().serial())
        .text("client", grant.device().client())
        .text("profile", grant.device().profile())
        .text("file", grant.device().file())
        .text("device", grant.mark())
        .number("secondsLeft", grant.left().toSeconds())
        .json();
  }
}
