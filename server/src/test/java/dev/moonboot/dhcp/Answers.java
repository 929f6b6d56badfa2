package dev.moonboot.dhcp;

import dev.moonboot.journal.AuditEvent;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.MacAddress;
import dev.moonboot.node.NetRange;
import dev.moonboot.node.Sightings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A responder with everything around it, on a clock that stands still until it is moved. */
final class Answers {
  final Set<MacAddress> selected = new HashSet<>();
  final Sightings sightings = new Sightings();
  final Meters meters = new Meters();
  final List<AuditEvent> audit = new ArrayList<>();
  final BootLog boots = new BootLog();
  private final Subjects subjects =
      new Subjects(Packets.FILES, selected::contains, sightings, boots, audit::add, meters);
  private final Responder responder;
  private final ForeignServers foreign;
  private long now = Duration.ofHours(1).toNanos();

  /** What is configured; the defaults, but for a rate that no test meets by accident. */
  static final class Config {
    private Mode mode = Mode.BINL;
    private List<Quirk> quirks = List.of();
    private boolean unknown = true;
    private List<NetRange> relays = List.of();
    private int rate = 1_000_000;
    private int burst = 1_000_000;

    Config mode(Mode value) {
      mode = value;
      return this;
    }

    Config quirks(Quirk... values) {
      quirks = List.of(values);
      return this;
    }

    Config knownOnly() {
      unknown = false;
      return this;
    }

    Config relays(String... nets) {
      relays = List.of(nets).stream().map(NetRange::parse).toList();
      return this;
    }

    Config rate(int perSecond, int atOnce) {
      rate = perSecond;
      burst = atOnce;
      return this;
    }

    DhcpConfig build() {
      return new DhcpConfig(
          List.of("lo"), mode, quirks, true, unknown, relays, rate, burst, Duration.ZERO);
    }
  }

  Answers() {
    this(config());
  }

  Answers(Config config) {
    this.responder = new Responder(config.build(), subjects, () -> now);
    this.foreign = new ForeignServers(subjects, () -> now);
  }

  static Config config() {
    return new Config();
  }

  Subjects subjects() {
    return subjects;
  }

  /** The responder; a node that is asked about again has rested meanwhile. */
  Responder responder() {
    pass(Duration.ofSeconds(2));
    return responder;
  }

  Responder atOnce() {
    return responder;
  }

  ForeignServers foreign() {
    return foreign;
  }

  void pass(Duration time) {
    now += time.toNanos();
  }

  /** The answer to what is broadcast. */
  Answer broadcast(Draft draft) {
    return responder().onServerPort(Packets.packet(draft), Packets.LINK);
  }
}
