package dev.moonboot.http;

import dev.moonboot.journal.Asked;
import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Missed;
import dev.moonboot.secret.ConfigAccess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Static files as matchbox serves them (Go's http.FileServer): same statuses, headers, types and
 * relative redirects; only folders are not listed.
 */
final class StaticAssets {
  private static final String INDEX = "index.html";

  private final StaticFiles files;
  private final Transfers transfers;
  private final BootLog boots;
  private final ConfigAccess access;
  private final EventLog log;

  StaticAssets(
      StaticFiles files, Transfers transfers, BootLog boots, ConfigAccess access, EventLog log) {
    this.files = files;
    this.transfers = transfers;
    this.boots = boots;
    this.access = access;
    this.log = log;
  }

  /**
   * @param path below {@code /assets/}, percent-decoded
   */
  Reply answer(Request request, String path) throws IOException {
    if (!access.admits(path, request.client())) {
      return missing(request, "a secret"); // whether it is there or not
    }
    try {
      boolean slash = path.endsWith("/") || path.isEmpty();
      if (path.equals(INDEX) || path.endsWith("/" + INDEX)) {
        return redirect(request, "./");
      }
      return switch (files.find(path)) {
        case StaticFiles.Found.Nothing(var why) -> missing(request, why);
        case StaticFiles.Found.Folder _ ->
            slash ? index(request, path) : redirect(request, base(request) + "/");
        case StaticFiles.Found.File file ->
            slash ? redirect(request, "../" + base(request)) : send(request, file, path);
      };
    } catch (NoSuchFileException e) {
      return missing(request, "it went while it was opened");
    } catch (AccessDeniedException e) {
      log.warning("forbidden", "path", request.path(), "why", "no permission to read the file");
      return ErrorResponses.forbidden();
    }
  }

  private Reply index(Request request, String path) throws IOException {
    return files.find(path + INDEX) instanceof StaticFiles.Found.File file
        ? send(request, file, INDEX)
        : missing(request, "folders are not listed");
  }

  private Reply missing(Request request, String why) {
    log.info("not_found", "client", request.client(), "path", request.path(), "why", why);
    boots.missed(new Missed(request.client(), "http", request.path(), why));
    return ErrorResponses.notFound();
  }

  /** Relative, so that it works behind any prefix; with the query. */
  private static Reply redirect(Request request, String to) {
    String query = request.query() == null ? "" : "?" + request.query();
    return Reply.of(301, Body.Absent.EMPTY).with("Location", to + query);
  }

  /** The last segment of the path, as it was sent. */
  private static String base(Request request) {
    String path = request.path();
    String name = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private Reply send(Request request, StaticFiles.Found.File file, String name) throws IOException {
    String real = files.name(file);
    if (!access.admits(real, request.client())) {
      return missing(request, "a secret by another name");
    }
    Reply reply = judged(request, file, name);
    return access.isSecret(real) ? reply.with("Cache-Control", "no-store") : reply;
  }

  private Reply judged(Request request, StaticFiles.Found.File file, String name)
      throws IOException {
    Instant changed = file.attributes().lastModifiedTime().toInstant();
    Validators validators = Validators.ofModified(changed);
    String modified = Validators.date(changed);
    return switch (validators.judge(request)) {
      case NOT_MODIFIED -> Reply.of(304, Body.Absent.EMPTY).with("Last-Modified", modified);
      case FAILED -> ErrorResponses.preconditionFailed().with("Last-Modified", modified);
      case SEND -> open(request, file, name, validators);
    };
  }

  private Reply open(
      Request request, StaticFiles.Found.File file, String name, Validators validators)
      throws IOException {
    FileChannel channel = StaticFiles.open(file);
    boolean handedOver = false;
    try {
      Optional<String> byName = ContentTypes.ofName(name);
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put(
          "Content-Type",
          byName.isPresent() ? byName.get() : ContentTypes.sniff(StaticFiles.head(channel)));
      headers.put("Accept-Ranges", "bytes");
      headers.put(
          "Last-Modified", Validators.date(file.attributes().lastModifiedTime().toInstant()));
      Reply reply = part(request, channel, validators, headers);
      handedOver = reply.body() instanceof Transfer;
      return reply;
    } finally {
      if (!handedOver) {
        channel.close();
      }
    }
  }

  private Reply part(
      Request request, FileChannel channel, Validators validators, Map<String, String> headers)
      throws IOException {
    long size = channel.size();
    return switch (validators.range(request, size)) {
      case ByteRange.Malformed _ -> ErrorResponses.rangeMalformed();
      case ByteRange.Unsatisfiable _ when size > 0 -> ErrorResponses.rangeNotThere(size);
      case ByteRange.Part part ->
          content(request, channel, new Piece(part, size), 206, headers)
              .with("Content-Range", part.of(size));
      case ByteRange.Whole _, ByteRange.Unsatisfiable _ ->
          content(request, channel, new Piece(new ByteRange.Part(0, size), size), 200, headers);
    };
  }

  /** A part of a file with so many bytes in all. */
  private record Piece(ByteRange.Part part, long size) {}

  private Reply content(
      Request request, FileChannel channel, Piece piece, int status, Map<String, String> headers) {
    if (request.isHead()) {
      return Reply.of(status, new Body.Absent(piece.part().length())).with(headers);
    }
    return transfers
        .take(request.client())
        .map(place -> {
          boots.asked(new Asked(request.client(), "http", request.path(), piece.size()));
          return place.with(
              new Body.Streamed(channel, piece.part()),
              new PartSent(boots, request, piece.part(), piece.size()));
        })
        .map(body -> Reply.of(status, body).with(headers))
        .orElseGet(ErrorResponses::busy);
  }
}
