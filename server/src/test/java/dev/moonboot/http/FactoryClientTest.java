package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Channel;
import dev.moonboot.assets.ImageReference;
import dev.moonboot.assets.Progress;
import dev.moonboot.assets.Refresh;
import dev.moonboot.assets.RegistrySettings;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.cache.AssetCache;
import dev.moonboot.assets.cache.CacheSettings;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.assets.verify.AdmissionPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A channel of one appliance that follows the Image Factory of another. */
class FactoryClientTest {
  private static final String TEXT = "customization: {extraKernelArgs: [a=b]}";

  private static final String ID = Schematic.parse(TEXT).id();

  @TempDir Path folder;

  @Test
  void a_channel_follows_the_factory_of_another_appliance() throws IOException {
    try (FactoryFixture server = new FactoryFixture(folder.resolve("server"), Map.of());
        AssetCache client = client(server)) {
      server.permits.release(10);
      String url = "http://127.0.0.1:" + server.address().getPort();
      Channel channel =
          new Channel(
              "custom",
              new ImageReference(new SourceImage.Factory(url, TEXT), "v1.13.9", null),
              List.of(Arch.AMD64, Arch.ARM64));
      // what is being composed costs the client ten seconds each time: done before it asks
      for (Arch arch : channel.arches()) {
        server.factory.post(TEXT);
        server.ready("/image/%s/v1.13.9/kernel-%s".formatted(ID, arch.id()));
      }
      BootFixture.await("a release", () -> isThere(client.refresh(channel, Progress.NONE)));
      Release theirs = client.head(channel).orElseThrow();
      Release ours =
          server.releases.held().stream()
              .filter(release -> release.builds().containsKey(Arch.ARM64))
              .findFirst()
              .orElseThrow();
      for (AssetName name : List.of(AssetName.VMLINUZ, AssetName.INITRAMFS, AssetName.CMDLINE)) {
        assertEquals(
            ours.asset(Arch.ARM64, name).orElseThrow().digest(),
            theirs.asset(Arch.ARM64, name).orElseThrow().digest());
      }
      assertInstanceOf(Refresh.Unchanged.class, client.refresh(channel, Progress.NONE));
    }
  }

  private static boolean isThere(Refresh outcome) {
    return outcome instanceof Refresh.Updated || outcome instanceof Refresh.Unchanged;
  }

  private AssetCache client(FactoryFixture server) {
    var timeouts =
        new RegistrySettings.Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMillis(10));
    return AssetCache.open(
        new CacheSettings(
            folder.resolve("cache"),
            folder.resolve("state"),
            new RegistrySettings(
                Set.of("127.0.0.1:" + server.address().getPort()),
                List.of(),
                Set.of(),
                folder.resolve("no-credentials.json"),
                null,
                List.of(),
                timeouts),
            1,
            AdmissionPolicy.OFF));
  }
}
