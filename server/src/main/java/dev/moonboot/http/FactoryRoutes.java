package dev.moonboot.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.factory.Factory;
import dev.moonboot.factory.FactoryException;
import dev.moonboot.factory.ImageFile;
import dev.moonboot.factory.Listing;
import dev.moonboot.factory.OrderStatus;
import dev.moonboot.installer.ReleaseSignatures;
import dev.moonboot.json.GoText;
import dev.moonboot.json.Json;
import dev.moonboot.release.AssetLookup;
import dev.moonboot.release.ReleasePaths;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an Image Factory answers (siderolabs/image-factory, internal/frontend/http), where this
 * appliance is to be one. Looks for what is there and has it made; never waits for it.
 */
final class FactoryRoutes {
  private static final String SCHEMATICS = "/schematics";
  private static final String JSON = "application/json";
  private static final List<String> CHECKSUMS = List.of(".sha256", ".sha512");
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Set<String> TREES = Set.of("image", "pxe", "schematics", "version");

  private final @Nullable Factory factory;
  private final ReleasePaths paths;
  private final ReleaseAssets files;
  private final ReleaseSignatures signatures;
  private final Function<Request, String> base;
  private final EventLog log;

  /**
   * @param factory null for none: then nothing is answered
   * @param base how URLs begin that who asks can reach, where the factory's own is not configured
   */
  FactoryRoutes(
      @Nullable Factory factory,
      ReleasePaths paths,
      ReleaseAssets files,
      ReleaseSignatures signatures,
      Function<Request, String> base,
      EventLog log) {
    this.factory = factory;
    this.paths = paths;
    this.files = files;
    this.signatures = signatures;
    this.base = base;
    this.log = log;
  }

  /** Where schematics are taken. */
  Set<String> posts() {
    return factory == null ? Set.of() : Set.of(SCHEMATICS);
  }

  /** The answer to a schematic that is posted. */
  Optional<Reply> posted(Request request) throws IOException {
    if (factory == null || !request.method().equals("POST") || !request.path().equals(SCHEMATICS)) {
      return Optional.empty();
    }
    try {
      Schematic schematic = factory.post(request.content().text(Factory.MAX_SCHEMATIC));
      log.info("schematic", "client", request.client(), "id", schematic.id());
      Map<String, Json> members = new LinkedHashMap<>();
      members.put("id", new Json.Str(schematic.id()));
      members.put("schematic", new Json.Str(schematic.canonical()));
      return Optional.of(Reply.typed(201, JSON, GoText.compact(new Json.Obj(members)) + "\n"));
    } catch (FactoryException e) {
      return Optional.of(refused(request, e));
    } catch (ContentException e) {
      return Optional.of(refusal(e.status(), String.valueOf(e.getMessage())));
    }
  }

  /**
   * @param path percent-decoded
   */
  Optional<Reply> answer(Request request, String path) throws IOException {
    List<String> parts = List.of(path.substring(1).split("/", -1));
    if (factory == null || !(path.equals("/versions") || TREES.contains(parts.getFirst()))) {
      return Optional.empty();
    }
    try {
      return answer(request, factory, parts);
    } catch (FactoryException e) {
      return Optional.of(refused(request, e));
    }
  }

  private Optional<Reply> answer(Request request, Factory asked, List<String> parts)
      throws IOException {
    String what = parts.getFirst() + "/" + parts.size();
    return switch (what) {
      case "versions/1" -> Optional.of(versions(request, asked));
      case "schematics/2" ->
          Optional.of(
              Reply.typed(200, "application/yaml", asked.schematic(parts.get(1)).canonical()));
      case "image/4" -> Optional.of(image(request, asked, parts));
      case "pxe/4" -> Optional.of(script(request, asked, parts));
      case "version/4" -> official(asked, parts);
      default -> Optional.empty();
    };
  }

  private static Reply versions(Request request, Factory asked) {
    boolean broken = "broken=true".equals(request.query());
    var all = broken ? List.<String>of() : asked.versions();
    return Reply.typed(
        200, JSON, new Json.Arr(all.stream().<Json>map(Json.Str::new).toList()).compact() + "\n");
  }

  private static Optional<Reply> official(Factory asked, List<String> parts) {
    Listing.Kind kind =
        switch (parts.get(2)) {
          case "extensions" -> Listing.Kind.EXTENSIONS;
          case "overlays" -> Listing.Kind.OVERLAYS;
          default -> null;
        };
    if (kind == null || !parts.get(3).equals("official")) {
      return Optional.empty();
    }
    return Optional.of(
        asked
            .official(kind, parts.get(1))
            .map(list -> Reply.typed(200, JSON, list))
            .orElseGet(() -> later("the catalog is being read", Duration.ofSeconds(5))));
  }

  private Reply image(Request request, Factory asked, List<String> parts) throws IOException {
    String name = parts.get(3);
    String beside =
        Stream.concat(CHECKSUMS.stream(), Stream.of(ReleaseSignatures.SUFFIX))
            .filter(name::endsWith)
            .findFirst()
            .orElse("");
    String plain = name.substring(0, name.length() - beside.length());
    Factory.Found found = asked.image(parts.get(1), parts.get(2), plain);
    return switch (found.status()) {
      case OrderStatus.Ready(var release) ->
          send(request, release, found.file(), new Named(plain, beside));
      case OrderStatus.Coming(var again) -> coming(request, again);
      case OrderStatus.Failed failed -> failed(request, failed);
    };
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
              .orElseGet(() -> refusal(404, "nothing is signed here; build.signing-key does that"));
      case AssetLookup.Found(var asset, var of, var _, var lasting) -> {
        Reply reply = files.file(request, new AssetLookup.Found(asset, of, false, lasting));
        yield reply.status() == 200 || reply.status() == 206 ? typed(request, reply, named) : reply;
      }
      case AssetLookup.Checksum(var of, var text) ->
          files.checksum(
              request, of, text.substring(0, text.indexOf(' ')) + "  " + named.name() + "\n");
      case AssetLookup.NotReady _ -> coming(request, Duration.ofSeconds(10));
      case AssetLookup.Missing _, AssetLookup.NotOurs _ ->
          refusal(404, "there is no " + named.name() + named.beside() + " of this");
    };
  }

  private static Reply typed(Request request, Reply reply, Named named) {
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
      case "xz" -> "application/x-xz";
      default -> "application/octet-stream";
    };
  }

  /** The name of the initramfs twice, for old iPXE knows it by the kernel's argument only. */
  private Reply script(Request request, Factory asked, List<String> parts) throws IOException {
    Factory.Found found = asked.script(parts.get(1), parts.get(2), parts.get(3));
    return switch (found.status()) {
      case OrderStatus.Ready(var release) -> {
        String url = asked.url().isEmpty() ? base.apply(request) : asked.url();
        String folder = "%s/image/%s/%s/".formatted(url, parts.get(1), asked.version(parts.get(2)));
        String arch = found.file().arch().id();
        yield Reply.uncached(
            200,
            """
            #!ipxe

            imgfree
            kernel --name vmlinuz %skernel-%s initrd=initramfs.xz %s
            initrd --name initramfs.xz %sinitramfs-%s.xz
            boot
            """
                .formatted(folder, arch, cmdline(release, found.file()), folder, arch));
      }
      case OrderStatus.Coming(var again) -> coming(request, again);
      case OrderStatus.Failed failed -> failed(request, failed);
    };
  }

  private static String cmdline(Release release, ImageFile file) throws IOException {
    var asset = release.asset(file.arch(), AssetName.CMDLINE);
    return asset.isEmpty() ? "" : Files.readString(asset.get().file()).strip();
  }

  private Reply coming(Request request, Duration again) {
    log.info("factory_coming", "client", request.client(), "path", request.path());
    return later("being composed: ask again", again);
  }

  private Reply failed(Request request, OrderStatus.Failed failed) {
    log.info(
        "factory_failed", "client", request.client(), "path", request.path(), "why", failed.why());
    return failed.status() == 503
        ? later(failed.why(), failed.again())
        : refusal(failed.status(), failed.why());
  }

  private Reply refused(Request request, FactoryException e) {
    String why = String.valueOf(e.getMessage());
    log.info("factory_refused", "client", request.client(), "path", request.path(), "why", why);
    return e.status() == 503 ? later(why, Duration.ofSeconds(10)) : refusal(e.status(), why);
  }

  private static Reply later(String why, Duration again) {
    return refusal(503, why).with("Retry-After", String.valueOf(again.toSeconds()));
  }

  /** On one line of printable ASCII, for firmware shows it. */
  private static Reply refusal(int status, String why) {
    return Reply.uncached(status, why.replaceAll("[^\\x20-\\x7e]", "?") + "\n");
  }
}
