package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.journal.Configured.Kind;
import dev.moonboot.metrics.Meters;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.provision.Answer;
import dev.moonboot.provision.Provisioner;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/** {@code /metadata}, {@code /generic}, {@code /cloud} and {@code /ignition}, from memory. */
final class ProvisionRoutes {
  /** A template may make a page of what a stranger put in the query: no browser shall run it. */
  private static final String HARMLESS = "default-src 'none'; sandbox";

  private static final Validators NONE = new Validators(null, null);

  private final Provisioner provisioner;
  private final Meters meters;
  private final BootEvents events;
  private final EventLog log;

  ProvisionRoutes(Provisioner provisioner, Meters meters, BootEvents events, EventLog log) {
    this.provisioner = provisioner;
    this.meters = meters;
    this.events = events;
    this.log = log;
  }

  Reply metadata(Request request, NodeLabels labels) {
    return answer(Kind.METADATA, request, labels, provisioner::metadata);
  }

  Reply generic(Request request, NodeLabels labels) {
    return answer(Kind.GENERIC, request, labels, provisioner::generic);
  }

  Reply cloud(Request request, NodeLabels labels) {
    return answer(Kind.CLOUD, request, labels, provisioner::cloud);
  }

  Reply ignition(Request request, NodeLabels labels) {
    return answer(Kind.IGNITION, request, labels, provisioner::ignition);
  }

  private Reply answer(
      Kind kind, Request request, NodeLabels labels, Function<NodeLabels, Answer> ask) {
    String endpoint = kind.name().toLowerCase(Locale.ROOT);
    String mac = labels.mac().orElse("");
    Answer answer;
    try {
      answer = ask.apply(labels);
    } catch (RuntimeException e) {
      meters.provision(endpoint, "error");
      throw e;
    }
    return switch (answer) {
      case Answer.Text text -> {
        meters.provision(endpoint, "sent");
        log.info(
            "provision",
            "endpoint",
            endpoint,
            "node",
            labels.macOrUnknown(),
            "group",
            text.by().group(),
            "profile",
            text.by().profile(),
            "client",
            request.client());
        events.configured(request, mac, kind, text.text().length());
        yield text.type().isEmpty() ? content(request, text) : typed(text);
      }
      case Answer.None(var why, var detail) -> {
        meters.provision(endpoint, "nothing");
        log.info(
            "no_provision",
            "endpoint",
            endpoint,
            "node",
            labels.macOrUnknown(),
            "client",
            request.client(),
            "target",
            request.target(),
            "why",
            detail.isEmpty() ? why : why + ": " + detail);
        events.notConfigured(request, mac, kind, why);
        yield ErrorResponses.notFound(why);
      }
      case Answer.NotNow(var why) -> {
        meters.provision(endpoint, "not_now");
        log.warning(
            "provision_not_now",
            "endpoint",
            endpoint,
            "node",
            labels.macOrUnknown(),
            "client",
            request.client(),
            "why",
            why);
        events.notConfigured(request, mac, kind, why);
        yield ErrorResponses.notNow();
      }
    };
  }

  private static Reply typed(Answer.Text text) {
    return of(200, text.type(), text.text().getBytes(UTF_8));
  }

  /** As Go's http.ServeContent sends what has no date: ranges, but no conditions. */
  private static Reply content(Request request, Answer.Text text) {
    byte[] bytes = text.text().getBytes(UTF_8);
    String type = ContentTypes.sniff(head(bytes));
    return switch (NONE.range(request, bytes.length)) {
      case ByteRange.Malformed _ -> ErrorResponses.rangeMalformed();
      case ByteRange.Unsatisfiable _ when bytes.length > 0 ->
          ErrorResponses.rangeNotThere(bytes.length);
      case ByteRange.Part part ->
          ranged(206, type, part.of(bytes)).with("Content-Range", part.of(bytes.length));
      case ByteRange.Whole _, ByteRange.Unsatisfiable _ -> ranged(200, type, bytes);
    };
  }

  private static byte[] head(byte[] bytes) {
    return Arrays.copyOf(bytes, Math.min(bytes.length, ContentTypes.SNIFFED));
  }

  private static Reply ranged(int status, String type, byte[] bytes) {
    return of(status, type, bytes)
        .with("Accept-Ranges", "bytes")
        .with("Content-Security-Policy", HARMLESS);
  }

  private static Reply of(int status, String type, byte[] bytes) {
    return Reply.of(status, new Body.Bytes(bytes))
        .with("Content-Type", type)
        .with("Cache-Control", "no-store");
  }
}
