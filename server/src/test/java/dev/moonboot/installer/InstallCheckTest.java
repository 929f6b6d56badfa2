package dev.moonboot.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.InstallerFiles;
import dev.moonboot.assets.Release;
import dev.moonboot.http.InstallerLab;
import dev.moonboot.testing.InitramfsFixture.Extension;
import dev.moonboot.testing.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether what is installed has what is netbooted. */
class InstallCheckTest {
  @TempDir Path folder;
  private InstallerLab lab;
  private InstallCheck check;
  private Release old;
  private Release head;

  @BeforeEach
  void start() throws IOException {
    lab = new InstallerLab(folder, null);
    check = new InstallCheck(new InstallerRepositories(lab.releases, lab.signatures));
    old = lab.publish(content("v1.13.8", 1, List.of()));
    head = lab.publish(content("v1.13.9", 2, List.of(new Extension("frr", "v1.0.2"))));
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static TestImages.Content content(String version, long seed, List<Extension> extensions) {
    return new TestImages.Content(version, "6.18.9-talos", "x", extensions, 4096, seed);
  }

  private static String config(String image) {
    return """
    version: v1alpha1
    machine:
      type: worker
      install: {disk: /dev/sda, image: "%s"}
    ---
    apiVersion: v1alpha1
    kind: HostnameConfig
    """
        .formatted(image);
  }

  private InstallCheck.Finding finding(String image) {
    return check.check(config(image), head).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.13.9", "latest"})
  void nothing_is_wrong_with_the_image_that_is_netbooted(String tag) {
    String image = "10.0.0.1:8080/installer/compute:" + tag;
    assertEquals(new InstallCheck.Finding(image, true, ""), finding(image));
  }

  @Test
  void a_digest_names_the_image_whatever_the_tag_says() {
    String image =
        "bastion/installer/compute:v1.13.8@" + InstallerFiles.index(head).orElseThrow().digest();
    assertEquals("", finding(image).warning());
    String wrong =
        "bastion/installer/compute:v1.13.9@" + InstallerFiles.index(old).orElseThrow().digest();
    assertEquals(
        """
        the machine config installs from %s, which has not frr v1.0.2 that the node netboots with; \
        set machine.install.image to HOST/installer/compute:v1.13.9 of this server\
        """
            .formatted(wrong),
        finding(wrong).warning());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1:8080/installer/compute:v1.13.8",
        "ghcr.io/siderolabs/installer:v1.13.9",
        "mirror.lan/ghcr/siderolabs/installer:v1.13.9"
      })
  void an_image_without_the_extension_is_warned_of(String image) {
    assertEquals(
        """
        the machine config installs from %s, which has not frr v1.0.2 that the node netboots with; \
        set machine.install.image to HOST/installer/compute:v1.13.9 of this server\
        """
            .formatted(image),
        finding(image).warning());
  }

  @Test
  void an_image_that_is_not_held_is_warned_of() {
    assertEquals(
        """
        the machine config installs from 10.0.0.1/installer/compute:v1.0.0, which is not held here; \
        set machine.install.image to HOST/installer/compute:v1.13.9 of this server\
        """,
        finding("10.0.0.1/installer/compute:v1.0.0").warning());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "factory.talos.dev/installer/376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba:v1.13.9",
        "ghcr.io/acme/installer:x",
        "nonsense"
      })
  void a_foreign_image_is_unknown_and_no_warning(String image) {
    assertEquals(new InstallCheck.Finding(image, false, ""), finding(image));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "machine: {type: worker}", "\tno: yaml", "- a\n- b", "machine: []"})
  void a_config_without_an_image_says_nothing(String config) {
    assertEquals(Optional.empty(), check.check(config, head));
  }

  @Test
  void what_was_pulled_is_not_compared() {
    Release pulled = new Release(head.digest(), "ghcr.io/a/b:x", head.builds(), head.created());
    assertEquals(Optional.empty(), check.check(config("ghcr.io/siderolabs/installer:v1"), pulled));
  }

  /** Talos then takes its own (machined, task "install"). */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "machine: {install: {disk: /dev/sda}}",
        "machine: {install: {disk: /dev/sda, image: ''}}",
        "machine: {install: {diskSelector: {size: '>= 100GB'}, wipe: true}}"
      })
  void a_config_that_installs_and_names_no_image_installs_talos_own(String config) {
    String own = "ghcr.io/siderolabs/installer:v1.13.9";
    assertEquals(
        Optional.of(
            new InstallCheck.Finding(
                own,
                true,
                """
                the machine config names no image, so Talos installs from %s, which has not frr \
                v1.0.2 that the node netboots with; set machine.install.image to \
                HOST/installer/compute:v1.13.9 of this server\
                """
                    .formatted(own))),
        check.check(config, head));
    assertEquals("", check.check(config, old).orElseThrow().warning());
  }
}
