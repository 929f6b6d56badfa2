package dev.moonboot.http;

import dev.moonboot.installer.ReleaseSignatures;
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

  private static final String SHA512 = ".sha512";

  private final ReleasePaths paths;
  private final ReleaseAssets ours;
  private final ReleaseSignatures signatures;
  private final @Nullable StaticAssets others;
  private final BootLog boots;
  private final EventLog log;

  AssetRoutes(
      ReleasePaths paths,
      ReleaseAssets ours,
      ReleaseSignatures signatures,
      @Nullable StaticAssets others,
      BootLog boots,
      EventLog log) {
    this.paths = paths;
    this.ours = ours;
    this.signatures = signatures;
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
      case AssetLookup.Missing(var _, var why) when path.endsWith(SHA512) -> unmade(request, why);
      case AssetLookup.Missing(var _, var why) ->
          path.endsWith(ReleaseSignatures.SUFFIX)
              ? signature(request, path, why)
              : missing(request, why);
      case AssetLookup.NotOurs _ ->
          others == null
              ? missing(request, "no folder for static files is configured")
              : others.answer(request, path);
    };
  }

  /** Beside a file that is there, or is to come, stands its signature. */
  private Reply signature(Request request, String path, String why) {
    String of = path.substring(0, path.length() - ReleaseSignatures.SUFFIX.length());
    return switch (paths.lookup(of, request.client())) {
      case AssetLookup.Found(var asset, var _, var _, var _) ->
          signatures
              .bundle(asset)
              .map(bundle -> ReleaseAssets.signature(request, bundle))
              .orElseGet(() -> unmade(request, "it is not signed: only what is composed here is"));
      case AssetLookup.NotReady(var channel) -> ErrorResponses.notReady(channel);
      case AssetLookup.Checksum _, AssetLookup.Missing _, AssetLookup.NotOurs _ ->
          missing(request, why);
    };
  }

  private Reply unmade(Request request, String why) {
    log.info("not_found", "client", request.client(), "path", request.path(), "why", why);
    return ErrorResponses.notFound(why);
  }

  private Reply missing(Request request, String why) {
    log.info("not_found", "client", request.client(), "path", request.path(), "why", why);
    boots.missed(new Missed(request.client(), "http", request.path(), why));
    return ErrorResponses.notFound();
  }
}
