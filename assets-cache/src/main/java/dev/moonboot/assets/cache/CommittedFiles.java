package dev.moonboot.assets.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.assets.store.Ingest;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files of one architecture with their record, moved from work under way into the store. */
final class CommittedFiles {
  private CommittedFiles() {}

  static Map<AssetName, Asset> of(BootFiles files, Json.Obj record, Ingest ingest)
      throws IOException {
    List<Ingest.Ready> ready = new ArrayList<>();
    AssetName.sorted(files.files())
        .forEach((name, found) ->
            ready.add(new Ingest.Ready(name, found.file(), found.size(), found.digest())));
    ready.add(record(files.arch(), record, ingest));
    Map<AssetName, Asset> assets = new HashMap<>();
    ingest.commit(files.arch(), ready).forEach(asset -> assets.put(asset.name(), asset));
    return assets;
  }

  static Ingest.Ready record(Arch arch, Json.Obj record, Ingest ingest) throws IOException {
    byte[] text = record.pretty().getBytes(UTF_8);
    Path file = ingest.work().resolve(AssetName.RECORD.flatName(arch));
    Files.write(file, text);
    return new Ingest.Ready(AssetName.RECORD, file, text.length, Digest.of(text));
  }
}
