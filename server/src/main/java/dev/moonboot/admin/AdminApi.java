package dev.moonboot.admin;

import dev.moonboot.http.Health;
import dev.moonboot.http.Reply;
import dev.moonboot.http.Request;
import dev.moonboot.http.Routes;
import dev.moonboot.journal.Audit;
import dev.moonboot.metrics.Meters;
import dev.moonboot.release.Following;
import dev.moonboot.secret.DeviceFlow;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All that the admin listener answers. Closing it ends jobs and those who watch them. */
public final class AdminApi implements Routes, AutoCloseable {
  /** How long a repeated change waits for the first: no request takes longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * What it tells of, and what it changes.
   *
   * @param audit where changes are written down
   * @param records what was written down
   * @param bootable what nodes can boot
   * @param devices nodes that ask to be approved
   * @param about the appliance, asked at each request
   */
  public record Subjects(
      Following following,
      Health health,
      Meters meters,
      Upkeep upkeep,
      Audit audit,
      Records records,
      Bootable bootable,
      DeviceFlow devices,
      Supplier<About> about) {}

  private final Jobs jobs = new Jobs();
  private final JobStreams streams = new JobStreams();
  private final BootStreams bootStreams;
  private final AdminRoutes routes;

  /** Answers nothing yet before its listener does. */
  public AdminApi(AccessConfig config, Subjects subjects) {
    this(config, subjects, List.of(), System::nanoTime);
  }

  /**
   * @param more resources besides, for tests
   */
  AdminApi(AccessConfig config, Subjects subjects, List<Resource> more, LongSupplier nanoTime) {
    Audit audit = subjects.audit();
    bootStreams = new BootStreams(subjects.records().boots());
    Tokens tokens = new Tokens(config, nanoTime);
    Access access = new Access(tokens, new FailedAttempts(nanoTime), audit);
    Stream<Resource> resources =
        Stream.of(
            new ApplianceRoutes(subjects, tokens, OpenApi.document()),
            new ChannelRoutes(subjects, jobs, access),
            new JobRoutes(jobs, streams),
            new UpkeepRoutes(subjects.upkeep(), jobs),
            new RecordRoutes(subjects.records()),
            new BootRoutes(subjects.records().boots(), bootStreams),
            new NodeRoutes(
                subjects.records().boots(),
                subjects.bootable().planner(),
                subjects.bootable().installs()),
            new ReleaseRoutes(subjects.bootable().held()),
            new PinRoutes(subjects.bootable().held(), subjects.bootable().pinning(), jobs),
            new CatalogRoutes(subjects.bootable().held(), subjects.bootable().writer()),
            new ExplainRoutes(subjects.bootable()),
            new DeviceRoutes(subjects.devices(), new WrongCodes(nanoTime)));
    this.routes =
        new AdminRoutes(
            access,
            new AuditedCalls(audit, new IdempotencyKeys(PATIENCE, nanoTime)),
            config.hosts(),
            Stream.concat(resources, more.stream())
                .flatMap(resource -> resource.endpoints().stream())
                .toList());
  }

  List<Endpoint> endpoints() {
    return routes.endpoints();
  }

  @Override
  public Reply answer(Request request) throws IOException {
    return routes.answer(request);
  }

  @Override
  public void close() {
    streams.close();
    bootStreams.close();
    jobs.close();
  }
}
