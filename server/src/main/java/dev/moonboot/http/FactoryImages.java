package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Composition.Output;
import dev.moonboot.assets.Release;
import dev.moonboot.factory.Factory;
import dev.moonboot.factory.ImageFile;
import dev.moonboot.factory.Installers;
import dev.moonboot.factory.OrderStatus;
import dev.moonboot.installer.ReleaseSignatures;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.ReleasePaths;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code /image/<schematic>/<version>/…}: the files of an Image Factory. */
final class FactoryImages {
  private static final List<String> CHECKSUMS = List.of(".sha256", ".sha512");
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private final ReleasePaths paths;
  private final ReleaseAssets files;
  private final InstallerTars tars;
  private final ReleaseSignatures signatures;
  private final FactoryReplies replies;

  FactoryImages(
      ReleasePaths paths,
      ReleaseAssets files,
      ReleaseSignatures signatures,
      FactoryReplies replies) {
    this.paths = paths;
    this.files = files;
    this.tars = new InstallerTars(files);
    this.signatures = signatures;
    this.replies = replies;
  }

  /**
   * The file, or what stands beside it.
   *
   * @param url how URLs begin that who asks can reach
   * @param parts of the path: {@code image}, a schematic, a version, a name
   */
  Reply answer(Request request, Factory asked, String url, List<String> parts) throws IOException {
    String name = parts.get(3);
    String beside =
        Stream.concat(CHECKSUMS.stream(), Stream.of(ReleaseSignatures.SUFFIX))
            .filter(name::endsWith)
            .findFirst()
            .orElse("");
    String plain = name.substring(0, name.length() - beside.length());
    Factory.Found found = asked.image(parts.get(1), parts.get(2), plain);
    return switch (found.status()) {
      case OrderStatus.Ready(var release) when found.file().output() == Output.INSTALLER ->
          tar(
              request,
              release,
              new InstallerTars.Wanted(
                  found.file().arch(), image(url, found.file(), asked, parts), plain, beside));
      case OrderStatus.Ready(var release) ->
          send(request, release, found.file(), new Named(plain, beside));
      case OrderStatus.Coming(var again) -> replies.coming(request, again);
      case OrderStatus.Full(var again) -> FactoryReplies.full(again);
      case OrderStatus.Failed failed -> replies.failed(request, failed);
    };
  }

  /** By which it is pulled here: {@code 10.0.0.1:8080/installer/<schematic>:v1.13.9}. */
  private static String image(String url, ImageFile file, Factory asked, List<String> parts) {
    String platform = file.platform().equals(Installers.METAL) ? "" : file.platform() + "-";
    return "%s/%sinstaller/%s:%s"
        .formatted(
            URI.create(url).getAuthority(), platform, parts.get(1), asked.version(parts.get(2)));
  }

  private Reply tar(Request request, Release release, InstallerTars.Wanted wanted)
      throws IOException {
    return tars.answer(request, release, wanted)
        .map(reply -> typed(request, reply, new Named(wanted.name(), wanted.beside())))
        .orElseGet(() -> missing(wanted.name() + wanted.beside()));
  }

  private static Reply missing(String name) {
    return FactoryReplies.refusal(404, "there is no " + name + " of this");
  }

  /** A file as it was asked for, and what of it: its checksum, its signature, or itself. */
  private record Named(String name, String beside) {}

  private Reply send(Request request, Release release, ImageFile file, Named named)
      throws IOException {
    boolean signature = named.beside().equals(ReleaseSignatures.SUFFIX);
    String path =
        "talos/factory/"
            + release.digest().fileName()
            + "/"
            + file.asset().flatName(file.arch())
            + (signature ? "" : named.beside());
    return switch (paths.lookup(path, request.client())) {
      case AssetLookup.Found found when signature ->
          signatures
              .bundle(found.asset())
              .map(bundle -> ReleaseAssets.signature(request, bundle))
              .orElseGet(() ->
                  FactoryReplies.refusal(
                      404, "nothing is signed here; build.signing-key does that"));
      case AssetLookup.Found(var asset, var of, var _, var lasting) ->
          typed(
              request,
              files.file(request, new AssetLookup.Found(asset, of, false, lasting)),
              named);
      case AssetLookup.Checksum(var of, var text) ->
          files.checksum(
              request, of, text.substring(0, text.indexOf(' ')) + "  " + named.name() + "\n");
      case AssetLookup.NotReady _ -> replies.coming(request, Duration.ofSeconds(10));
      case AssetLookup.Missing _, AssetLookup.NotOurs _ -> missing(named.name() + named.beside());
    };
  }

  private static Reply typed(Request request, Reply reply, Named named) {
    if (!named.beside().isEmpty() || (reply.status() != 200 && reply.status() != 206)) {
      return reply;
    }
    return reply
        .with("Content-Type", type(named.name()))
        .with(
            "Content-Disposition",
            "attachment; filename=\"" + fileName(request).orElse(named.name()) + "\"");
  }

  /** {@code ?filename=}, where it can stand in a header. */
  private static Optional<String> fileName(Request request) {
    String query = request.query();
    if (query == null) {
      return Optional.empty();
    }
    for (String member : query.split("&", -1)) {
      if (member.startsWith("filename=")) {
        try {
          String name = URLDecoder.decode(member.substring("filename=".length()), UTF_8);
          return Optional.of(name).filter(FILE_NAME.asMatchPredicate());
        } catch (IllegalArgumentException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "efi" -> "application/efi";
      case "iso" -> "application/x-iso9660-image";
      case "tar" -> "application/x-tar";
      case "xz" -> "application/x-xz";
      default -> "application/octet-stream";
    };
  }
}
