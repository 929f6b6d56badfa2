package dev.moonboot.assets.schematic;

import dev.moonboot.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The fields of a schematic in the order of its canonical text; empty ones are left out. */
final class SchematicText {
  private final Map<String, Json> members = new LinkedHashMap<>();

  private SchematicText() {}

  static Json.Obj of(Schematic schematic) {
    SchematicText text = new SchematicText();
    schematic.board().ifPresent(overlay -> text.members.put("overlay", overlay(overlay)));
    text.members.put("customization", customization(schematic));
    return new Json.Obj(text.members);
  }

  private static Json overlay(Schematic.Overlay overlay) {
    SchematicText text = new SchematicText();
    text.members.put("image", new Json.Str(overlay.image()));
    text.members.put("name", new Json.Str(overlay.name()));
    text.unlessEmpty("options", sorted(overlay.options()));
    return new Json.Obj(text.members);
  }

  /** As go-yaml sorts the keys of maps, at every depth. */
  private static Json.Obj sorted(Json.Obj options) {
    Map<String, Json> sorted = new TreeMap<>(NaturalOrder.KEYS);
    options.members().forEach((key, value) -> sorted.put(key, sortedValue(value)));
    return new Json.Obj(sorted);
  }

  private static Json sortedValue(Json value) {
    return switch (value) {
      case Json.Obj object -> sorted(object);
      case Json.Arr(var items) ->
          new Json.Arr(items.stream().map(SchematicText::sortedValue).toList());
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> value;
    };
  }

  private static Json customization(Schematic schematic) {
    SchematicText text = new SchematicText();
    text.unlessEmpty("embeddedMachineConfiguration", schematic.machineConfiguration());
    text.unlessEmpty("extraKernelArgs", schematic.arguments());
    if (!schematic.meta().isEmpty()) {
      text.members.put(
          "meta", new Json.Arr(schematic.meta().stream().map(SchematicText::meta).toList()));
    }
    SchematicText extensions = new SchematicText();
    extensions.unlessEmpty("officialExtensions", schematic.officialExtensions());
    extensions.unlessEmpty("customExtensions", schematic.customExtensions());
    text.unlessEmpty("systemExtensions", new Json.Obj(extensions.members));
    if (schematic.bootloader() != Schematic.Bootloader.NONE) {
      text.unlessEmpty("bootloader", schematic.bootloader().id());
    }
    SchematicText secureBoot = new SchematicText();
    secureBoot.unlessEmpty("enrollKeys", schematic.secureBoot().enrollKeys());
    if (schematic.secureBoot().wellKnownCertificates()) {
      secureBoot.members.put("includeWellKnownCertificates", new Json.Bool(true));
    }
    text.unlessEmpty("secureboot", new Json.Obj(secureBoot.members));
    if (schematic.sectorSize() != 0) {
      text.members.put(
          "diskImage", new Json.Obj(Map.of("sectorSize", Json.Num.of(schematic.sectorSize()))));
    }
    return new Json.Obj(text.members);
  }

  private static Json meta(Schematic.Meta meta) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("key", Json.Num.of(meta.key()));
    members.put("value", new Json.Str(meta.value()));
    return new Json.Obj(members);
  }

  private void unlessEmpty(String name, String value) {
    if (!value.isEmpty()) {
      members.put(name, new Json.Str(value));
    }
  }

  private void unlessEmpty(String name, List<String> values) {
    if (!values.isEmpty()) {
      members.put(name, new Json.Arr(values.stream().<Json>map(Json.Str::new).toList()));
    }
  }

  private void unlessEmpty(String name, Json.Obj value) {
    if (!value.members().isEmpty()) {
      members.put(name, value);
    }
  }
}
