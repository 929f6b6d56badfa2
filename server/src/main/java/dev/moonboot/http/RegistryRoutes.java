package dev.moonboot.http;

import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.installer.ImageIndex;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.installer.RegistryAnswer;
import dev.moonboot.json.Json;
import dev.moonboot.release.AssetLookup;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /v2/…}: as much of a registry as it takes to pull (OCI distribution-spec 1.1, "Pull" and
 * "Content Discovery"). Nothing is taken, and nobody has to log in.
 */
final class RegistryRoutes {
  /** Where all this stands. */
  static final String FOLDER = "/v2/";

  private static final String JSON = "application/json";
  private static final String REFERRERS_FILTER = "artifactType";

  private final InstallerRepositories repositories;
  private final ReleaseAssets ours;
  private final EventLog log;
  private final boolean isOn;

  RegistryRoutes(InstallerRepositories repositories, ReleaseAssets ours, EventLog log) {
    this.repositories = repositories;
    this.ours = ours;
    this.log = log;
    this.isOn = repositories.isAny();
  }

  /** The answer; empty when the path is nobody's here, or there is no registry. */
  Optional<Reply> answer(Request request) throws IOException {
    String path = request.path();
    return isOn && (path.startsWith(FOLDER) || (path + "/").equals(FOLDER))
        ? Optional.of(registry(request).with("Docker-Distribution-Api-Version", "registry/2.0"))
        : Optional.empty();
  }

  private Reply registry(Request request) throws IOException {
    if (!request.isRead()) {
      return error(405, "UNSUPPORTED", "this registry only gives: nothing can be put here")
          .with("Allow", "GET, HEAD");
    }
    if (request.announcesBody()) {
      return error(413, "UNSUPPORTED", "nothing here takes a request body");
    }
    String path = request.path();
    Optional<String> below =
        RequestPath.decode(path.length() < FOLDER.length() ? "" : path.substring(FOLDER.length()));
    if (below.isEmpty()) {
      return error(400, "NAME_INVALID", "the path has percent-encoding that is none");
    }
    return switch (repositories.lookup(below.get())) {
      case RegistryAnswer.Here _ -> Reply.typed(200, JSON, "{}");
      case RegistryAnswer.File(var found, var type) -> file(request, found, type);
      case RegistryAnswer.Document document -> document(request, document);
      case RegistryAnswer.Tags(var name, var tags) -> tags(request, name, tags);
      case RegistryAnswer.Referrers(var descriptors) -> referrers(request, descriptors);
      case RegistryAnswer.NotReady(var name) ->
          error(503, "UNAVAILABLE", name + " has no image yet: ask again")
              .with("Retry-After", "10");
      case RegistryAnswer.Later(var why, var again) -> {
        log.info("factory_coming", "client", request.client(), "path", path);
        yield later(why, again);
      }
      case RegistryAnswer.Refused refused -> {
        log.info("factory_failed", "client", request.client(), "path", path, "why", refused.why());
        yield refused(refused);
      }
      case RegistryAnswer.Unknown(var code, var why) -> {
        log.info("not_found", "client", request.client(), "path", path, "why", why);
        yield error(code == RegistryAnswer.Code.DIGEST_INVALID ? 400 : 404, code.name(), why);
      }
    };
  }

  private Reply file(Request request, AssetLookup.Found found, String type) throws IOException {
    Reply reply = ours.file(request, found);
    return switch (reply.status()) {
      case 200, 206 -> reply.with("Content-Type", type).with(digest(found.asset().digest()));
      case 304 -> reply.with(digest(found.asset().digest()));
      case 503 -> later("too many files are being sent at once: ask again", Duration.ofSeconds(5));
      default -> reply;
    };
  }

  /** Clients of registries come again for a 429 (containerd at once), and give up at a 503. */
  private static Reply later(String why, Duration again) {
    return error(429, "TOOMANYREQUESTS", why)
        .with("Retry-After", String.valueOf(again.toSeconds()));
  }

  /** What was tried and failed fails again if it is asked for at once: better told than tried. */
  private static Reply refused(RegistryAnswer.Refused refused) {
    return switch (refused.status()) {
      case 404 -> error(404, RegistryAnswer.Code.MANIFEST_UNKNOWN.name(), refused.why());
      case 503 ->
          error(503, "UNAVAILABLE", refused.why())
              .with("Retry-After", String.valueOf(refused.again().toSeconds()));
      default -> error(400, RegistryAnswer.Code.MANIFEST_INVALID.name(), refused.why());
    };
  }

  private static Map<String, String> digest(Digest digest) {
    return Map.of("Docker-Content-Digest", digest.toString());
  }

  private static Reply document(Request request, RegistryAnswer.Document document) {
    String tag = "\"" + document.digest().fileName() + "\"";
    Reply reply =
        switch (Validators.ofEtag(tag).judge(request)) {
          case NOT_MODIFIED -> Reply.of(304, Body.Absent.EMPTY);
          case FAILED -> ErrorResponses.preconditionFailed();
          case SEND ->
              Reply.of(200, new Body.Bytes(document.bytes())).with("Content-Type", document.type());
        };
    return reply
        .with(digest(document.digest()))
        .with("ETag", tag)
        .with("Cache-Control", document.immutable() ? ReleaseAssets.FOREVER : "no-cache");
  }

  /** With {@code n} and {@code last} a part of the tags, and where the rest is. */
  private static Reply tags(Request request, String name, List<String> all) {
    Map<String, String> query = query(request);
    int most = number(query.getOrDefault("n", ""), all.size());
    String last = query.getOrDefault("last", "");
    List<String> rest = all.stream().filter(tag -> tag.compareTo(last) > 0).toList();
    List<String> page = rest.stream().limit(most).toList();
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", new Json.Str(name));
    members.put("tags", new Json.Arr(page.stream().<Json>map(Json.Str::new).toList()));
    Reply reply = fresh(JSON, new Json.Obj(members));
    return page.isEmpty() || page.size() == rest.size()
        ? reply
        : reply.with(
            "Link",
            "<%s%s/tags/list?n=%s&last=%s>; rel=\"next\""
                .formatted(
                    FOLDER, name, most, URLEncoder.encode(page.getLast(), StandardCharsets.UTF_8)));
  }

  private static int number(String text, int otherwise) {
    try {
      return Math.max(0, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static Reply referrers(Request request, List<Json.Obj> all) {
    // a media type has no blanks: that was a plus which was not encoded
    String type = query(request).getOrDefault(REFERRERS_FILTER, "").replace(' ', '+');
    List<Json.Obj> wanted = new ArrayList<>(all);
    wanted.removeIf(
        each -> !type.isEmpty() && !each.text(REFERRERS_FILTER).filter(type::equals).isPresent());
    Reply reply = fresh(InstallerFiles.INDEX_TYPE, ImageIndex.of(wanted));
    return type.isEmpty() ? reply : reply.with("OCI-Filters-Applied", REFERRERS_FILTER);
  }

  private static Reply fresh(String type, Json.Obj content) {
    return Reply.typed(200, type, content.compact()).with("Cache-Control", "no-cache");
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> values = new LinkedHashMap<>();
    String query = request.query() == null ? "" : request.query();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        try {
          values.putIfAbsent(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          // a broken escape: as if it were not there
        }
      }
    }
    return values;
  }

  /** Distribution-spec, "Error Codes". */
  private static Reply error(int status, String code, String message) {
    Map<String, Json> error = new LinkedHashMap<>();
    error.put("code", new Json.Str(code));
    error.put("message", new Json.Str(message));
    Json errors = new Json.Arr(List.of(new Json.Obj(error)));
    return Reply.typed(status, JSON, new Json.Obj(Map.of("errors", errors)).compact())
        .with("Cache-Control", "no-store");
  }
}
