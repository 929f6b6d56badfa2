package dev.moonboot.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.AssetName;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.schematic.Schematic;
import dev.moonboot.config.Configuration;
import dev.moonboot.http.RawClient;
import dev.moonboot.release.FollowListener;
import dev.moonboot.testing.ExtensionImages;
import dev.moonboot.testing.FakeRegistry;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An appliance that is an Image Factory, and another that follows it: nothing is played. */
class FactoryApplianceTest {
  private static final String SCHEMATIC =
      """
      customization:
          extraKernelArgs:
              - a=b
          systemExtensions:
              officialExtensions:
                  - siderolabs/one
      """;
  private static final String ID = Schematic.parse(SCHEMATIC).id();
  private static final TestImages.Content CONTENT =
      new TestImages.Content(
          "v1.13.9", "6.18.9-talos", "talos.platform=metal", List.of(), 64 << 10, 1);

  @TempDir Path folder;

  private static void fill(FakeRegistry registry) {
    registry.push("siderolabs/imager", "v1.13.9", TestImages.imager(CONTENT));
    registry.push("siderolabs/installer-base", "v1.13.9", TestImages.installer(CONTENT));
    Digest one = registry.push("siderolabs/one", "v1.0.0", ExtensionImages.named("one", "v1.0.0"));
    registry.push(
        "siderolabs/extensions",
        "v1.13.9",
        ExtensionImages.catalog(
            List.of(ExtensionImages.line("ghcr.io/siderolabs/one:v1.0.0", one))));
  }

  private Appliance appliance(String name, String rest) throws IOException {
    Path root = Files.createDirectories(folder.resolve(name));
    Path config =
        Files.writeString(
            root.resolve("moonboot.yaml"),
            """
            data: data
            cache: cache
            state: state
            http: {address: "127.0.0.1:0"}
            admin: {enabled: false}
            tftp: {enabled: false}
            follow: {every: 1s}
            """
                + rest,
            UTF_8);
    return Appliance.start(
        Configuration.load(config, Map.of(), ApplianceConfig::read).value(), FollowListener.NONE);
  }

  private static <T> T await(String what, Supplier<Optional<T>> wanted) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (true) {
      Optional<T> there = wanted.get();
      if (there.isPresent()) {
        return there.get();
      }
      assertTrue(System.nanoTime() < end, what);
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static Optional<RawClient.Answer> unlessLater(InetSocketAddress server, String target) {
    try {
      return Optional.of(RawClient.get(server, target)).filter(answer -> answer.status() != 503);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static RawClient.Answer ready(InetSocketAddress server, String target) {
    return await(target, () -> unlessLater(server, target));
  }

  private static RawClient.Answer post(InetSocketAddress server, String text) throws IOException {
    try (RawClient client = RawClient.connect(server)) {
      client.request("POST", "/schematics", "Content-Length: " + text.length()).send(text);
      return client.read("POST");
    }
  }

  @Test
  void one_appliance_composes_what_another_follows() throws Exception {
    try (FakeRegistry registry = FakeRegistry.startPlain()) {
      fill(registry);
      String factory =
          """
          registry: {plain-http: ["%1$s"]}
          factory: {enabled: true, base: "%1$s/siderolabs/imager"}
          """
              .formatted(registry.address());
      try (Appliance server = appliance("server", factory)) {
        InetSocketAddress at = server.bootAddress();
        assertEquals("[\"v1.13.9\"]\n", ready(at, "/versions").text());
        assertTrue(
            ready(at, "/version/v1.13.9/extensions/official")
                .text()
                .startsWith(
                    "[{\"name\":\"siderolabs/one\",\"ref\":\"ghcr.io/siderolabs/one:v1.0.0\""));
        assertTrue(post(at, SCHEMATIC).text().startsWith("{\"id\":\"" + ID + "\""));
        String image = "/image/" + ID + "/v1.13.9/";
        RawClient.Answer initramfs = ready(at, image + "initramfs-amd64.xz");
        assertEquals(200, initramfs.status(), initramfs.text());
        assertTrue(ready(at, image + "cmdline-metal-amd64").text().endsWith(" a=b\n"));
        assertEquals(200, ready(at, image + "initramfs-amd64.xz.sha512").status());
        String unknown =
            "customization: {systemExtensions: {officialExtensions: [siderolabs/two]}}";
        post(at, unknown);
        RawClient.Answer refused =
            ready(at, "/image/" + Schematic.parse(unknown).id() + "/v1.13.9/kernel-amd64");
        assertEquals(400, refused.status());
        assertTrue(
            refused.text().startsWith("extension siderolabs/two is not in "), refused.text());
        follow(at, Digest.of(initramfs.body()));
      }
    }
  }

  @Test
  void an_installer_that_was_pulled_is_there_after_a_start_without_a_registry() throws Exception {
    String manifest = "/v2/installer/" + ID + "/manifests/v1.13.9";
    String tar = "/image/" + ID + "/v1.13.9/installer-arm64.tar.sha512";
    String factory = "factory: {enabled: true, url: \"http://boot.example\"";
    String index;
    String sum;
    try (FakeRegistry registry = FakeRegistry.startPlain()) {
      fill(registry);
      String rest =
          "registry: {plain-http: [\"%1$s\"]}\n%2$s, base: \"%1$s/siderolabs/imager\"}\n"
              .formatted(registry.address(), factory);
      try (Appliance server = appliance("server", rest)) {
        InetSocketAddress at = server.bootAddress();
        ready(at, "/versions");
        post(at, SCHEMATIC);
        RawClient.Answer pulled = RawClient.get(at, manifest);
        assertEquals(200, pulled.status(), pulled.text());
        index = pulled.text();
        sum = RawClient.get(at, tar).text();
      }
    }
    try (Appliance server = appliance("server", factory + "}\n")) {
      assertEquals(index, RawClient.get(server.bootAddress(), manifest).text());
      assertEquals(sum, RawClient.get(server.bootAddress(), tar).text());
      Digest digest = Digest.of(index.getBytes(UTF_8));
      assertEquals(
          200,
          RawClient.get(server.bootAddress(), "/v2/installer/" + ID + "/manifests/" + digest)
              .status());
    }
  }

  private void follow(InetSocketAddress factory, Digest initramfs) throws Exception {
    String host = "127.0.0.1:" + factory.getPort();
    String channel =
        """
        registry: {plain-http: ["%1$s"]}
        channels:
          compute:
            arch: [amd64]
            factory:
              url: http://%1$s
              version: v1.13.9
              schematic: |
                %2$s
        """
            .formatted(host, SCHEMATIC.strip().replace("\n", "\n        "));
    try (Appliance client = appliance("client", channel)) {
      Release release = await("a head", () -> client.releases().head("compute"));
      assertEquals("factory:http://" + host + "/" + ID + ":v1.13.9", release.source());
      assertEquals(
          initramfs, release.asset(Arch.AMD64, AssetName.INITRAMFS).orElseThrow().digest());
      assertEquals(
          List.of("one v1.0.0", "schematic " + ID),
          Optional.ofNullable(release.builds().get(Arch.AMD64)).orElseThrow().extensions());
    }
  }
}
