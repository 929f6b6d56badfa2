package dev.moonboot.assets.build;

import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.compose.ComposedInitramfs;
import dev.moonboot.assets.extension.ExtensionReport;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What is told of a composed release beside its files. */
final class MadeRecord {
  private static final String LINT = "lint";

  private MadeRecord() {}

  static Json.Obj of(Workpiece piece) throws IOException {
    ComposedInitramfs initramfs = piece.initramfs();
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("recipe", RecipeText.json(piece.recipe()));
    members.put(
        "commandLine",
        new Json.Str(Files.readString(piece.file(AssetName.CMDLINE).file()).strip()));
    members.put(
        "initramfsLayers",
        new Json.Arr(initramfs.layers().stream().<Json>map(MadeRecord::layer).toList()));
    members.put(
        "composing",
        texts(Stream.concat(piece.notes().stream(), initramfs.report().stream()).toList()));
    members.put(
        LINT,
        new Json.Arr(
            piece.reports().stream()
                .filter(report -> !report.findings().isEmpty())
                .<Json>map(ExtensionReport::json)
                .toList()));
    return new Json.Obj(members);
  }

  /**
   * What the lint found, of a record that was written before.
   *
   * @throws RuntimeException when it is none of ours
   */
  static List<ExtensionReport> lint(Json.Obj record) {
    return record.array(LINT).orElse(List.of()).stream()
        .map(report -> ExtensionReport.read((Json.Obj) report))
        .toList();
  }

  private static Json layer(ComposedInitramfs.Layer layer) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("file", new Json.Str(layer.image()));
    members.put("extension", new Json.Str(Workpiece.label(layer.manifest())));
    members.put("from", new Json.Str(layer.origin().name().toLowerCase(Locale.ROOT)));
    members.put("size", Json.Num.of(layer.size()));
    members.put("sha256", new Json.Str(layer.digest().hex()));
    return new Json.Obj(members);
  }

  private static Json texts(List<String> lines) {
    return new Json.Arr(lines.stream().<Json>map(Json.Str::new).toList());
  }
}
