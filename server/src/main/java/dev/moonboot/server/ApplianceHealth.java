package dev.moonboot.server;

import dev.moonboot.dhcp.DhcpListener;
import dev.moonboot.http.Health;
import dev.moonboot.journal.AuditLog;
import dev.moonboot.profile.CatalogWatcher;
import dev.moonboot.release.Following;
import dev.moonboot.release.PinUpkeep;
import dev.moonboot.release.Releases;
import dev.moonboot.rpc.RpcListener;
import dev.moonboot.tftp.TftpListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the parts how they are. Never asks the network. */
final class ApplianceHealth implements Health {
  private final Following following;
  private final PinUpkeep upkeep;
  private final Releases releases;
  private final CatalogWatcher catalog;
  private final AuditLog audit;
  private final Path cache;
  private volatile @Nullable TftpListener tftp;
  private volatile @Nullable RpcListener rpc;
  private volatile @Nullable DhcpListener dhcp;
  private final Map<String, BooleanSupplier> more = new ConcurrentSkipListMap<>();
  private volatile String configuration = "as it was at the start";

  ApplianceHealth(
      Following following,
      PinUpkeep upkeep,
      Releases releases,
      CatalogWatcher catalog,
      AuditLog audit,
      Path cache) {
    this.following = following;
    this.upkeep = upkeep;
    this.releases = releases;
    this.catalog = catalog;
    this.audit = audit;
    this.cache = cache;
  }

  /** TFTP runs too. */
  void watch(TftpListener started) {
    tftp = started;
  }

  /** gRPC runs too. */
  void watch(RpcListener started) {
    rpc = started;
  }

  /** DHCP is spoken too. */
  void watch(DhcpListener started) {
    dhcp = started;
  }

  /**
   * Another listener runs too.
   *
   * @param open false once it has ended
   */
  void watch(String part, BooleanSupplier open) {
    more.put(part, open);
  }

  /** How it stands with the configuration; told, and never a failure: what was good is in force. */
  void configuration(String detail) {
    configuration = detail;
  }

  @Override
  public List<Check> live() {
    List<Check> checks = new ArrayList<>();
    checks.add(
        check("following", following.isRunning(), "channels are followed", "a follower ended"));
    checks.add(check("pins", upkeep.isRunning(), "pins are looked after", "a thread ended"));
    checks.add(
        check(
            "cache",
            Files.isReadable(cache),
            cache + " can be read",
            cache + " cannot be read any more"));
    // told, and never a failure: nodes boot all the same
    checks.add(new Check("audit", true, audit.trouble().orElse("every record is on disk")));
    checks.add(new Check("configuration", true, configuration));
    checks.add(check("catalog", catalog.isRunning(), catalogDetail(), "changes are not noticed"));
    TftpListener started = tftp;
    if (started != null) {
      checks.add(check("tftp", started.isOpen(), "open", "the listener ended"));
    }
    DhcpListener offers = dhcp;
    if (offers != null) {
      // an interface that is not there is told, and never a failure: it may come
      checks.add(check("dhcp", offers.isOpen(), offers.state(), "the listener ended"));
    }
    RpcListener calls = rpc;
    if (calls != null) {
      // a certificate that cannot be used is told, and never a failure: the old one is in force
      checks.add(
          check("grpc", calls.isOpen(), calls.trouble().orElse("open"), "the listener ended"));
    }
    more.forEach(
        (part, open) -> checks.add(check(part, open.getAsBoolean(), "open", "the listener ended")));
    return checks;
  }

  @Override
  public List<Check> ready() {
    List<Check> checks = new ArrayList<>(live());
    releases
        .channels()
        .forEach(channel ->
            checks.add(
                releases
                    .head(channel.name())
                    .map(head ->
                        new Check(
                            "channel " + channel.name(),
                            true,
                            "release " + head.digest() + " version " + head.version()))
                    .orElseGet(() ->
                        new Check(
                            "channel " + channel.name(),
                            false,
                            "nothing cached yet of " + channel.image()))));
    return checks;
  }

  /** A file that cannot be used is told and no failure: its last good version is in force. */
  private String catalogDetail() {
    String unusable =
        catalog.current().problems().stream()
            .map(problem -> problem.file() + ": " + problem.why())
            .collect(Collectors.joining("; "));
    return unusable.isEmpty() ? "all files can be used" : "not usable as they are: " + unusable;
  }

  private static Check check(String part, boolean ok, String well, String ill) {
    return new Check(part, ok, ok ? well : ill);
  }
}
