package dev.moonboot.firmware;

import static dev.moonboot.firmware.FirmwareFixture.FOLDER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.UkiLines;
import dev.moonboot.firmware.FirstSteps.Step;
import dev.moonboot.node.NodeLabels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstStepsTest {
  private static final NodeLabels ARM64 = NodeLabels.of("mac=52-54-00-e2-e0-01&arch=arm64");

  @TempDir Path folder;
  private FirmwareFixture firmware;

  @BeforeEach
  void open() throws IOException {
    firmware = new FirmwareFixture(folder);
  }

  private List<Step> steps(NodeLabels labels, String... advertised) {
    return new FirstSteps(
            firmware.planner,
            firmware.catalog,
            firmware.loaders,
            firmware.releases,
            List.of(advertised))
        .of(labels);
  }

  @Test
  void every_kind_of_firmware_is_told_of() throws IOException {
    for (String name : List.of("undionly.kpxe", "ipxe.efi", "ipxe-arm64.efi")) {
      firmware.loader(name);
    }
    firmware = new FirmwareFixture(folder);
    String url = "http://<this server>/" + FOLDER;
    assertEquals(
        List.of(
            new Step("BIOS", FOLDER + "undionly.kpxe", "", List.of()),
            new Step("UEFI amd64", FOLDER + "ipxe-amd64.efi", url + "ipxe-amd64.efi", List.of()),
            new Step("UEFI arm64", FOLDER + "ipxe-arm64.efi", url + "ipxe-arm64.efi", List.of())),
        steps(NodeLabels.of("mac=52-54-00-e2-e0-01")));
    assertEquals(List.of(), steps(NodeLabels.of("arch=arm64")));
  }

  @Test
  void a_boot_program_that_is_missing_is_told() {
    assertEquals(
        firmware.loaders.missing().stream()
            .filter(missing -> missing.platform() == Platform.EFI_ARM64)
            .map(Loaders.Missing::why)
            .toList(),
        steps(ARM64).getFirst().notes());
  }

  @Test
  void arguments_that_a_uki_never_sees_are_told() throws IOException {
    firmware.talos("'{cmdline}','talos.config=http://h/c'", "'first':'uki'");
    firmware.publish("one");
    assertEquals(
        List.of(
            new Step(
                "UEFI arm64",
                FOLDER + "uki-arm64.efi",
                "http://10.0.0.1/" + FOLDER + "uki-arm64.efi",
                List.of(
                    "firmware gives a unified kernel image no arguments, so these do not count:"
                        + " talos.config=http://h/c"))),
        steps(ARM64, "http://10.0.0.1/"));
    firmware.talos("'{cmdline}'", "'first':'uki'");
    assertEquals(List.of(), steps(ARM64).getFirst().notes());
  }

  @Test
  void a_uki_that_would_wipe_disks_is_told() throws IOException {
    firmware.talos("'{cmdline}'", "'first':'uki'");
    firmware.publish(
        "wipes", new UkiLines(List.of("talos.experimental.wipe=system"), List.of(), ""));
    assertEquals(
        1,
        steps(ARM64).getFirst().notes().stream()
            .filter(note -> note.contains("would wipe disks"))
            .count());
  }
}
