package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.build.Made;
import dev.moonboot.assets.build.Resolution;
import dev.moonboot.assets.extract.BootFiles;
import dev.moonboot.files.Disk;
import dev.moonboot.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was composed into a folder.
 *
 * @param build the name of its channel
 * @param release its digest: that of the recipe
 */
public record BuiltFiles(String build, Digest release, List<ImagePull.PulledArch> arches) {
  public BuiltFiles {
    arches = List.copyOf(arches);
  }

  /**
   * Moves what was made to where it is wanted, as {@link ImagePull} does. What a build left there
   * before is gone then.
   */
  static BuiltFiles place(
      Channel channel, Resolution.Fixed fixed, Map<Arch, Made> made, RunImages images, Path out)
      throws IOException {
    EarlierFiles earlier = EarlierFiles.in(out);
    List<ImagePull.PulledArch> arches = new ArrayList<>();
    for (Made one : made.values()) {
      BootFiles files = one.files();
      var origin =
          new BuildRecord.Origin(
              channel.image().toString(),
              fixed.digest(),
              images.platform(fixed.recipe().base(), files.arch()),
              Instant.now().truncatedTo(ChronoUnit.SECONDS));
      Map<String, Json> record = new LinkedHashMap<>(BuildRecord.of(origin, files).members());
      record.putAll(one.record().members());
      arches.add(
          new ImagePull.PulledArch(
              files.content(),
              files.arch(),
              fixed.digest(),
              files.layout(),
              files.talosVersion(),
              files.kernelRelease(),
              files.extensions(),
              files.leftOut(),
              PullFolder.place(files, new Json.Obj(record), out)));
    }
    earlier.deleteBut(arches.stream().flatMap(arch -> arch.files().stream()).toList());
    Disk.syncDirectory(out);
    return new BuiltFiles(channel.name(), fixed.digest(), arches);
  }
}
