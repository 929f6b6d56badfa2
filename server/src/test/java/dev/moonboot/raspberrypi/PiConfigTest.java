package dev.moonboot.raspberrypi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.AssetName;
import dev.moonboot.boot.BootAnswer;
import dev.moonboot.boot.BootPlanner;
import dev.moonboot.config.ConfigProblems;
import dev.moonboot.config.ConfigReader;
import dev.moonboot.node.NodeLabels;
import dev.moonboot.profile.Catalog;
import dev.moonboot.profile.CatalogReader;
import dev.moonboot.profile.Group;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PiConfigTest {
  private static final Path SHIPPED = Path.of("..", "profiles", "raspberry-pi");

  @TempDir Path folder;

  private static PiConfig read(Map<String, String> values, ConfigProblems problems) {
    return PiConfig.read(ConfigReader.of(values, problems), Set.of("pi-firmware"));
  }

  @Test
  void nothing_is_for_raspberry_pis_unless_it_is_said() {
    var problems = new ConfigProblems();
    assertEquals(PiConfig.NONE, read(Map.of(), problems));
    assertEquals(
        new PiConfig("pi-firmware", Path.of("/srv/pi"), Path.of("/srv/uefi")),
        read(
            Map.of("firmware", "pi-firmware", "folder", "/srv/pi", "uefi", "/srv/uefi"), problems));
    assertTrue(problems.all().isEmpty(), problems.all().toString());
  }

  @Test
  void a_channel_must_be_one_of_firmware() {
    var problems = new ConfigProblems();
    read(Map.of("firmware", "custom"), problems);
    assertTrue(
        problems.all().toString().contains("no channel called custom has content: firmware"),
        problems.all().toString());
  }

  @Test
  void what_keeps_boards_from_booting_is_told() {
    PiLab lab = PiLab.in(folder);
    assertEquals(List.of(), lab.tree().problems());
    assertEquals(List.of(), lab.tree(PiConfig.NONE).problems());
    assertEquals(List.of(), lab.tree(new PiConfig(PiLab.FIRMWARE, null, null)).problems());
    PiTree empty = lab.tree(new PiConfig("", folder.resolve("nowhere"), null));
    assertTrue(empty.problems().getFirst().startsWith("the firmware has none of start4.elf"));
  }

  /** profiles/raspberry-pi is what docs/raspberry-pi.md begins with. */
  @Test
  void every_shipped_group_boots_a_board_its_way() {
    Catalog catalog = new CatalogReader(SHIPPED).read();
    PiLab lab = PiLab.in(folder);
    BootPlanner planner = new BootPlanner(() -> catalog, lab.releases, List.of());
    lab.file(lab.uefi.resolve("RPI_EFI.fd"), "edk2");
    assertEquals(6, catalog.groups().size());
    for (Group group : catalog.groups()) {
      BootAnswer answer = planner.plan(NodeLabels.verbatim(texts(group)));
      BootAnswer.Plan plan = (BootAnswer.Plan) answer;
      var how = catalog.profile(plan.plan().profile()).orElseThrow().extensions().raspberryPi();
      String config = ConfigTxt.render(group.profile(), how, List.of("initramfs.xz"), "");
      String started =
          switch (how.way()) {
            case KERNEL -> "\nkernel=vmlinuz\n";
            case U_BOOT -> "\nkernel=u-boot.bin\n";
            case UEFI -> "\narmstub=RPI_EFI.fd\n";
          };
      assertTrue(config.contains(started), config);
      PiNode node = new PiNode("dc:a6:32:00:00:09", "00000009", "", "Raspberry Pi 4");
      assertEquals(
          "talos.platform=metal seed=one console=tty0 console=%s,115200"
                  .formatted(group.id().equals("pi-5") ? "ttyAMA10" : "ttyAMA0")
              + " sysctl.kernel.kexec_load_disabled=1 talos.dashboard.disabled=1\n",
          ((PiArguments.Result.Line) PiArguments.line(plan.plan().args(), node)).text());
    }
    assertTrue(
        lab.releases.head(PiLab.CHANNEL).orElseThrow().builds().values().stream()
            .allMatch(build -> build.assets().containsKey(AssetName.IMAGE)));
  }

  @ParameterizedTest
  @CsvSource({
    "dc:a6:32:00:00:01, 00000001, talos-pi-u-boot",
    "dc:a6:32:00:00:02, 00000002, talos-pi-uefi",
    "dc:a6:32:00:00:03, 91cdf03d, talos-pi-4",
    "dc:a6:32:00:00:03, 00000003, talos-pi-5"
  })
  void a_shipped_group_of_one_board_wins_over_that_of_its_model(
      String mac, String serial, String profile) {
    Catalog catalog = new CatalogReader(SHIPPED).read();
    BootPlanner planner = new BootPlanner(() -> catalog, PiLab.in(folder).releases, List.of());
    PiNode board = new PiNode(mac, serial, "", "Raspberry Pi 5");
    assertEquals(profile, ((BootAnswer.Plan) planner.plan(board.labels())).plan().profile());
  }

  private static Map<String, String> texts(Group group) {
    Map<String, String> labels = new LinkedHashMap<>();
    group.selector().forEach((key, value) -> labels.put(key, String.valueOf(value)));
    return labels;
  }
}
