package dev.moonboot.server;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.CacheSettings;
import dev.moonboot.assets.verify.SignaturePolicy;
import dev.moonboot.config.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Another moonboot, which follows the installer images of one. */
final class SecondMoonboot {
  private SecondMoonboot() {}

  /**
   * Looks at {@code installer/compute:latest} once.
   *
   * @param folder for its cache and state
   * @param address of the one, which speaks plain HTTP
   * @param policy a file with a section {@code trust}
   */
  static Refresh refresh(Path folder, String address, Path policy) {
    var settings =
        new RegistrySettings(
            Set.of(address),
            List.of(),
            Set.of(),
            folder.resolve("config.json"),
            null,
            List.of(),
            RegistrySettings.Timeouts.DEFAULT);
    var trust =
        Configuration.load(policy, Map.of(), in -> TrustConfig.read(in.section("trust"))).value();
    var channel =
        new Channel(
            "upstream",
            new ImageReference(
                new SourceImage.Repository(address, "installer/compute"), "latest", null),
            List.of(Arch.AMD64, Arch.ARM64));
    try (AssetCache cache =
        AssetCache.open(
            new CacheSettings(
                folder.resolve("cache"),
                folder.resolve("state"),
                settings,
                3,
                SignaturePolicy.of(trust)))) {
      return cache.refresh(channel, Progress.NONE);
    }
  }
}
