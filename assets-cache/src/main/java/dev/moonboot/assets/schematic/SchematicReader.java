package dev.moonboot.assets.schematic;

import dev.moonboot.assets.schematic.Schematic.Bootloader;
import dev.moonboot.assets.schematic.Schematic.Meta;
import dev.moonboot.assets.schematic.Schematic.Overlay;
import dev.moonboot.assets.schematic.Schematic.SecureBoot;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import dev.moonboot.yaml.Yaml;
import dev.moonboot.yaml.YamlException;
import dev.moonboot.yaml.YamlNode;
import dev.moonboot.yaml.YamlNode.Mapping;
import dev.moonboot.yaml.YamlNode.Scalar;
import dev.moonboot.yaml.YamlNode.Sequence;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads schematics; see {@link Schematic#parse}. */
final class SchematicReader {
  private static final int MAX_CHARACTERS = 64 << 10;
  private static final int MAX_JSON_TOKENS = 50_000;
  private static final Set<String> ENROLL = Set.of("off", "manual", "if-safe", "force");

  Schematic read(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new SchematicException("longer than 64 KiB");
    }
    Fields document = new Fields("", "the schematic", mapping(text));
    Overlay overlay = overlay(document.mapping("overlay"));
    Fields customization = document.mapping("customization");
    if (!document.text("owner").isEmpty()) {
      throw new SchematicException(
          "owner: only the factory's Enterprise edition has it; leave it out");
    }
    document.end();
    Schematic schematic = customized(overlay, customization);
    customization.end();
    return schematic;
  }

  private static Mapping mapping(String text) {
    try {
      YamlNode root =
          Yaml.nodes(withoutTabs(text))
              .orElseThrow(() ->
                  new SchematicException(
                      "empty; the schematic of plain Talos is \"customization: {}\""));
      if (root instanceof Mapping mapping) {
        return mapping;
      }
      throw new SchematicException("a mapping was expected: \"customization: …\"");
    } catch (YamlException e) {
      throw new SchematicException(String.valueOf(e.getMessage()), e);
    }
  }

  /** In JSON a tab can only stand where a blank could. */
  private static String withoutTabs(String text) {
    if (text.indexOf('\t') < 0 || !text.stripLeading().startsWith("{")) {
      return text;
    }
    try {
      JsonText.parse(text, MAX_JSON_TOKENS);
      return text.replace('\t', ' ');
    } catch (JsonException e) {
      return text; // YAML, then, and the tab is refused there
    }
  }

  private static @Nullable Overlay overlay(Fields overlay) {
    var read =
        new Overlay(
            overlay.text("image"),
            overlay.text("name"),
            new Options(overlay.path("options")).read(overlay.take("options")));
    overlay.end();
    return read.isEmpty() ? null : read;
  }

  private static Schematic customized(@Nullable Overlay overlay, Fields customization) {
    Fields extensions = customization.mapping("systemExtensions");
    var schematic =
        new Schematic(
            overlay,
            customization.text("embeddedMachineConfiguration"),
            customization.texts("extraKernelArgs"),
            customization.items("meta").stream().map(SchematicReader::meta).toList(),
            extensions.texts("officialExtensions"),
            extensions.texts("customExtensions"),
            bootloader(customization),
            secureBoot(customization.mapping("secureboot")),
            sectorSize(customization.mapping("diskImage")));
    extensions.end();
    return schematic;
  }

  private static Meta meta(Fields meta) {
    long key = meta.number("key");
    if (key > 255) {
      throw new SchematicException(meta.path("key") + ": 0 to 255 was expected");
    }
    Meta read = new Meta((int) key, meta.text("value"));
    meta.end();
    return read;
  }

  private static Bootloader bootloader(Fields customization) {
    String id = customization.text("bootloader", Bootloader.NONE.id());
    return Arrays.stream(Bootloader.values())
        .filter(known -> known.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new SchematicException(
                "customization.bootloader: "
                    + Arrays.stream(Bootloader.values())
                        .map(Bootloader::id)
                        .collect(Collectors.joining(", "))
                    + " are known, not \""
                    + id
                    + "\""));
  }

  private static SecureBoot secureBoot(Fields fields) {
    String enroll = fields.text("enrollKeys");
    if (!enroll.isEmpty() && !ENROLL.contains(enroll)) {
      throw new SchematicException(
          fields.path("enrollKeys") + ": off, manual, if-safe or force was expected");
    }
    SecureBoot read = new SecureBoot(enroll, fields.truth("includeWellKnownCertificates"));
    fields.end();
    return read;
  }

  private static long sectorSize(Fields fields) {
    long size = fields.number("sectorSize");
    fields.end();
    return size;
  }

  /** Options of an overlay: anything, so only what has one meaning is read. */
  private record Options(String path) {
    Json.Obj read(@Nullable YamlNode node) {
      return switch (node) {
        case null -> new Json.Obj(Map.of());
        case Mapping mapping -> members(mapping);
        case Scalar scalar when scalar.plain() && PlainText.isNull(scalar.text()) ->
            new Json.Obj(Map.of());
        case Scalar _, Sequence _ ->
            throw new SchematicException(path + ": a mapping was expected");
      };
    }

    private Json.Obj members(Mapping mapping) {
      var members = new LinkedHashMap<String, Json>();
      mapping
          .members()
          .forEach((key, value) -> {
            if (!key.matches("[A-Za-z][A-Za-z0-9._-]{0,99}")
                || ScalarStyle.of(key) != ScalarStyle.PLAIN) {
              throw new SchematicException(
                  path + ": the key \"" + key + "\" is written differently by different readers");
            }
            members.put(key, new Options(path + "." + key).value(value));
          });
      return new Json.Obj(members);
    }

    private Json value(YamlNode node) {
      return switch (node) {
        case Mapping mapping -> members(mapping);
        case Sequence sequence -> new Json.Arr(sequence.items().stream().map(this::value).toList());
        case Scalar scalar -> scalar(scalar);
      };
    }

    private Json scalar(Scalar scalar) {
      String text = Fields.checked(path, scalar);
      if (!scalar.plain() || PlainText.isText(text)) {
        return new Json.Str(text);
      }
      if (text.equals("true") || text.equals("false")) {
        return new Json.Bool(Boolean.parseBoolean(text));
      }
      if (text.matches("0|-?[1-9][0-9]{0,17}")) {
        return new Json.Num(text);
      }
      throw new SchematicException(
          "%s (line %d): \"%s\" is read differently by different readers; quote it if it is text"
              .formatted(path, scalar.line(), text));
    }
  }
}
