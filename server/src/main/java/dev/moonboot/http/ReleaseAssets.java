package dev.moonboot.http;

import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
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

  /**
   * Something that belongs to a release, and never changes.
   *
   * @param size in bytes
   * @param identity headers that say which bytes these are, {@code ETag} among them
   * @param described headers that say what they are
   * @param opener opens a part of it
   */
  record Whole(
      Release release,
      long size,
      Map<String, String> identity,
      Map<String, String> described,
      Opener opener) {
    /** Opens a part; not before there is a place for it. */
    @FunctionalInterface
    interface Opener {
      Body open(ByteRange.Part part) throws IOException;
    }

    private Validators validators() {
      return Validators.ofEtag(identity.getOrDefault("ETag", ""));
    }
  }

  /** The asset's bytes, or the part of them that was asked for. */
  Reply file(Request request, Found found) throws IOException {
    Asset asset = found.asset();
    return send(
        request,
        new Whole(
            found.release(),
            asset.size(),
            identity(found),
            Map.of(
                "Content-Type",
                type(asset.name()),
                "Repr-Digest",
                "sha-256=:" + base64(asset.digest()) + ":"),
            part -> open(asset, part)));
  }

  /** All of it, or the part that was asked for. */
  Reply send(Request request, Whole whole) throws IOException {
    Validators validators = whole.validators();
    return switch (validators.judge(request)) {
      case NOT_MODIFIED -> Reply.of(304, Body.Absent.EMPTY).with(whole.identity());
      case FAILED -> ErrorResponses.preconditionFailed();
      case SEND ->
          switch (validators.range(request, whole.size())) {
            case ByteRange.Part part ->
                send(request, whole, part, 206).with("Content-Range", part.of(whole.size()));
            case ByteRange.Unsatisfiable _ -> ErrorResponses.rangeNotThere(whole.size());
            // RFC 9110, 14.2: a range that cannot be understood is as none
            case ByteRange.Whole _, ByteRange.Malformed _ ->
                send(request, whole, new ByteRange.Part(0, whole.size()), 200);
          };
    };
  }

  private Reply send(Request request, Whole whole, ByteRange.Part part, int status)
      throws IOException {
    Optional<Body> body = body(request, whole, part);
    return body.isEmpty()
        ? ErrorResponses.busy()
        : Reply.of(status, body.get())
            .with("Accept-Ranges", "bytes")
            .with(whole.identity())
            .with(whole.described());
  }

  private Optional<Body> body(Request request, Whole whole, ByteRange.Part part)
      throws IOException {
    if (request.isHead()) {
      return Optional.of(new Body.Absent(part.length()));
    }
    Optional<Transfers.Place> place = transfers.take(request.client());
    if (place.isEmpty()) {
      return Optional.empty();
    }
    try {
      Body file = whole.opener().open(part);
      boots.asked(new Asked(request.client(), "http", request.path(), whole.size()));
      return Optional.of(
          place
              .get()
              .with(
                  file,
                  paths.begin(whole.release().digest()),
                  new PartSent(boots, request, part, whole.size())));
    } catch (IOException | RuntimeException e) {
      place.get().close();
      throw e;
    }
  }

  /** A part of a file of a release. */
  Body open(Asset asset, ByteRange.Part part) throws IOException {
    Optional<MappedFiles.Lease> lease = files.lease(asset.file(), asset.size());
    return lease.isPresent()
        ? new Body.Mapped(lease.get(), part)
        : new Body.Streamed(
            FileChannel.open(asset.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS),
            part);
  }

  /** The line {@code sha256sum -c} reads. */
  Reply checksum(Request request, Found of, String text) {
    return checksum(request, cache(of), text);
  }

  /** As {@link #checksum(Request, Found, String)}, with these headers. */
  static Reply checksum(Request request, Map<String, String> cache, String text) {
    Validators validators = Validators.ofEtag("\"" + Digest.of(utf8(text)).fileName() + "\"");
    Map<String, String> headers = new LinkedHashMap<>(cache);
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
