package dev.moonboot.http;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.journal.Asked;
import dev.moonboot.journal.BootLog;
import dev.moonboot.release.AssetLookup.Found;
import dev.moonboot.release.ReleasePaths;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files of releases. Their digest is their entity tag, so a client that was cut off can resume and
 * is told when the file is another one by now (RFC 9110, 13; EDK2 sends If-Match).
 */
final class ReleaseAssets {
  static final String FOREVER = "public, max-age=31536000, immutable";

  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  private final MappedFiles files;
  private final Transfers transfers;
  private final ReleasePaths paths;
  private final BootLog boots;

  ReleaseAssets(MappedFiles files, Transfers transfers, ReleasePaths paths, BootLog boots) {
    this.files = files;
    this.transfers = transfers;
    this.paths = paths;
    this.boots = boots;
  }

  /** The asset's bytes, or the part of them that was asked for. */
  Reply file(Request request, Found found) throws IOException {
    Asset asset = found.asset();
    Validators validators = Validators.ofEtag("\"" + asset.digest().fileName() + "\"");
    return switch (validators.judge(request)) {
      case NOT_MODIFIED -> Reply.of(304, Body.Absent.EMPTY).with(identity(found));
      case FAILED -> ErrorResponses.preconditionFailed();
      case SEND ->
          switch (validators.range(request, asset.size())) {
            case ByteRange.Part part ->
                send(request, found, part, 206).with("Content-Range", part.of(asset.size()));
            case ByteRange.Unsatisfiable _ -> ErrorResponses.rangeNotThere(asset.size());
            // RFC 9110, 14.2: a range that cannot be understood is as none
            case ByteRange.Whole _, ByteRange.Malformed _ ->
                send(request, found, new ByteRange.Part(0, asset.size()), 200);
          };
    };
  }

  private Reply send(Request request, Found found, ByteRange.Part part, int status)
      throws IOException {
    Optional<Body> body = body(request, found, part);
    if (body.isEmpty()) {
      return ErrorResponses.busy();
    }
    return Reply.of(status, body.get())
        .with("Content-Type", type(found.asset().name()))
        .with("Accept-Ranges", "bytes")
        .with(identity(found))
        .with("Repr-Digest", "sha-256=:" + base64(found.asset().digest()) + ":");
  }

  private Optional<Body> body(Request request, Found found, ByteRange.Part part)
      throws IOException {
    if (request.isHead()) {
      return Optional.of(new Body.Absent(part.length()));
    }
    Optional<Transfers.Place> place = transfers.take(request.client());
    if (place.isEmpty()) {
      return Optional.empty();
    }
    try {
      Body file = open(found.asset(), part);
      boots.asked(new Asked(request.client(), "http", request.path(), found.asset().size()));
      return Optional.of(
          place
              .get()
              .with(
                  file,
                  paths.begin(found.release().digest()),
                  new PartSent(boots, request, part, found.asset().size())));
    } catch (IOException | RuntimeException e) {
      place.get().close();
      throw e;
    }
  }

  private Body open(Asset asset, ByteRange.Part part) throws IOException {
    Optional<MappedFiles.Lease> lease = files.lease(asset.file(), asset.size());
    return lease.isPresent()
        ? new Body.Mapped(lease.get(), part)
        : new Body.Streamed(
            FileChannel.open(asset.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS),
            part);
  }

  /** The line {@code sha256sum -c} reads. */
  Reply checksum(Request request, Found of, String text) {
    Validators validators = Validators.ofEtag("\"" + Digest.of(utf8(text)).fileName() + "\"");
    Map<String, String> headers = new LinkedHashMap<>(cache(of));
    headers.put("ETag", String.valueOf(validators.etag()));
    return switch (validators.judge(request)) {
      case NOT_MODIFIED -> Reply.of(304, Body.Absent.EMPTY).with(headers);
      case FAILED -> ErrorResponses.preconditionFailed();
      case SEND -> Reply.text(200, text).with(headers);
    };
  }

  /**
   * A file's signature, which may be made anew by another key.
   *
   * @param text a bundle of Sigstore
   */
  static Reply signature(Request request, String text) {
    Validators validators = Validators.ofEtag("\"" + Digest.of(utf8(text)).fileName() + "\"");
    Reply reply =
        switch (validators.judge(request)) {
          case NOT_MODIFIED -> Reply.of(304, Body.Absent.EMPTY);
          case FAILED -> ErrorResponses.preconditionFailed();
          case SEND -> Reply.typed(200, BUNDLE, text);
        };
    return reply.with(
        Map.of("Cache-Control", "no-cache", "ETag", String.valueOf(validators.etag())));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Which bytes these are, and how long that holds. */
  private static Map<String, String> identity(Found found) {
    Map<String, String> headers = new LinkedHashMap<>(cache(found));
    headers.put("ETag", "\"" + found.asset().digest().fileName() + "\"");
    if (!found.immutable()) {
      headers.put("Content-Location", found.immutablePath());
    }
    return headers;
  }

  private static Map<String, String> cache(Found found) {
    return Map.of("Cache-Control", found.immutable() ? FOREVER : "no-cache");
  }

  private static String type(AssetName name) {
    return switch (name) {
      case AssetName.Boot.UKI -> "application/efi";
      case AssetName.Boot.CMDLINE -> Reply.TEXT;
      case AssetName.Boot.RECORD -> "application/json";
      case AssetName.Boot.ISO -> "application/x-iso9660-image";
      case AssetName.Boot.VMLINUZ,
          AssetName.Boot.IMAGE,
          AssetName.Boot.INITRAMFS,
          AssetName.Boot.INITRAMFS_BASE,
          AssetName.Boot.INITRAMFS_EXTENSIONS ->
          "application/octet-stream";
      case AssetName.File(var path) -> ContentTypes.ofName(path).orElse("application/octet-stream");
    };
  }

  private static String base64(Digest digest) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(digest.hex()));
  }
}
