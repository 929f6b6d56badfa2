package dev.moonboot.server;

import dev.moonboot.admin.About;
import dev.moonboot.admin.PushStatus;
import dev.moonboot.admin.Records;
import dev.moonboot.admin.Upkeep;
import dev.moonboot.assets.Head;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Scrub;
import dev.moonboot.assets.Sweep;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.verify.TrustPolicy;
import dev.moonboot.journal.AuditFilter;
import dev.moonboot.journal.AuditLog;
import dev.moonboot.journal.AuditPage;
import dev.moonboot.journal.BootLog;
import dev.moonboot.profile.CatalogWatcher;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the admin API tells of, put together from the parts that know it.
 *
 * @param trust the signature policy in force
 */
record AdminSubjects(
    ApplianceConfig config,
    Supplier<TrustPolicy> trust,
    AssetCache cache,
    CatalogWatcher catalog,
    AuditLog audit,
    BootLog boots,
    InstallerPushes pushes)
    implements Upkeep, Records {
  @Override
  public Sweep sweep(boolean dryRun) {
    return cache.sweep(dryRun);
  }

  @Override
  public Scrub scrub(Progress progress) {
    return cache.scrub(progress);
  }

  @Override
  public List<Head> history(String channel) {
    return config.channels().channels().stream()
        .filter(known -> known.name().equals(channel))
        .flatMap(known -> cache.history(known).stream())
        .toList();
  }

  @Override
  public Optional<PushStatus> push(String channel) {
    return pushes.status(channel);
  }

  @Override
  public AuditPage audit(AuditFilter filter, int limit) {
    return audit.recent(filter, limit);
  }

  About about() {
    TrustPolicy policy = trust.get();
    return new About(
        Main.version(),
        ProcessStart.AT,
        policy.otherwise().name().toLowerCase(Locale.ROOT),
        policy.rules().stream().map(TrustLog::line).toList(),
        config.registry().plainHttp().stream().sorted().toList(),
        Stream.concat(
                catalog.current().problems().stream()
                    .map(problem -> problem.file() + ": " + problem.why()),
                audit.trouble().stream())
            .toList());
  }
}
