package dev.moonboot.ignition;

import static dev.moonboot.ignition.Field.flag;
import static dev.moonboot.ignition.Field.list;
import static dev.moonboot.ignition.Field.mode;
import static dev.moonboot.ignition.Field.number;
import static dev.moonboot.ignition.Field.object;
import static dev.moonboot.ignition.Field.text;
import static dev.moonboot.ignition.Field.texts;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The objects of an Ignition config of spec 3.4.0, with what they have in the order in which it is
 * written (coreos.github.io/ignition, "Configuration Specification v3.4.0", and those of 3.0.0 to
 * 3.3.0). Each list says by which of its members an object is known.
 */
@SuppressWarnings("ImmutableEnumChecker") // List.of and an unmodifiable map cannot be changed
enum Shape {
  VERIFICATION("", text("hash")),
  HTTP_HEADER("name", text("name").always(), text("value")),
  RESOURCE(
      "source",
      text("compression"),
      list("httpHeaders", HTTP_HEADER).since(1),
      text("source"),
      object("verification", VERIFICATION)),
  /** What is fetched for the config itself; a whole resource since 3.1. */
  REFERENCE(
      "source",
      text("compression").since(1),
      list("httpHeaders", HTTP_HEADER).since(1),
      text("source"),
      object("verification", VERIFICATION)),
  CONFIG_SOURCES("", list("merge", REFERENCE), object("replace", REFERENCE)),
  PROXY("", text("httpProxy"), text("httpsProxy"), texts("noProxy")),
  TLS("", list("certificateAuthorities", REFERENCE)),
  SECURITY("", object("tls", TLS)),
  TIMEOUTS("", number("httpResponseHeaders"), number("httpTotal")),
  IGNITION(
      "",
      object("config", CONFIG_SOURCES),
      object("proxy", PROXY).since(1),
      object("security", SECURITY),
      object("timeouts", TIMEOUTS),
      text("version").always()),
  KERNEL_ARGUMENTS(
      "", texts("shouldExist").unlike("argument"), texts("shouldNotExist").unlike("argument")),
  GROUP(
      "name",
      number("gid"),
      text("name").always(),
      text("passwordHash"),
      flag("shouldExist").since(2),
      flag("system")),
  USER(
      "name",
      text("gecos"),
      texts("groups"),
      text("homeDir"),
      text("name").always(),
      flag("noCreateHome"),
      flag("noLogInit"),
      flag("noUserGroup"),
      text("passwordHash"),
      text("primaryGroup"),
      texts("sshAuthorizedKeys"),
      text("shell"),
      flag("shouldExist").since(2),
      flag("system"),
      number("uid")),
  PASSWD("", list("groups", GROUP), list("users", USER)),
  OWNER("", number("id"), text("name")),
  DIRECTORY(
      "path",
      object("group", OWNER),
      flag("overwrite"),
      text("path").always(),
      object("user", OWNER),
      mode()),
  FILE(
      "path",
      object("group", OWNER),
      flag("overwrite"),
      text("path").always(),
      object("user", OWNER),
      list("append", RESOURCE).repeatable(),
      object("contents", RESOURCE),
      mode()),
  LINK(
      "path",
      object("group", OWNER),
      flag("overwrite"),
      text("path").always(),
      object("user", OWNER),
      flag("hard"),
      text("target").alwaysBefore(3)),
  PARTITION(
      "number",
      text("guid"),
      text("label"),
      number("number").unlessZero(),
      flag("resize").since(2),
      flag("shouldExist"),
      number("sizeMiB"),
      number("startMiB"),
      text("typeGuid"),
      flag("wipePartitionEntry")),
  DISK("device", text("device").always(), list("partitions", PARTITION), flag("wipeTable")),
  FILESYSTEM(
      "device",
      text("device").always(),
      text("format"),
      text("label"),
      texts("mountOptions").repeatable().since(1),
      texts("options").repeatable(),
      text("path"),
      text("uuid"),
      flag("wipeFilesystem")),
  TANG("url", text("advertisement").since(4), text("thumbprint"), text("url").unlessZero()),
  CLEVIS_CUSTOM(
      "", text("config").alwaysBefore(3), flag("needsNetwork"), text("pin").alwaysBefore(3)),
  CLEVIS(
      "", object("custom", CLEVIS_CUSTOM), list("tang", TANG), number("threshold"), flag("tpm2")),
  LUKS(
      "name",
      object("clevis", CLEVIS),
      text("device"),
      flag("discard").since(4),
      object("keyFile", RESOURCE),
      text("label"),
      text("name").always(),
      texts("openOptions").since(4),
      texts("options").repeatable(),
      text("uuid"),
      flag("wipeVolume")),
  RAID(
      "name",
      texts("devices"),
      text("level").alwaysBefore(3),
      text("name").always(),
      texts("options").repeatable(),
      number("spares")),
  STORAGE(
      "",
      list("directories", DIRECTORY).unlike("path"),
      list("disks", DISK),
      list("files", FILE).unlike("path"),
      list("filesystems", FILESYSTEM),
      list("links", LINK).unlike("path"),
      list("luks", LUKS).since(2),
      list("raid", RAID)),
  DROPIN("name", text("contents"), text("name").always()),
  UNIT(
      "name",
      text("contents"),
      list("dropins", DROPIN),
      flag("enabled"),
      flag("mask"),
      text("name").always()),
  SYSTEMD("", list("units", UNIT)),
  CONFIG(
      "",
      object("ignition", IGNITION),
      object("kernelArguments", KERNEL_ARGUMENTS).since(3),
      object("passwd", PASSWD),
      object("storage", STORAGE),
      object("systemd", SYSTEMD));

  private final String key;
  private final List<Field> fields;
  private final Map<String, Field> byFolded;

  Shape(String key, Field... fields) {
    this.key = key;
    this.fields = List.of(fields);
    this.byFolded =
        this.fields.stream()
            .collect(Collectors.toUnmodifiableMap(f -> fold(f.name()), Function.identity()));
  }

  /** The member by which an object is known in a list; empty when it stands in none. */
  String key() {
    return key;
  }

  List<Field> fields() {
    return fields;
  }

  /** The member that {@code name} means to a config of spec 3.{@code minor}; null for none. */
  @Nullable Field field(String name, int minor) {
    Field field = byFolded.get(fold(name));
    return field == null || field.since() > minor ? null : field;
  }

  /** Go's encoding/json finds members whatever the case, by Unicode's simple folding. */
  private static String fold(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      folded.append(
          switch (c) {
            case '\u017f' -> 's'; // long s
            case '\u212a' -> 'k'; // Kelvin sign
            default -> c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
          });
    }
    return folded.toString();
  }
}
