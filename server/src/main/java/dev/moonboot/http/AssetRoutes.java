package dev.moonboot.http;

import dev.moonboot.journal.BootLog;
import dev.moonboot.journal.Missed;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.ReleasePaths;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code /assets/…}: the files of releases first, then static files. */
final class AssetRoutes {
  /** Where all this stands. */
  static final String FOLDER = "/assets/";

  private final ReleasePaths paths;
  private final ReleaseAssets ours;
  private final @Nullable StaticAssets others;
  private final BootLog boots;
  private final EventLog log;

  AssetRoutes(
      ReleasePaths paths,
      ReleaseAssets ours,
      @Nullable StaticAssets others,
      BootLog boots,
      EventLog log) {
    this.paths = paths;
    this.ours = ours;
    this.others = others;
    this.boots = boots;
    this.log = log;
  }

  /**
   * @param path below {@value #FOLDER}, percent-decoded
   */
  Reply answer(Request request, String path) throws IOException {
    return switch (paths.lookup(path, request.client())) {
      case AssetLookup.Found found -> ours.file(request, found);
      case AssetLookup.Checksum(var of, var text) -> ours.checksum(request, of, text);
      case AssetLookup.NotReady(var channel) -> {
        log.info("not_ready", "client", request.client(), "path", path, "channel", channel);
        yield ErrorResponses.notReady(channel);
      }
      case AssetLookup.Missing(var _, var why) -> missing(request, why);
      case AssetLookup.NotOurs _ ->
          others == null
              ? missing(request, "no folder for static files is configured")
              : others.answer(request, path);
    };
  }

  private Reply missing(Request request, String why) {
    log.info("not_found", "client", request.client(), "path", request.path(), "why", why);
    boots.missed(new Missed(request.client(), "http", request.path(), why));
    return ErrorResponses.notFound();
  }
}
