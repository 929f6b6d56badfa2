package dev.moonboot.assets.cache;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Asset;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Build;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.extract.ExtractException;
import dev.moonboot.assets.extract.StoredUki;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.Map;

/**
 * Looks into the unified kernel images of releases that were recorded before anybody asked which
 * command lines they have.
 */
final class UkiCompletion {
  private static final Logger LOG = System.getLogger(UkiCompletion.class.getName());

  private UkiCompletion() {}

  /** The release with what its images say; without, where one cannot be read. */
  static Release of(Release release) {
    Map<Arch, Build> builds = new EnumMap<>(Arch.class);
    release.builds().forEach((arch, build) -> builds.put(arch, of(release, build)));
    return builds.equals(release.builds())
        ? release
        : new Release(
            release.digest(), release.source(), builds, release.created(), release.admission());
  }

  private static Build of(Release release, Build build) {
    Asset uki = build.assets().get(AssetName.UKI);
    if (uki == null || build.uki() != null) {
      return build;
    }
    try {
      return build.with(StoredUki.lines(uki.file()));
    } catch (IOException | ExtractException e) {
      LOG.log(
          Level.WARNING,
          "cache release={0} uki=unread why=\"{1}\"",
          release.digest(),
          e.toString());
      return build;
    }
  }
}
