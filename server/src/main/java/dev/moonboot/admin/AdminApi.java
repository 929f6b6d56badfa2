package dev.moonboot.admin;

import dev.moonboot.http.Health;
import dev.moonboot.http.Reply;
import dev.moonboot.http.Request;
import dev.moonboot.http.Routes;
import dev.moonboot.metrics.Meters;
import dev.moonboot.release.Following;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** All that the admin listener answers. Closing it ends jobs and those who watch them. */
public final class AdminApi implements Routes, AutoCloseable {
  private final Jobs jobs = new Jobs();
  private final AdminRoutes routes;

  public AdminApi(Following following, Health health, Meters meters) {
    Stream<Resource> resources =
        Stream.of(new ApplianceRoutes(health, meters), new ChannelRoutes(following, jobs));
    List<Endpoint> endpoints =
        resources.flatMap(resource -> resource.endpoints().stream()).toList();
    this.routes = new AdminRoutes(new Access(), endpoints);
  }

  @Override
  public Reply answer(Request request) throws IOException {
    return routes.answer(request);
  }

  @Override
  public void close() {
    jobs.close();
  }
}
