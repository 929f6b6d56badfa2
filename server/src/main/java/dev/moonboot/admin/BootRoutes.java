package dev.moonboot.admin;

import dev.moonboot.http.Body;
import dev.moonboot.http.Reply;
import dev.moonboot.journal.Boot;
import dev.moonboot.journal.BootFilter;
import dev.moonboot.journal.BootLog;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The boots of late, one by one, or as they go on. */
final class BootRoutes implements Resource {
  private static final String ALL = "/admin/v1/boots";
  private static final int MOST = 1000;
  private static final int USUAL = 100;

  private final BootLog boots;
  private final BootStreams streams;

  BootRoutes(BootLog boots, BootStreams streams) {
    this.boots = boots;
    this.streams = streams;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, "listBoots", this::list).query("node", "profile", "result", "limit"),
        Endpoint.get(ALL + "/{boot}", "getBoot", this::one));
  }

  private Reply list(Call call) {
    BootFilter filter =
        new BootFilter(
            call.query("node").orElse(""), call.query("profile").orElse(""), result(call));
    int limit = call.number("limit", USUAL, 1, MOST);
    if (wantsEvents(call)) {
      return call.request().method().equals("GET")
          ? streams.open(filter, limit, call.request().header("Last-Event-ID").orElse(""))
          : Reply.of(200, Body.Absent.EMPTY).with("Content-Type", JobStreams.TYPE);
    }
    List<Boot> found = boots.recent(filter, limit);
    return Replies.ok(
        new Members().list("boots", found.stream().map(BootJson::of).toList()).json());
  }

  private static boolean wantsEvents(Call call) {
    return call.request()
        .header("Accept")
        .filter(types -> types.startsWith(JobStreams.TYPE))
        .isPresent();
  }

  private Reply one(Call call) {
    String id = call.id("boot");
    return number(id)
        .flatMap(boots::find)
        .map(boot -> Replies.ok(BootJson.whole(boot)))
        .orElseThrow(() ->
            new ProblemException(
                ProblemKind.NOT_FOUND,
                "no boot has the number "
                    + id
                    + ": it is forgotten by now, or moonboot was started again since; GET "
                    + ALL
                    + " lists those it knows"));
  }

  private static Optional<Long> number(String id) {
    return id.matches("\\d{1,18}") ? Optional.of(Long.parseLong(id)) : Optional.empty();
  }

  private static Boot.@Nullable Result result(Call call) {
    String sent = call.query("result").orElse("");
    if (sent.isEmpty()) {
      return null;
    }
    return Stream.of(Boot.Result.values())
        .filter(known -> BootJson.lower(known).equals(sent))
        .findFirst()
        .orElseThrow(() ->
            Call.malformed(
                "result",
                "is one of "
                    + String.join(
                        ", ", Stream.of(Boot.Result.values()).map(BootJson::lower).toList())));
  }
}
