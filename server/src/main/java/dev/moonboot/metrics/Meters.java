package dev.moonboot.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntBiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every meter this appliance has. No label ever holds what a client sent (MAC, URL, address): the
 * number of series is bounded by the configuration.
 */
public final class Meters {
  /** How a byte left us. */
  public enum Protocol {
    HTTP,
    TFTP;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Protocol, AtomicInteger> transfers = new ConcurrentHashMap<>();
  private final Map<Protocol, Counter> bytes = new ConcurrentHashMap<>();
  private final Counter retransmits;
  private final MultiGauge heads;
  private final MultiGauge pins;

  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    for (Protocol protocol : Protocol.values()) {
      Tags tags = Tags.of("protocol", protocol.label());
      AtomicInteger running = new AtomicInteger();
      transfers.put(protocol, running);
      Gauge.builder("moonboot.transfers.running", running, AtomicInteger::get)
          .description("Transfers running now")
          .tags(tags)
          .register(registry);
      bytes.put(
          protocol,
          Counter.builder("moonboot.asset.bytes")
              .description("Bytes of boot files sent")
              .tags(tags)
              .register(registry));
    }
    retransmits =
        Counter.builder("moonboot.tftp.retransmits")
            .description("TFTP packets sent again")
            .register(registry);
    heads =
        MultiGauge.builder("moonboot.channel.release")
            .description("The release a channel names now (always 1)")
            .register(registry);
    pins =
        MultiGauge.builder("moonboot.profile.pin")
            .description("The release a profile is pinned to (always 1)")
            .register(registry);
  }

  /**
   * A node asked how to boot.
   *
   * @param profile the profile's name; empty when none matched
   * @param result {@code plan}, {@code no_match}, {@code not_ready} or {@code error}
   */
  public void boot(String profile, String result) {
    Counter.builder("moonboot.boots")
        .description("Boot scripts asked for")
        .tag("profile", profile)
        .tag("result", result)
        .register(registry)
        .increment();
  }

  /**
   * Shows how the boots that are kept stand: one number for each stage and outcome.
   *
   * @param count asked whenever somebody looks
   */
  public void boots(
      List<String> stages, List<String> outcomes, ToIntBiFunction<String, String> count) {
    for (String stage : stages) {
      for (String outcome : outcomes) {
        Gauge.builder("moonboot.boots.kept", () -> count.applyAsInt(stage, outcome))
            .description("Boots of late, by the furthest stage they reached and how they stand")
            .tag("stage", stage)
            .tag("outcome", outcome)
            .register(registry);
      }
    }
  }

  /**
   * A node asked for its configuration.
   *
   * @param endpoint {@code metadata}, {@code generic}, {@code cloud} or {@code ignition}
   * @param result {@code sent}, {@code nothing} or {@code error}
   */
  public void provision(String endpoint, String result) {
    Counter.builder("moonboot.provisions")
        .description("Metadata, templates, cloud configs and Ignition configs asked for")
        .tag("endpoint", endpoint)
        .tag("result", result)
        .register(registry)
        .increment();
  }

  public void transferStarted(Protocol protocol) {
    running(protocol).incrementAndGet();
  }

  public void transferEnded(Protocol protocol) {
    running(protocol).decrementAndGet();
  }

  private AtomicInteger running(Protocol protocol) {
    return requireNonNull(transfers.get(protocol));
  }

  /** Bytes of a boot file went out. */
  public void sent(Protocol protocol, long count) {
    requireNonNull(bytes.get(protocol)).increment((double) count);
  }

  public void tftpRetransmit(int packets) {
    retransmits.increment(packets);
  }

  /**
   * A TFTP request got an error or no answer.
   *
   * @param reason one of a few words, such as {@code not_found} or {@code busy}
   */
  public void tftpRefused(String reason) {
    Counter.builder("moonboot.tftp.refused")
        .description("TFTP requests not served, by reason")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  /**
   * A node was told over DHCP what to load.
   *
   * @param client what kind of firmware it has: one of a few words, such as {@code uefi-pxe}
   */
  public void dhcpOffer(String client) {
    Counter.builder("moonboot.dhcp.offers")
        .description("DHCP packets of nodes answered, by kind of firmware")
        .tag("client", client)
        .register(registry)
        .increment();
  }

  /**
   * A DHCP packet got no answer.
   *
   * @param reason one of a few words, such as {@code not_pxe} or {@code node_rate}
   */
  public void dhcpIgnored(String reason) {
    Counter.builder("moonboot.dhcp.ignored")
        .description("DHCP packets not answered, by reason")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  /** Another server was seen to tell a node what to boot. */
  public void dhcpForeign() {
    Counter.builder("moonboot.dhcp.foreign")
        .description("Offers of other DHCP servers that tell nodes what to boot")
        .register(registry)
        .increment();
  }

  /**
   * A gRPC call ended.
   *
   * @param method one of matchbox's, such as {@code Groups/GroupPut}
   * @param code gRPC's, such as {@code OK}
   */
  public void rpc(String method, String code) {
    Counter.builder("moonboot.rpc.calls")
        .description("gRPC calls, by method and code")
        .tag("method", method)
        .tag("code", code)
        .register(registry)
        .increment();
  }

  /**
   * A look at a channel ended with {@code result}, such as {@code unchanged} or {@code updated}.
   */
  public void refresh(String channel, String result) {
    Counter.builder("moonboot.refreshes")
        .description("Looks at a channel, by result")
        .tag("channel", channel)
        .tag("result", result)
        .register(registry)
        .increment();
  }

  /**
   * An installer image was to be put elsewhere.
   *
   * @param result {@code ok} or {@code failed}
   */
  public void push(String channel, String result) {
    Counter.builder("moonboot.pushes")
        .description("Tries to put a channel's installer image elsewhere, by result")
        .tag("channel", channel)
        .tag("result", result)
        .register(registry)
        .increment();
  }

  /**
   * The configuration was read again.
   *
   * @param result {@code applied} or {@code refused}
   */
  public void configReload(String result) {
    Counter.builder("moonboot.config.reloads")
        .description("Times the configuration was read again, by result")
        .tag("result", result)
        .register(registry)
        .increment();
  }

  /**
   * Shows how long ago a channel was last found as it should be.
   *
   * @param lastGood when; null while never
   */
  public void followAge(String channel, Supplier<@Nullable Instant> lastGood) {
    TimeGauge.builder(
            "moonboot.refresh.age",
            () -> {
              Instant at = lastGood.get();
              return at == null
                  ? Double.NaN
                  : (double) (System.currentTimeMillis() - at.toEpochMilli());
            },
            TimeUnit.MILLISECONDS)
        .description("Time since the registry was last asked with success")
        .tag("channel", channel)
        .register(registry);
  }

  /**
   * Shows whether a person should look into something of a channel.
   *
   * @param alarm one of a few words, such as {@code stale_check}
   */
  public void alarm(String channel, String alarm, BooleanSupplier raised) {
    Gauge.builder("moonboot.channel.alarm", () -> raised.getAsBoolean() ? 1 : 0)
        .description("1 while a person should look into a channel, by alarm")
        .tag("channel", channel)
        .tag("alarm", alarm)
        .register(registry);
  }

  /** Shows whether the signature policy let a channel's head in with a warning. */
  public void warning(String channel, BooleanSupplier warned) {
    Gauge.builder("moonboot.channel.warning", () -> warned.getAsBoolean() ? 1 : 0)
        .description("1 while the signature of a channel's head is not as it should be")
        .tag("channel", channel)
        .register(registry);
  }

  /** Shows which profiles are pinned: profile to digest. */
  public void pins(Map<String, String> digests) {
    pins.register(
        digests.entrySet().stream()
            .map(pin ->
                MultiGauge.Row.of(Tags.of("profile", pin.getKey(), "release", pin.getValue()), 1))
            .collect(Collectors.toList()),
        true);
  }

  /** Shows which release each channel names: channel to digest. */
  public void heads(Map<String, String> digests) {
    heads.register(
        digests.entrySet().stream()
            .map(head ->
                MultiGauge.Row.of(Tags.of("channel", head.getKey(), "release", head.getValue()), 1))
            .collect(Collectors.toList()),
        true);
  }

  /** The Prometheus text exposition format, version 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }
}
