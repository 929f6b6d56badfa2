package dev.moonboot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.schematic.Schematic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that people pull images with pull installers from a running listener. */
class ContainerClientsIT {
  private static final String TEXT = "customization: {extraKernelArgs: [a=b]}";
  private static final String ID = Schematic.parse(TEXT).id();
  private static final String VERSION = "v1.13.9";

  @TempDir Path folder;
  private Path work;

  @BeforeEach
  void prepare() throws IOException {
    work = Files.createDirectory(folder.resolve("w"));
  }

  /** Pulls what nobody asked for yet: it is made once the client has asked for it. */
  private static String cold(FactoryFixture fixture, Pull pull) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> said =
          threads.submit(() ->
              pull.pull("127.0.0.1:%d/installer/%s:%s".formatted(port(fixture), ID, VERSION)));
      BootFixture.await("the order", () -> !fixture.made.isEmpty() || said.isDone());
      fixture.permits.release();
      return said.get();
    }
  }

  @FunctionalInterface
  private interface Pull {
    String pull(String image) throws IOException, InterruptedException;
  }

  private static int port(FactoryFixture fixture) {
    return fixture.address().getPort();
  }

  private FactoryFixture factory() throws IOException {
    FactoryFixture fixture = new FactoryFixture(folder.resolve("factory"), Map.of());
    fixture.post(TEXT);
    return fixture;
  }

  private static Release made(FactoryFixture fixture) {
    return fixture.factory.installers().made(ID, "metal").getFirst();
  }

  private static String index(Release release) {
    return InstallerFiles.index(release).orElseThrow().digest().toString();
  }

  private static String config(Release release, Arch arch) {
    return release.asset(arch, InstallerFiles.CONFIG).orElseThrow().digest().hex();
  }

  private static String pullAll(Containerd containerd, String image)
      throws IOException, InterruptedException {
    return containerd.ctr(
        "images", "pull", "--plain-http", "--snapshotter=native", "--all-platforms", image);
  }

  private static void assertHolds(Containerd containerd, Release release, String image)
      throws IOException, InterruptedException {
    String listed =
        containerd
            .ctr("images", "ls", "name==" + image)
            .lines()
            .filter(line -> line.startsWith(image + " "))
            .findFirst()
            .orElseThrow();
    assertTrue(listed.contains(" " + index(release) + " "), listed);
    assertTrue(listed.contains("linux/amd64,linux/arm64"), listed);
    List<String> content = containerd.ctr("content", "ls", "-q").lines().toList();
    InstallerFiles.manifests(release)
        .forEach(manifest -> assertTrue(content.contains(manifest.digest().toString())));
    for (var blob : InstallerFiles.blobs(release).toList()) {
      assertTrue(content.contains(blob.digest().toString()), blob.name().fileName());
    }
  }

  @Test
  void containerd_pulls_the_installer_of_a_channel() throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), null);
        Containerd containerd = Containerd.start(work)) {
      Release release = lab.publish(InstallerLab.CONTENT);
      String image = lab.address() + "/installer/compute:" + VERSION;
      pullAll(containerd, image);
      assertHolds(containerd, release, image);
    }
  }

  @Test
  void containerd_waits_for_the_installer_of_a_schematic_and_pulls_it() throws Exception {
    try (FactoryFixture fixture = factory();
        Containerd containerd = Containerd.start(work)) {
      cold(fixture, image -> pullAll(containerd, image));
      String image = "127.0.0.1:%d/installer/%s:%s".formatted(port(fixture), ID, VERSION);
      assertHolds(containerd, made(fixture), image);
      assertEquals(1, fixture.made.size());
    }
  }

  @Test
  void containerd_imports_the_tar_of_a_schematic() throws Exception {
    try (FactoryFixture fixture = factory();
        Containerd containerd = Containerd.start(work)) {
      Path tar = tar(fixture);
      containerd.ctr("images", "import", "--snapshotter=native", tar.toString());
      String image = "127.0.0.1:%d/installer/%s:%s".formatted(port(fixture), ID, VERSION);
      assertTrue(containerd.ctr("images", "ls", "-q").lines().toList().contains(image));
      assertTrue(
          containerd
              .ctr("content", "ls", "-q")
              .contains("sha256:" + config(made(fixture), Arch.AMD64)));
    }
  }

  private Path tar(FactoryFixture fixture) throws IOException {
    fixture.permits.release();
    RawClient.Answer tar = fixture.ready("/image/" + ID + "/" + VERSION + "/installer-amd64.tar");
    return Files.write(work.resolve("installer-amd64.tar"), tar.body());
  }

  private String podman(String... arguments) throws IOException, InterruptedException {
    String[] own = {
      "--root=" + work.resolve("root"),
      "--runroot=" + work.resolve("run"),
      "--storage-driver=vfs",
      "--cgroup-manager=cgroupfs",
      "--events-backend=none"
    };
    return new Programs(work)
        .run(
            "podman",
            Stream.concat(Arrays.stream(own), Arrays.stream(arguments)).toArray(String[]::new));
  }

  @Test
  void podman_pulls_the_installer_of_a_channel_for_each_architecture() throws Exception {
    try (InstallerLab lab = new InstallerLab(folder.resolve("lab"), null)) {
      Release release = lab.publish(InstallerLab.CONTENT);
      for (Arch arch : Arch.values()) {
        assertEquals(
            config(release, arch),
            podman(
                    "pull",
                    "-q",
                    "--tls-verify=false",
                    "--arch=" + arch.id(),
                    lab.address() + "/installer/compute:" + VERSION)
                .strip());
      }
    }
  }

  @Test
  void podman_waits_for_the_installer_of_a_schematic_and_pulls_it() throws Exception {
    try (FactoryFixture fixture = factory()) {
      String said =
          cold(fixture, image -> podman("pull", "-q", "--tls-verify=false", "--arch=amd64", image));
      assertEquals(config(made(fixture), Arch.AMD64), said.strip());
    }
  }

  @Test
  void podman_loads_the_tar_under_the_name_that_it_is_pulled_by() throws Exception {
    try (FactoryFixture fixture = factory()) {
      String image = "127.0.0.1:%d/installer/%s:%s".formatted(port(fixture), ID, VERSION);
      String said = podman("load", "-q", "-i", tar(fixture).toString());
      assertEquals("Loaded image: " + image, said.strip());
      assertEquals(
          config(made(fixture), Arch.AMD64),
          podman("images", "-q", "--no-trunc", image).strip().replace("sha256:", ""));
    }
  }

  @Test
  void skopeo_waits_for_the_installer_of_a_schematic_and_copies_it() throws Exception {
    try (FactoryFixture fixture = factory()) {
      cold(
          fixture,
          image ->
              new Programs(work)
                  .run(
                      "skopeo",
                      "copy",
                      "-q",
                      "--all",
                      "--preserve-digests",
                      "--src-tls-verify=false",
                      "docker://" + image,
                      "oci:copy:x"));
      for (var blob : InstallerFiles.blobs(made(fixture)).toList()) {
        Path copied = work.resolve("copy/blobs/sha256").resolve(blob.digest().hex());
        assertEquals(blob.digest(), Digest.of(Files.readAllBytes(copied)));
      }
    }
  }

  @Test
  void skopeo_reads_the_tar() throws Exception {
    try (FactoryFixture fixture = factory()) {
      Path tar = tar(fixture);
      new Programs(work).run("skopeo", "copy", "-q", "docker-archive:" + tar, "dir:files");
      assertTrue(Files.exists(work.resolve("files").resolve(config(made(fixture), Arch.AMD64))));
    }
  }
}
