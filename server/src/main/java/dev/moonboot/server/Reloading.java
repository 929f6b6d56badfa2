package dev.moonboot.server;

import dev.moonboot.config.ConfigException;
import dev.moonboot.config.Configuration;
import dev.moonboot.config.Setting;
import dev.moonboot.journal.Actor;
import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.AuditException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Reads the configuration again while all runs. A bad one changes nothing. Of a good one each key
 * that differs is either in force at once or told to need a restart.
 */
final class Reloading {
  private static final System.Logger LOG = System.getLogger(Reloading.class.getName());
  private static final String UNSET = "(not set)";

  /** A key whose value is not the one in force; one line: {@code key old -> new}. */
  record Change(String key, String from, String to) {
    @Override
    public String toString() {
      return key + " " + from + " -> " + to;
    }
  }

  /** What came of it. */
  sealed interface Outcome {
    /**
     * The configuration is good.
     *
     * @param applied in force now
     * @param waiting for a restart
     */
    record Applied(List<Change> applied, List<Change> waiting) implements Outcome {}

    /** It cannot be used, so nothing has changed. */
    record Refused(List<String> problems) implements Outcome {}
  }

  private final Supplier<Configuration<ApplianceConfig>> configuration;
  private final Appliance appliance;
  private final Map<String, String> inForce;

  /**
   * @param configuration reads it again
   * @param started the configuration that {@code appliance} was started with
   */
  Reloading(
      Supplier<Configuration<ApplianceConfig>> configuration,
      Configuration<ApplianceConfig> started,
      Appliance appliance) {
    this.configuration = configuration;
    this.appliance = appliance;
    this.inForce = texts(started.settings());
  }

  /** Reads it, and puts in force what can be. */
  synchronized Outcome reload() {
    Outcome outcome = read();
    switch (outcome) {
      case Outcome.Applied(var applied, var waiting) -> {
        applied.forEach(change -> LOG.log(Level.INFO, "config in force: {0}", change));
        waiting.forEach(change -> LOG.log(Level.WARNING, "config needs a restart: {0}", change));
        LOG.log(
            Level.INFO,
            "config reload result=applied changed={0} waiting={1}",
            applied.size(),
            waiting.size());
        appliance.meters().configReload("applied");
        appliance.configurationIs(
            now(waiting.isEmpty() ? "in force" : "needs a restart: " + waiting));
      }
      case Outcome.Refused(var problems) -> {
        String why = String.join("; ", problems);
        LOG.log(
            Level.ERROR, "config reload result=refused why=\"{0}\"; what was in force stays", why);
        appliance.meters().configReload("refused");
        appliance.configurationIs(now("refused, what was in force stays: " + why));
      }
    }
    return outcome;
  }

  private static String now(String what) {
    return "read again " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", " + what;
  }

  private Outcome read() {
    Configuration<ApplianceConfig> read;
    try {
      read = configuration.get();
    } catch (ConfigException e) {
      return refused(e.problems());
    }
    List<LiveSetting> live = appliance.liveSettings();
    List<Change> applied = new ArrayList<>();
    List<Change> waiting = new ArrayList<>();
    for (Change change : changes(texts(read.settings()))) {
      boolean now = live.stream().anyMatch(setting -> setting.covers(change.key()));
      (now ? applied : waiting).add(change);
    }
    try {
      appliance.audit().record(event("ok", "", applied, waiting));
    } catch (AuditException e) {
      return new Outcome.Refused(List.of(String.valueOf(e.getMessage())));
    }
    live.forEach(setting -> setting.apply().accept(read.value()));
    applied.forEach(change -> inForce.put(change.key(), change.to()));
    return new Outcome.Applied(applied, waiting);
  }

  private Outcome refused(List<String> problems) {
    try {
      appliance.audit().record(event("refused", String.join("; ", problems), List.of(), List.of()));
    } catch (AuditException e) {
      LOG.log(Level.ERROR, "config reload is not in the audit log", e);
    }
    return new Outcome.Refused(problems);
  }

  private static AuditEvent event(
      String outcome, String reason, List<Change> applied, List<Change> waiting) {
    return new AuditEvent(
        "config.reload",
        outcome,
        reason,
        Actor.SYSTEM,
        Map.of(),
        Map.of("applied", applied.toString(), "waiting", waiting.toString()));
  }

  private List<Change> changes(Map<String, String> read) {
    Set<String> keys = new TreeSet<>(inForce.keySet());
    keys.addAll(read.keySet());
    return keys.stream()
        .map(
            key -> new Change(key, inForce.getOrDefault(key, UNSET), read.getOrDefault(key, UNSET)))
        .filter(change -> !change.from().equals(change.to()))
        .toList();
  }

  private static Map<String, String> texts(List<Setting> settings) {
    Map<String, String> texts = new LinkedHashMap<>();
    settings.forEach(setting -> texts.put(setting.key(), setting.text()));
    return texts;
  }
}
