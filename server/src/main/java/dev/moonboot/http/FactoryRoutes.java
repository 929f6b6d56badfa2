package dev.moonboot.http;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.factory.Factory;
import dev.moonboot.factory.FactoryException;
import dev.moonboot.factory.ImageFile;
import dev.moonboot.factory.Listing;
import dev.moonboot.factory.OrderStatus;
import dev.moonboot.json.GoText;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an Image Factory answers (siderolabs/image-factory, internal/frontend/http), where this
 * appliance is to be one. Looks for what is there and has it made; never waits for it.
 */
final class FactoryRoutes {
  private static final String SCHEMATICS = "/schematics";
  private static final String JSON = "application/json";
  private static final Set<String> TREES = Set.of("image", "pxe", "schematics", "version");

  private final @Nullable Factory factory;
  private final FactoryImages images;
  private final FactoryReplies replies;
  private final Function<Request, String> base;
  private final EventLog log;

  /**
   * @param factory null for none: then nothing is answered
   * @param base how URLs begin that who asks can reach, where the factory's own is not configured
   */
  FactoryRoutes(
      @Nullable Factory factory,
      FactoryImages images,
      FactoryReplies replies,
      Function<Request, String> base,
      EventLog log) {
    this.factory = factory;
    this.images = images;
    this.replies = replies;
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
      return Optional.of(replies.refused(request, e));
    } catch (ContentException e) {
      return Optional.of(FactoryReplies.refusal(e.status(), String.valueOf(e.getMessage())));
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
      return Optional.of(replies.refused(request, e));
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
      case "image/4" -> Optional.of(images.answer(request, asked, url(request, asked), parts));
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
            .orElseGet(
                () -> FactoryReplies.later("the catalog is being read", Duration.ofSeconds(5))));
  }

  /** The name of the initramfs twice, for old iPXE knows it by the kernel's argument only. */
  private Reply script(Request request, Factory asked, List<String> parts) throws IOException {
    Factory.Found found = asked.script(parts.get(1), parts.get(2), parts.get(3));
    return switch (found.status()) {
      case OrderStatus.Ready(var release) -> {
        String folder =
            "%s/image/%s/%s/"
                .formatted(url(request, asked), parts.get(1), asked.version(parts.get(2)));
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
      case OrderStatus.Coming(var again) -> replies.coming(request, again);
      case OrderStatus.Full(var again) -> FactoryReplies.full(again);
      case OrderStatus.Failed failed -> replies.failed(request, failed);
    };
  }

  /** How URLs begin that who asks can reach. */
  private String url(Request request, Factory asked) {
    return asked.url().isEmpty() ? base.apply(request) : asked.url();
  }

  private static String cmdline(Release release, ImageFile file) throws IOException {
    var asset = release.asset(file.arch(), AssetName.CMDLINE);
    return asset.isEmpty() ? "" : Files.readString(asset.get().file()).strip();
  }
}
