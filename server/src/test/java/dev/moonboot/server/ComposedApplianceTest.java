package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Release;
import dev.moonboot.config.Configuration;
import dev.moonboot.http.RawClient;
import dev.moonboot.release.FollowListener;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.TestImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole appliance with a channel that is composed, and one that is put upon it. */
class ComposedApplianceTest {
  private static final TestImages.Content TALOS =
      new TestImages.Content(
          "v1.13.9", "6.18.9-talos", "talos.platform=metal", List.of(), 64 << 10, 1);

  @TempDir Path folder;

  private static Release await(Appliance appliance, String channel, Predicate<Release> wanted) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      Optional<Release> head = appliance.releases().head(channel).filter(wanted);
      if (head.isPresent()) {
        return head.get();
      }
      assertTrue(
          System.nanoTime() < end,
          () -> channel + " did not get there: " + appliance.following().statuses());
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void a_build_in_the_configuration_is_followed_and_served() throws Exception {
    try (FakeRegistry registry = FakeRegistry.startPlain()) {
      registry.push("siderolabs/imager", "v1.13.9", TestImages.imager(TALOS));
      registry.push("acme/one", "v1", ExtensionImages.named("one", "v1.0.0"));
      registry.push("acme/frr", "v1", ExtensionImages.frr());
      Path config =
          Files.writeString(
              folder.resolve("moonboot.yaml"),
              """
              data: data
              cache: cache
              state: state
              http: {address: "127.0.0.1:0"}
              admin: {enabled: false}
              tftp: {enabled: false}
              follow: {every: 1s}
              registry: {plain-http: ["%1$s"]}
              channels:
                compute:
                  arch: [amd64]
                  default: true
                  build:
                    base: %1$s/siderolabs/imager:v1.13.9
                    extensions: ["%1$s/acme/one:v1"]
                    arguments: [console=ttyS0]
                gateway:
                  arch: [amd64]
                  build:
                    like: compute
                    add: ["%1$s/acme/frr:v1"]
              """
                  .formatted(registry.address()),
              UTF_8);
      var read = Configuration.load(config, Map.of(), ApplianceConfig::read).value();
      try (Appliance appliance = Appliance.start(read, FollowListener.NONE)) {
        Release one = await(appliance, "compute", release -> true);
        Release gateway = await(appliance, "gateway", release -> true);
        assertNotEquals(one.digest(), gateway.digest());
        RawClient.Answer cmdline =
            RawClient.get(
                appliance.bootAddress(),
                "/assets/talos/compute/" + one.digest().fileName() + "/cmdline-amd64");
        assertEquals(200, cmdline.status(), cmdline.head());
        assertEquals(
            200,
            RawClient.get(appliance.bootAddress(), "/assets/talos/amd64/initramfs.xz").status());
        registry.push("acme/one", "v1", ExtensionImages.named("one", "v1.0.1"));
        Release two =
            await(appliance, "compute", release -> !release.digest().equals(one.digest()));
        assertTrue(
            two.builds().values().iterator().next().extensions().contains("one v1.0.1"),
            two.toString());
      }
    }
  }
}
