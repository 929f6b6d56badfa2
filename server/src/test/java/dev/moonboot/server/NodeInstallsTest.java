package dev.moonboot.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Release;
import dev.moonboot.boot.BootPlan;
import dev.moonboot.http.InstallerLab;
import dev.moonboot.ignition.Translator;
import dev.moonboot.installer.InstallCheck;
import dev.moonboot.installer.InstallerRepositories;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.UnknownNodes;
import dev.moonboot.provision.MatchboxWays;
import dev.moonboot.provision.Provisioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which image the machine configs that are served here have nodes install. */
class NodeInstallsTest {
  private static final NodeLabels NODE =
      NodeLabels.verbatim(Map.of("mac", "52:54:00:a1:9c:ae", "uuid", "u"));

  @TempDir Path folder;
  private InstallerLab lab;
  private Release release;

  @BeforeEach
  void start() throws IOException {
    lab = new InstallerLab(folder.resolve("lab"), null);
    release = lab.publish(InstallerLab.CONTENT); // with the extension hello
    file("assets/worker.yaml", "machine: {install: {image: ghcr.io/siderolabs/installer:v1}}");
    file("assets/good.yaml", "machine: {install: {image: h/installer/compute:v1.13.9}}");
    file("generic/t.yaml", "machine: {install: {image: ghcr.io/acme/{{.role}}:v1}}");
    group("");
    profile("\"machine_config\": \"worker.yaml\"");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void file(String name, String text) throws IOException {
    Path file = folder.resolve("data").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void group(String metadata) throws IOException {
    file(
        "groups/all.json",
        "{\"id\":\"all\",\"profile\":\"talos\",\"metadata\":{\"role\":\"worker\"%s}}"
            .formatted(metadata));
  }

  private void profile(String member) throws IOException {
    file(
        "profiles/talos.json",
        "{\"id\":\"talos\",\"boot\":{\"kernel\":\"/k\"},%s}".formatted(member));
  }

  private Optional<InstallCheck.Finding> found(String... arguments) {
    Supplier<Catalog> catalog = new CatalogReader(folder.resolve("data"))::read;
    var installs =
        new NodeInstalls(
            catalog,
            new Provisioner(catalog, UnknownNodes.DEFAULT, Translator.none(), MatchboxWays.NONE),
            folder.resolve("data/assets"),
            new InstallCheck(new InstallerRepositories(lab.releases, lab.signatures)));
    return installs.of(
        NODE,
        new BootPlan(
            "all",
            "talos",
            "/k",
            List.of(),
            List.of(arguments),
            release,
            BootPlan.By.CHANNEL,
            Map.of()));
  }

  @Test
  void the_static_file_of_the_profile_is_looked_into() {
    InstallCheck.Finding found = found().orElseThrow();
    assertEquals("ghcr.io/siderolabs/installer:v1", found.image());
    assertTrue(found.warning().contains("hello v1.0.0"), found.warning());
  }

  @Test
  void a_group_may_name_another_one() throws IOException {
    group(", \"machine_config\": \"good.yaml\"");
    assertEquals(
        Optional.of(new InstallCheck.Finding("h/installer/compute:v1.13.9", true, "")), found());
  }

  @Test
  void a_template_is_looked_into_as_the_node_gets_it() throws IOException {
    profile("\"generic_id\": \"t.yaml\"");
    assertEquals(
        Optional.of(new InstallCheck.Finding("ghcr.io/acme/worker:v1", false, "")),
        found("talos.config=http://10.0.0.1:8080/generic?mac=${mac}"));
    assertEquals(Optional.empty(), found("talos.config=http://elsewhere/x"));
  }

  @Test
  void without_a_config_nothing_is_said() throws IOException {
    profile("\"machine_config\": \"missing.yaml\"");
    assertEquals(Optional.empty(), found());
  }
}
