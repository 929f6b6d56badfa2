package dev.moonboot.release;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Release;
import dev.moonboot.json.Json;
import dev.moonboot.json.JsonException;
import dev.moonboot.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** What stands in a release's files about it: {@link AssetName#RECORD} of each architecture. */
public final class ReleaseRecords {
  private static final String COMMAND_LINE = "commandLine";

  private ReleaseRecords() {}

  /**
   * The record of each architecture, in their order; with {@code commandLine}, where nodes boot it.
   *
   * @throws IOException when one cannot be read
   */
  public static SequencedMap<Arch, Json.Obj> of(Release release) throws IOException {
    SequencedMap<Arch, Json.Obj> records = new LinkedHashMap<>();
    for (Arch arch : new TreeMap<>(release.builds()).keySet()) {
      Optional<Asset> record = release.asset(arch, AssetName.RECORD);
      if (record.isPresent()) {
        records.put(
            arch, withCommandLine(read(record.get()), release.asset(arch, AssetName.CMDLINE)));
      }
    }
    return records;
  }

  private static Json.Obj read(Asset record) throws IOException {
    try {
      if (JsonText.parse(Files.readString(record.file())) instanceof Json.Obj read) {
        return read;
      }
      throw new IOException(record.file() + " is no record of a release");
    } catch (JsonException e) {
      throw new IOException(record.file() + " is not the record it was: " + e.getMessage(), e);
    }
  }

  /** Records of releases that are not composed do not have it. */
  private static Json.Obj withCommandLine(Json.Obj record, Optional<Asset> cmdline)
      throws IOException {
    if (cmdline.isEmpty()) {
      return record;
    }
    Map<String, Json> members = new LinkedHashMap<>(record.members());
    members.putIfAbsent(COMMAND_LINE, new Json.Str(Files.readString(cmdline.get().file()).strip()));
    return new Json.Obj(members);
  }
}
