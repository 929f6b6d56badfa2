package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.Digest;
import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.assets.SourceImage;
import dev.moonboot.assets.registry.Platforms;
import dev.moonboot.assets.registry.Registries;
import dev.moonboot.assets.registry.Registry;
import dev.moonboot.assets.registry.RegistryException;
import dev.moonboot.assets.verify.SigningKey;
import dev.moonboot.http.InstallerLab;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.journal.Audit;
import dev.moonboot.metrics.Meters;
import dev.moonboot.testing.RealRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installer images that are put into a real registry, as they are. */
class InstallerPushIT {
  @TempDir Path folder;

  @Test
  void a_new_head_is_pushed_with_its_signature() throws Exception {
    OpenSslKey.write(folder.resolve("key.pem"));
    try (RealRegistry real = RealRegistry.start();
        InstallerLab lab =
            new InstallerLab(folder.resolve("lab"), SigningKey.read(folder.resolve("key.pem")))) {
      var to = new SourceImage.Repository(real.address(), "acme/compute");
      var images = new InstallerRepositories(lab.releases, lab.signatures);
      try (var pushes =
              new InstallerPushes(
                  Map.of("compute", to), images, real.settings(), Audit.NONE, new Meters());
          Registry registry = Registries.open(to, real.settings())) {
        lab.releases.watch(pushes::look);
        pushes.start();
        Release release = lab.publish(InstallerLab.CONTENT);
        Digest index = InstallerFiles.index(release).orElseThrow().digest();
        await(registry, index.fileName()); // the last one: what refers to the image
        assertEquals(index, registry.resolve("v1.13.9"));
        registry.resolve(index.fileName() + ".sig");
        for (Arch arch : Arch.values()) {
          assertEquals(
              release.asset(arch, InstallerFiles.MANIFEST).orElseThrow().digest(),
              Platforms.select(registry, index, arch).manifest());
        }
      }
    }
  }

  private static void await(Registry registry, String tag) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (resolve(registry, tag).isEmpty()) {
      assertTrue(System.nanoTime() < end, tag + " was not pushed");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private static Optional<Digest> resolve(Registry registry, String tag) {
    try {
      return Optional.of(registry.resolve(tag));
    } catch (RegistryException e) {
      return Optional.empty();
    }
  }
}
