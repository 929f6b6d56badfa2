package dev.moonboot.ignition;

import dev.moonboot.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Ignition asks of a config beyond its form: what its {@code validate} reports as an error,
 * for each version of the spec. What it only warns of passes.
 */
final class Rules {
  private static final int ANY_MODE = 07777;
  private static final Set<String> COMPRESSIONS = Set.of("", "gzip");
  private static final int SHA256 = 64;
  private static final int SHA512 = 128;

  private final int minor;
  private final Problems problems;
  private final Sources sources;

  Rules(int minor, Problems problems) {
    this.minor = minor;
    this.problems = problems;
    this.sources = new Sources(minor);
  }

  /** Notes what is wrong with one object; what is in it has been checked. */
  void check(Shape shape, Json.Obj object, Place place) {
    switch (shape) {
      case VERIFICATION -> hash(object, place);
      case HTTP_HEADER -> header(object, place);
      case RESOURCE -> resource(object, place);
      case REFERENCE -> reference(object, place);
      case CONFIG_SOURCES -> merged(object, place);
      case TLS -> authorities(object, place);
      case PROXY -> proxy(object, place);
      case OWNER -> owner(object, place);
      case DIRECTORY -> directory(object, place);
      case FILE -> file(object, place);
      case LINK -> path(object, "path", place);
      case PARTITION -> DiskRules.partition(object, place, problems);
      case DISK -> DiskRules.disk(object, place, problems);
      case FILESYSTEM -> FilesystemRules.check(minor, object, place, problems);
      case TANG -> LuksRules.tang(object, place, problems);
      case CLEVIS_CUSTOM -> LuksRules.custom(minor, object, place, problems);
      case LUKS -> LuksRules.luks(minor, object, place, problems);
      case RAID -> DiskRules.raid(object, place, problems);
      case STORAGE -> LinkRules.check(minor, object, place, problems);
      case UNIT -> unit(object, place);
      case DROPIN -> dropin(object, place);
      case CONFIG -> UnitPaths.check(object, place, problems);
      case SECURITY,
          TIMEOUTS,
          IGNITION,
          KERNEL_ARGUMENTS,
          GROUP,
          USER,
          PASSWD,
          CLEVIS,
          SYSTEMD -> {}
    }
  }

  static boolean isTrue(Json.Obj object, String name) {
    return object.member(name).filter(new Json.Bool(true)::equals).isPresent();
  }

  /** The text, unless it is empty. */
  static Optional<String> text(Json.Obj object, String name) {
    return object.text(name).filter(text -> !text.isEmpty());
  }

  /** Notes a path that is missing, relative, or not the shortest way to say it. */
  static void path(String path, Place place, Problems problems) {
    if (path.isEmpty()) {
      problems.add(place, "is missing");
    } else if (!path.startsWith("/")) {
      problems.add(place, "is not an absolute path");
    } else if (!GoPath.clean(path).equals(path)) {
      problems.add(place, "is a path with '.', '..' or a '/' too many");
    }
  }

  private void path(Json.Obj object, String name, Place place) {
    path(object.text(name).orElse(""), place.member(name), problems);
  }

  private void hash(Json.Obj object, Place place) {
    String hash = object.text("hash").orElse(null);
    if (hash == null) {
      return;
    }
    boolean fits = is(hash, "sha512-", SHA512) || (minor >= 1 && is(hash, "sha256-", SHA256));
    if (!fits) {
      problems.add(place.member("hash"), "is not sha512- or sha256- and a digest of that length");
    }
  }

  /** Whether the digits are hexadecimal is seen where the hash is compared. */
  private static boolean is(String hash, String function, int digits) {
    return hash.startsWith(function) && bytes(hash) == function.length() + digits;
  }

  private void header(Json.Obj object, Place place) {
    if (text(object, "name").isEmpty()) {
      problems.add(place.member("name"), "is missing");
    }
    if (object.text("value").filter(String::isEmpty).isPresent()) {
      problems.add(place.member("value"), "is empty");
    }
  }

  private void resource(Json.Obj object, Place place) {
    if (object.text("compression").filter(each -> !COMPRESSIONS.contains(each)).isPresent()) {
      problems.add(place.member("compression"), "is not gzip");
    }
    boolean hashed = object.object("verification").flatMap(of -> of.text("hash")).isPresent();
    if (hashed && object.text("source").isEmpty()) {
      problems.add(place.member("source"), "is missing, and verification.hash is there");
    }
    source(object, place);
    if (object.array("httpHeaders").isPresent()
        && !Sources.isHttp(object.text("source").orElse(""))) {
      problems.add(place.member("httpHeaders"), "stands without an http or https source");
    }
  }

  private void reference(Json.Obj object, Place place) {
    if (minor >= 1) {
      resource(object, place);
    } else {
      source(object, place);
    }
  }

  private void source(Json.Obj object, Place place) {
    text(object, "source")
        .flatMap(sources::complaint)
        .ifPresent(why -> problems.add(place.member("source"), why));
  }

  private void merged(Json.Obj object, Place place) {
    if (minor >= 1) {
      sourced(object, "merge", place);
    }
  }

  private void authorities(Json.Obj object, Place place) {
    sourced(object, "certificateAuthorities", place);
  }

  private void sourced(Json.Obj object, String list, Place place) {
    List<Json> items = object.array(list).orElse(List.of());
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Json.Obj item && text(item, "source").isEmpty()) {
        problems.add(place.member(list).item(i).member("source"), "is missing");
      }
    }
  }

  private void proxy(Json.Obj object, Place place) {
    for (String name : List.of("httpProxy", "httpsProxy")) {
      if (object.text(name).filter(url -> !Sources.isHttp(url)).isPresent()) {
        problems.add(place.member(name), "is not an http or https URL");
      }
    }
  }

  private void owner(Json.Obj object, Place place) {
    if (object.member("id").isPresent() && text(object, "name").isPresent()) {
      problems.add(place, "has both an id and a name");
    }
  }

  private void directory(Json.Obj object, Place place) {
    path(object, "path", place);
    mode(object, place);
  }

  private void file(Json.Obj object, Place place) {
    directory(object, place);
    boolean filled = object.object("contents").flatMap(of -> of.text("source")).isPresent();
    if (isTrue(object, "overwrite") && !filled) {
      problems.add(place.member("overwrite"), "is true and contents.source is missing");
    }
  }

  private void mode(Json.Obj object, Place place) {
    if (object.integer("mode").filter(mode -> mode < 0 || mode > ANY_MODE).isPresent()) {
      problems.add(place.member("mode"), "is no file mode (0 to 4095)");
    }
  }

  private void unit(Json.Obj object, Place place) {
    if (!UnitFile.isUnitName(object.text("name").orElse(""))) {
      problems.add(place.member("name"), "does not end as the name of a systemd unit");
    }
    contents(object, place);
  }

  private void dropin(Json.Obj object, Place place) {
    if (!GoPath.extension(object.text("name").orElse("")).equals(".conf")) {
      problems.add(place.member("name"), "does not end with .conf");
    }
    contents(object, place);
  }

  private void contents(Json.Obj object, Place place) {
    object
        .text("contents")
        .flatMap(UnitFile::complaint)
        .ifPresent(why -> problems.add(place.member("contents"), why));
  }

  /** Go's len of a string. */
  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
