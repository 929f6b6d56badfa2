package dev.moonboot.secret;

import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.Choice;
import dev.moonboot.profile.UnknownNodes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The way to a machine config where {@link Access#APPROVAL} counts: a node asks, somebody approves,
 * the node reads its machine config once. To the node this is the device authorization grant of
 * OAuth 2.0 (RFC 8628), which Talos speaks. All but polls is put down for the audit log.
 */
public final class DeviceFlow {
  /** How long a node has to wait between two polls. */
  public static final Duration INTERVAL = DeviceGrants.INTERVAL;

  /** What the form of a request has besides labels (RFC 6749, RFC 8628). */
  private static final Set<String> NO_LABELS =
      Set.of(
          "client_id",
          "client_secret",
          "client_assertion",
          "client_assertion_type",
          "scope",
          "audience",
          "grant_type",
          "device_code");

  private final SecretConfig config;
  private final Supplier<Catalog> catalog;
  private final UnknownNodes unknownNodes;
  private final Audit audit;
  private final DeviceGrants grants;

  /**
   * @param audit must not wait: this is the boot path
   */
  public DeviceFlow(
      SecretConfig config, Supplier<Catalog> catalog, UnknownNodes unknownNodes, Audit audit) {
    this(config, catalog, unknownNodes, audit, System::nanoTime);
  }

  DeviceFlow(
      SecretConfig config,
      Supplier<Catalog> catalog,
      UnknownNodes unknownNodes,
      Audit audit,
      LongSupplier nanos) {
    this.config = config;
    this.catalog = catalog;
    this.unknownNodes = unknownNodes;
    this.audit = audit;
    this.grants = new DeviceGrants(nanos);
  }

  /** Off: for listeners without configuration. */
  public static DeviceFlow none() {
    return new DeviceFlow(
        SecretConfig.DEFAULT, () -> Catalog.EMPTY, UnknownNodes.DEFAULT, Audit.NONE);
  }

  /** Whether any profile has the access {@code approval}. */
  public boolean isOn() {
    return config.asksForApproval();
  }

  /**
   * A request that waits for somebody.
   *
   * @param deviceCode with which the node polls
   * @param userCode with which people approve
   */
  public record Waiting(String deviceCode, String userCode, Duration left) {}

  /** What a poll is answered. */
  public sealed interface Polled {
    /** This once, the access token; good for so long. */
    record Token(String text, Duration left) implements Polled {}

    /** None, by that code of RFC 8628 (3.5) or RFC 6749 (5.2). */
    record Refused(String error) implements Polled {}
  }

  /**
   * Puts down that a node asks.
   *
   * @param client its address, as the connection shows it
   * @param sent what it says of itself
   * @return nothing where what these labels select needs no approval, or has no machine config
   */
  public Optional<Waiting> ask(String client, NodeLabels sent) {
    Map<String, String> plain = new LinkedHashMap<>(sent.all());
    plain.keySet().removeAll(NO_LABELS);
    NodeLabels labels = NodeLabels.verbatim(plain);
    Optional<Device> device = device(client, labels);
    if (device.isEmpty()) {
      String mac = labels.mac().orElse("");
      refuse(client, mac.isEmpty() ? Map.of() : Map.of("mac", mac), "", "nothing to approve");
      return Optional.empty();
    }
    DeviceGrants.Opened opened = grants.open(device.get());
    record("device.request", "", node(opened.grant()), opened.grant());
    return Optional.of(
        new Waiting(opened.deviceCode(), opened.grant().userCode(), opened.grant().left()));
  }

  private Optional<Device> device(String client, NodeLabels labels) {
    return switch (unknownNodes.choose(catalog.get(), labels)) {
      case Choice.Given(var group, var profile)
          when config.of(profile.file()).access() == Access.APPROVAL ->
          MachineConfig.of(group, profile)
              .map(file -> new Device(client, labels, profile.file(), file));
      case Choice.Given _, Choice.GroupOnly _, Choice.Nothing _ -> Optional.empty();
    };
  }

  /** What the node with that device code is told. */
  public Polled poll(String client, String deviceCode) {
    return switch (grants.poll(deviceCode, client)) {
      case DeviceGrants.Poll.Pending(var tooFast) ->
          new Polled.Refused(tooFast ? "slow_down" : "authorization_pending");
      case DeviceGrants.Poll.Denied() -> new Polled.Refused("access_denied");
      case DeviceGrants.Poll.Expired() -> new Polled.Refused("expired_token");
      case DeviceGrants.Poll.Bad(var why) -> {
        refuse(client, Map.of(), "", why);
        yield new Polled.Refused("invalid_grant");
      }
      case DeviceGrants.Poll.Token(var text, var grant) -> {
        record("device.token", "", node(grant), grant);
        yield new Polled.Token(text, grant.left());
      }
    };
  }

  /**
   * Whether an access token brings a file.
   *
   * @param file below {@code /assets/}
   * @param labels what the node says of itself there
   * @param reads whether the token is used up by that
   */
  public boolean redeem(
      String token, String client, String file, NodeLabels labels, boolean reads) {
    DeviceGrants.Shown shown = new DeviceGrants.Shown(client, file, labels);
    return switch (grants.use(token, shown, this::isStillGiven, reads)) {
      case DeviceGrants.Use.Good(var grant) -> {
        if (reads) {
          record("device.use", "", node(grant), grant);
        }
        yield true;
      }
      case DeviceGrants.Use.Bad(var mark, var why) -> {
        refuse(client, Map.of(), mark, why);
        yield false;
      }
    };
  }

  private boolean isStillGiven(Device device) {
    return device(device.client(), device.labels()).filter(device::equals).isPresent();
  }

  /** All requests of the last while, the newest first. */
  public List<DeviceGrant> all() {
    return grants.all();
  }

  /**
   * Lets the node have its machine config that shows this code, or not.
   *
   * @param userCode in any case, with or without its hyphen
   * @return nothing when no request waits that has it
   */
  public Optional<DeviceGrant> decide(String userCode, boolean approve, Actor by, String reason) {
    Optional<DeviceGrant> decided = grants.decide(userCode, approve);
    decided.ifPresent(
        grant -> record(approve ? "device.approve" : "device.deny", reason, by, grant));
    return decided;
  }

  private static Actor node(DeviceGrant grant) {
    Device device = grant.device();
    return new Actor(Actor.Type.NODE, device.mac(), device.client() + " boot");
  }

  private void record(String event, String reason, Actor actor, DeviceGrant grant) {
    Device device = grant.device();
    Map<String, String> target = new LinkedHashMap<>();
    target.put("profile", device.profile());
    if (!device.mac().isEmpty()) {
      target.put("mac", device.mac());
    }
    Map<String, String> details = new LinkedHashMap<>();
    details.put("device", grant.mark());
    details.put("file", device.file());
    details.put("client", device.client());
    audit.record(new AuditEvent(event, "ok", reason, actor, target, details));
  }

  private void refuse(String client, Map<String, String> target, String mark, String why) {
    audit.record(
        new AuditEvent(
            "device.refuse",
            "refused",
            why,
            new Actor(Actor.Type.ANONYMOUS, "", client + " boot"),
            target,
            mark.isEmpty() ? Map.of() : Map.of("device", mark)));
  }
}
