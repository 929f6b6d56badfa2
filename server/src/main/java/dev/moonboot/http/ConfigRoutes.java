package dev.moonboot.http;

import dev.moonboot.boot.BootAnswer;
import dev.moonboot.journal.Configured.Kind;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.secret.ConfigUrls;
import dev.moonboot.secret.ConfigUrls.Asker;
import dev.moonboot.secret.MachineConfigs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /config/<ticket>}: the machine config that a ticket is for; and that of a node which shows
 * the access token of an approval instead. Always sent whole: a range that is asked for is as none
 * (RFC 9110, 14.2), so every GET is one of the ticket's reads, and a HEAD is none. Whatever is
 * wrong with a ticket, the answer is the one to any unknown path.
 */
final class ConfigRoutes {
  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(\\S+)\\s*");

  private final MachineConfigs configs;
  private final @Nullable StaticFiles files;
  private final Transfers transfers;
  private final String scheme;
  private final BootEvents events;
  private final EventLog log;

  /**
   * @param scheme how URLs of this listener begin: {@code http://}
   */
  ConfigRoutes(
      MachineConfigs configs,
      @Nullable StaticFiles files,
      Transfers transfers,
      String scheme,
      BootEvents events,
      EventLog log) {
    this.configs = configs;
    this.files = files;
    this.transfers = transfers;
    this.scheme = scheme;
    this.events = events;
    this.log = log;
  }

  /** The answer with the URL of the node's machine config in it, where it asks for one. */
  BootAnswer fill(BootAnswer answer, Request request, NodeLabels labels) {
    return configs
        .urls()
        .fill(
            answer,
            new Asker(
                request.client(),
                labels.mac().orElse("").toLowerCase(Locale.ROOT),
                scheme + request.local(),
                !request.isHead()));
  }

  /** The machine config that {@code ticket} is for. */
  Reply answer(Request request, String ticket) {
    return once(
        request, () -> configs.access().redeem(ticket, request.client(), !request.isHead()));
  }

  /**
   * The secret at {@code path} for who shows an access token (RFC 6750, 2.1); nothing where none is
   * shown, or where it is no secret.
   *
   * @param path below {@code /assets/}
   */
  Optional<Reply> approved(Request request, String path) {
    Matcher bearer = BEARER.matcher(request.header("Authorization").orElse(""));
    if (!configs.devices().isOn() || !bearer.matches() || !configs.access().isSecret(path)) {
      return Optional.empty();
    }
    String token = bearer.group(1);
    NodeLabels labels = NodeLabels.of(request.query());
    boolean reads = !request.isHead();
    return Optional.of(
        once(
            request,
            () ->
                configs.devices().redeem(token, request.client(), path, labels, reads)
                    ? Optional.of(path)
                    : Optional.empty()));
  }

  /** Sends the file whose path {@code right} brings; asks for it only when there is a place. */
  private Reply once(Request request, Supplier<Optional<String>> right) {
    Optional<Transfers.Place> place = transfers.take(request.client());
    if (place.isEmpty()) {
      return ErrorResponses.busy(); // before the ticket counts a read
    }
    boolean handedOver = false;
    try {
      Optional<String> path = right.get();
      if (path.isEmpty()) {
        log.info("config_refused", "client", request.client());
        events.notConfigured(request, mac(request), Kind.MACHINE, "its right to read is not good");
        return ErrorResponses.notFound();
      }
      Reply reply = send(request, path.get(), place.get());
      handedOver = reply.body() instanceof Transfer;
      return reply;
    } catch (IOException e) {
      String id = ErrorResponses.id();
      log.fault("fault", e, "id", id, "client", request.client(), "target", ConfigUrls.FOLDER);
      return ErrorResponses.fault(id);
    } finally {
      if (!handedOver) {
        place.get().close();
      }
    }
  }

  private void sent(Request request, long bytes, long size) {
    if (bytes == size) {
      events.configured(request, mac(request), Kind.MACHINE, bytes);
    } else {
      events.notConfigured(
          request, mac(request), Kind.MACHINE, "it broke off after " + bytes + " bytes");
    }
  }

  private static String mac(Request request) {
    return NodeLabels.of(request.query()).mac().orElse("");
  }

  private Reply send(Request request, String path, Transfers.Place place) throws IOException {
    if (files == null || !(files.find(path) instanceof StaticFiles.Found.File file)) {
      log.warning("config_missing", "client", request.client(), "file", path);
      events.notConfigured(request, mac(request), Kind.MACHINE, "the file is not there");
      return ErrorResponses.notFound();
    }
    FileChannel channel = StaticFiles.open(file);
    boolean handedOver = false;
    try {
      long size = channel.size();
      Body body = new Body.Absent(size);
      if (!request.isHead()) {
        body =
            place.with(
                new Body.Streamed(channel, new ByteRange.Part(0, size)),
                bytes -> sent(request, bytes, size));
        handedOver = true;
      }
      return Reply.of(200, body)
          .with("Content-Type", ContentTypes.ofName(path).orElse("application/octet-stream"))
          .with("Cache-Control", "no-store");
    } finally {
      if (!handedOver) {
        channel.close();
      }
    }
  }
}
