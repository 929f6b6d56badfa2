package dev.moonboot.secret;

import dev.moonboot.journal.Actor;
import dev.moonboot.journal.Audit;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.profile.Catalog;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one door to machine configs: who may read which. Answers from memory. Each ticket that is
 * used or refused, and each secret that is refused, is put down for the audit log.
 */
public final class ConfigAccess {
  private final SecretConfig config;
  private final SecretPaths paths;
  private final Supplier<Catalog> catalog;
  private final Tickets tickets;
  private final Audit audit;
  private volatile Named named = new Named(Catalog.EMPTY, Map.of());

  /** Which files the groups and profiles of a catalog name, each with the profiles it is for. */
  private record Named(Catalog of, Map<String, Set<String>> profiles) {}

  /**
   * @param audit must not wait: this is the boot path
   */
  public ConfigAccess(SecretConfig config, Supplier<Catalog> catalog, Audit audit) {
    this(config, catalog, audit, System::nanoTime);
  }

  ConfigAccess(SecretConfig config, Supplier<Catalog> catalog, Audit audit, LongSupplier nanos) {
    this.config = config;
    this.paths = new SecretPaths(config.paths());
    this.catalog = catalog;
    this.tickets = new Tickets(nanos);
    this.audit = audit;
  }

  /** Lets everybody read everything: for listeners without configuration. */
  public static ConfigAccess none() {
    return new ConfigAccess(
        new SecretConfig(List.of(), SecretConfig.DEFAULT.usual(), Map.of()),
        () -> Catalog.EMPTY,
        Audit.NONE);
  }

  /** What the door says. */
  public sealed interface Decision {
    /** Come in. */
    record Allowed() implements Decision {}

    /** Stay out; {@code why} is for the log, and never for who asks. */
    record Denied(String why) implements Decision {}
  }

  /**
   * Whether {@code client} may read a machine config of {@code profile}. Where a ticket decides,
   * this is a use of it and counts as a read.
   *
   * @param client its address, as the connection shows it
   * @param ticket as it was sent; null when there was none
   */
  public Decision check(String profile, String client, @Nullable String ticket) {
    AccessPolicy policy = config.of(profile);
    if (policy.admitsWithoutTicket(client)) {
      return new Decision.Allowed();
    }
    String why =
        switch (policy.access()) {
          case OPEN, SUBNET -> "not of the subnets of profile " + profile;
          case APPROVAL -> "needs an approval";
          case TICKET -> ticket == null ? "no ticket" : useFor(profile, client, ticket);
        };
    if (why.isEmpty()) {
      return new Decision.Allowed();
    }
    if (ticket == null || policy.access() != Access.TICKET) {
      refuse(client, Map.of("profile", profile), Map.of(), why);
    }
    return new Decision.Denied(why);
  }

  private String useFor(String profile, String client, String ticket) {
    return switch (use(ticket, client, profile, true)) {
      case Tickets.Use.Good _ -> "";
      case Tickets.Use.Bad(var _, var why) -> why;
    };
  }

  /**
   * The file that a ticket lets {@code client} read.
   *
   * @param ticket as it was sent
   * @param reads whether this counts as one of its five reads
   * @return the path below {@code /assets/}; nothing when the ticket is not good
   */
  public Optional<String> redeem(String ticket, String client, boolean reads) {
    return switch (use(ticket, client, null, reads)) {
      case Tickets.Use.Good(var right, var _, var _) -> Optional.of(right.file());
      case Tickets.Use.Bad _ -> Optional.empty();
    };
  }

  private Tickets.Use use(String ticket, String client, @Nullable String profile, boolean reads) {
    Tickets.Use use = tickets.use(ticket, client, profile, reads);
    switch (use) {
      case Tickets.Use.Good(var right, var mark, var left) -> {
        if (reads) {
          record(
              "ticket.use",
              "ok",
              "",
              new Actor(Actor.Type.NODE, right.mac(), client + " boot"),
              Map.of("profile", right.profile()),
              ordered("ticket", mark, "file", right.file(), "readsLeft", Integer.toString(left)));
        }
      }
      case Tickets.Use.Bad(var mark, var why) ->
          refuse(client, Map.of(), mark.isEmpty() ? Map.of() : Map.of("ticket", mark), why);
    }
    return use;
  }

  /** A new ticket for {@code right}. */
  String issue(Tickets.Right right) {
    Tickets.Issued issued = tickets.issue(right);
    Map<String, String> target = new LinkedHashMap<>();
    target.put("profile", right.profile());
    if (!right.mac().isEmpty()) {
      target.put("mac", right.mac());
    }
    record(
        "ticket.issue",
        "ok",
        "",
        new Actor(Actor.Type.NODE, right.mac(), right.client() + " boot"),
        target,
        ordered("ticket", issued.mark(), "file", right.file()));
    return issued.text();
  }

  /** Whether a file below {@code /assets/} is a secret. */
  public boolean isSecret(String path) {
    String clean = clean(path);
    return paths.contain(clean) || profilesOf(clean).isPresent();
  }

  /**
   * Whether {@code client} may read a file below {@code /assets/} as any other static file: it is
   * no secret, or the policy wants no ticket. A file that several profiles name may be read when
   * the policy of one of them says so.
   */
  public boolean admits(String path, String client) {
    String clean = clean(path);
    Optional<Set<String>> profiles = profilesOf(clean);
    if (profiles.isEmpty() && !paths.contain(clean)) {
      return true;
    }
    boolean admitted =
        profiles
            .map(names ->
                names.stream().anyMatch(name -> config.of(name).admitsWithoutTicket(client)))
            .orElseGet(() -> config.usual().admitsWithoutTicket(client));
    if (!admitted) {
      refuse(client, Map.of(), Map.of("file", clean), "asked for without a ticket");
    }
    return admitted;
  }

  AccessPolicy policy(String profile) {
    return config.of(profile);
  }

  Catalog catalog() {
    return catalog.get();
  }

  private static String clean(String path) {
    return path.replaceAll("^/+|/+$", "");
  }

  private Optional<Set<String>> profilesOf(String path) {
    Catalog now = catalog.get();
    Named known = named;
    if (known.of() != now) {
      known = new Named(now, index(now));
      named = known;
    }
    return Optional.ofNullable(known.profiles().get(path));
  }

  private static Map<String, Set<String>> index(Catalog catalog) {
    Map<String, Set<String>> index =
        catalog.profiles().values().stream()
            .filter(profile -> !profile.machineConfig().isEmpty())
            .collect(
                Collectors.groupingBy(
                    profile -> profile.machineConfig(),
                    HashMap::new,
                    Collectors.mapping(profile -> profile.file(), Collectors.toSet())));
    catalog.eachGroup(group ->
        MachineConfig.ofGroup(group)
            .ifPresent(file ->
                index
                    .computeIfAbsent(file, _ -> new HashSet<>())
                    .add(
                        catalog
                            .profile(group.profile())
                            .map(profile -> profile.file())
                            .orElse(group.profile()))));
    return index;
  }

  private void refuse(
      String client, Map<String, String> target, Map<String, String> details, String why) {
    record(
        "ticket.refuse",
        "refused",
        why,
        new Actor(Actor.Type.ANONYMOUS, "", client + " boot"),
        target,
        details);
  }

  private void record(
      String event,
      String outcome,
      String why,
      Actor actor,
      Map<String, String> target,
      Map<String, String> details) {
    audit.record(new AuditEvent(event, outcome, why, actor, target, details));
  }

  private static Map<String, String> ordered(String... keysAndValues) {
    Map<String, String> all = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      all.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return all;
  }
}
