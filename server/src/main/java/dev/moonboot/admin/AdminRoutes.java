package dev.moonboot.admin;

import static java.util.stream.Collectors.toSet;

import dev.moonboot.http.Body;
import dev.moonboot.http.ContentException;
import dev.moonboot.http.EventLog;
import dev.moonboot.http.Reply;
import dev.moonboot.http.Request;
import dev.moonboot.http.Routes;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The table of endpoints, and the way from a request to one of them: is it called as it may be, is
 * there such an endpoint, may the caller, is the request sound; then the endpoint answers.
 */
final class AdminRoutes implements Routes {
  private static final int LARGEST_BODY = 64 * 1024;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern PORT = Pattern.compile(":\\d*$");
  private static final Pattern JSON =
      Pattern.compile("(?i)application/json\\s*(;\\s*charset=\"?utf-8\"?\\s*)?");

  /** No scripts, no frames, no referrer, no reads by another site, and nothing kept. */
  private static final Map<String, String> PROTECTION =
      Map.of(
          "Cache-Control", "no-store",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff");

  private record Row(PathTemplate template, Endpoint endpoint) {}

  private final EventLog log = new EventLog(AdminRoutes.class);
  private final SecureRandom random = new SecureRandom();
  private final Access access;
  private final AuditedCalls changes;
  private final Set<String> hosts;
  private final List<Row> table;

  /**
   * @param hosts names by which we may be called, besides those of loopback
   */
  AdminRoutes(Access access, AuditedCalls changes, List<String> hosts, List<Endpoint> endpoints) {
    this.access = access;
    this.changes = changes;
    this.hosts =
        Stream.concat(LOOPBACK.stream(), hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)))
            .collect(toSet());
    this.table =
        endpoints.stream()
            .map(endpoint -> new Row(PathTemplate.of(endpoint.path()), endpoint))
            .toList();
  }

  /** All endpoints, in the order of their resources. */
  List<Endpoint> endpoints() {
    return table.stream().map(Row::endpoint).toList();
  }

  @Override
  public Reply answer(Request request) {
    String id = id();
    Reply reply;
    try {
      reply = checked(request, id);
    } catch (ProblemException e) {
      reply = e.problem().reply(id);
    } catch (ContentException e) {
      ProblemKind kind = e.status() == 413 ? ProblemKind.TOO_LARGE : ProblemKind.MALFORMED;
      reply = Problem.of(kind, String.valueOf(e.getMessage())).reply(id);
    } catch (IOException | RuntimeException e) {
      log.fault("fault", e, "id", id, "client", request.client(), "path", request.path());
      reply = Problem.of(ProblemKind.FAULT, "its log has it under id " + id).reply(id);
    }
    return reply.with(PROTECTION).with("X-Request-Id", id);
  }

  private String id() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private Reply checked(Request request, String id) throws IOException {
    refuseForeign(request, id);
    Row row = row(request);
    Endpoint endpoint = row.endpoint();
    Caller caller = access.admit(request, endpoint, id);
    Map<String, String> ids = row.template().ids(request.path());
    Map<String, String> query = QueryParameters.of(request.query(), endpoint.query());
    Call call = new Call(request, endpoint, ids, query, body(request, endpoint), caller);
    return endpoint.changes() ? changes.make(call) : read(call);
  }

  /** What the caller has already is not sent again (RFC 9110, 13.1.2). */
  private static Reply read(Call call) throws IOException {
    Reply reply = call.endpoint().handler().answer(call);
    String tag = reply.headers().get("ETag");
    String had = call.request().header("If-None-Match").orElse("");
    if (tag == null || reply.status() != 200) {
      return reply;
    }
    return had.strip().equals("*") || had.contains(tag)
        ? Reply.of(304, Body.Absent.EMPTY).with("ETag", tag)
        : reply;
  }

  /** A browser sends Origin for another site's page, and a foreign Host after DNS rebinding. */
  private void refuseForeign(Request request, String id) {
    String host = request.header("Host").orElse("");
    if (request.header("Origin").isEmpty()
        && hosts.contains(PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT))) {
      return;
    }
    log.warning(
        "admin_refused",
        "client",
        request.client(),
        "id",
        id,
        "host",
        host,
        "origin",
        request.header("Origin").orElse(""));
    throw new ProblemException(
        ProblemKind.FOREIGN,
        "this listener answers programs: call it as localhost or by one of admin.hosts, and"
            + " without an Origin header");
  }

  private Row row(Request request) {
    List<Row> fitting = table.stream().filter(row -> row.template().fits(request.path())).toList();
    if (fitting.isEmpty()) {
      throw new ProblemException(
          ProblemKind.NO_SUCH_ENDPOINT,
          "there is nothing at this path; GET /admin/v1/openapi.json lists what there is");
    }
    String method = request.isRead() ? "GET" : request.method();
    Optional<Row> found =
        fitting.stream().filter(row -> row.endpoint().method().equals(method)).findFirst();
    return found.orElseThrow(() -> wrongMethod(fitting));
  }

  private static ProblemException wrongMethod(List<Row> fitting) {
    String allowed =
        String.join(
            ", ",
            new TreeSet<>(
                fitting.stream()
                    .map(row -> row.endpoint().method())
                    .flatMap(m -> m.equals("GET") ? Stream.of(m, "HEAD") : Stream.of(m))
                    .toList()));
    return Problem.of(ProblemKind.METHOD_NOT_ALLOWED, "this path takes " + allowed)
        .with("Allow", allowed)
        .asException();
  }

  private static String body(Request request, Endpoint endpoint) throws IOException {
    if (!request.announcesBody()) {
      return "";
    }
    if (!endpoint.changes()) {
      throw new ProblemException(ProblemKind.TOO_LARGE, "what is read takes no body: send none");
    }
    if (request.header("Content-Type").filter(JSON.asMatchPredicate()).isEmpty()) {
      throw new ProblemException(
          ProblemKind.NOT_JSON, "a body has to be JSON: send Content-Type: application/json");
    }
    return request.content().text(LARGEST_BODY);
  }
}
