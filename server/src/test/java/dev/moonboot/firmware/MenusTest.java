package dev.moonboot.firmware;

import static dev.moonboot.firmware.FirmwareFixture.FOLDER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Release;
import dev.moonboot.journal.BootFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MenusTest {
  private static final String UUID = "4c4c4544-0051-4810-8058-b4c04f333231";
  private static final String WIRE = "44454c4c-5100-1048-8058-b4c04f333231";
  private static final NodeFile NOT_THIS_NODE =
      new NodeFile.Absent("not the name of the node that asks");

  @TempDir Path folder;
  private FirmwareFixture firmware;
  private Release release;

  @BeforeEach
  void open() throws IOException {
    firmware = new FirmwareFixture(folder);
    firmware.talos("'console=ttyAMA0','initrd=initramfs.xz'", "");
    release = firmware.publish("one");
  }

  private String menu(String kernel, String arch, String append) {
    String files = "assets/talos/custom/" + release.digest().fileName() + "/";
    return """
    # profile talos
    default moonboot
    prompt 0
    label moonboot
      kernel %s%s
      initrd %sinitramfs-%s.xz
      append %s
    """
        .formatted(files, kernel, files, arch, append);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pxelinux.cfg/01-52-54-00-e2-e0-01",
        FOLDER + "pxelinux.cfg/01-52-54-00-e2-e0-01",
        "arm64/pxelinux.cfg/01-52-54-00-e2-e0-01",
        FOLDER + "pxelinux.cfg/default-arm-bcm283x-rpi",
        FOLDER + "pxelinux.cfg/default-arm",
        FOLDER + "pxelinux.cfg/default",
        FOLDER + "pxelinux.cfg/0A4D008D",
      })
  void u_boot_gets_a_raw_kernel_of_the_planned_release(String name) {
    assertEquals(menu("image-arm64", "arm64", "console=ttyAMA0"), firmware.text(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pxelinux.cfg/default", "pxelinux.cfg/0A4D008D", "pxelinux.cfg/" + UUID})
  void who_was_seen_is_known_by_its_address(String name) {
    firmware.seen("10.77.0.141", UUID, "arm64");
    assertEquals(menu("image-arm64", "arm64", "console=ttyAMA0"), firmware.text(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {UUID, WIRE, "01-52-54-00-E2-E0-01"})
  void pxelinux_gets_the_kernel_as_it_is_and_is_known_by_its_uuid_in_either_order(String name) {
    firmware.seen("10.77.0.141", UUID, "amd64");
    assertEquals(
        menu("vmlinuz-amd64", "amd64", "console=ttyAMA0"), firmware.text("pxelinux.cfg/" + name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0A4D008E",
        "0A4D008",
        "0A4D",
        "0",
        "44454c4c-5100-1048-8058-b4c04f333232",
        "01-52-54-00-e2-e0-02",
      })
  void names_of_others_are_told_at_once_to_be_nothing(String name) {
    firmware.seen("10.77.0.141", UUID, "arm64");
    assertEquals(NOT_THIS_NODE, firmware.find(FOLDER + "pxelinux.cfg/" + name));
  }

  @Test
  void unknown_names_are_not_there() {
    assertEquals(
        new NodeFile.Absent("file not found"), firmware.find("pxelinux.cfg/graphics.conf"));
  }

  @Test
  void a_node_that_no_group_wants_is_told_why() {
    assertEquals(
        new NodeFile.Absent("no group matches"),
        firmware.find("pxelinux.cfg/01-52-54-00-00-00-09"));
  }

  @Test
  void variables_are_filled_in_as_ipxe_would_and_the_rest_is_kept_from_u_boot() throws IOException {
    firmware.talos(
        "'a=${mac:hexhyp}','b=${mac}','talos.config=http://h/c?u=${uuid}&h=${hostname}','c=x$y',"
            + "'d=it\\u0027s'",
        "");
    firmware.seen("10.77.0.141", "", "arm64");
    assertEquals(
        "append a=52-54-00-e2-e0-01 b=52:54:00:e2:e0:01"
            + " talos.config=http://h/c?u=\\${uuid}&h=\\${hostname} c=x$y d=it\\'s",
        append());
    firmware.seen("10.77.0.141", UUID, "amd64");
    assertEquals(
        "append a=52-54-00-e2-e0-01 b=52:54:00:e2:e0:01 talos.config=http://h/c?u="
            + UUID
            + "&h=${hostname} c=x$y d=it's",
        append());
  }

  private String append() {
    return firmware
        .text(FOLDER + "pxelinux.cfg/default")
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("append"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void what_cannot_be_loaded_by_tftp_is_told() throws IOException {
    firmware.profile("'kernel':'http://elsewhere/vmlinuz'", "");
    assertEquals(
        new NodeFile.Absent(
            "profile talos: its kernel is no file of a channel for arm64, and nothing else can be"
                + " loaded by TFTP"),
        firmware.find(FOLDER + "pxelinux.cfg/default"));
  }

  @Test
  void a_channel_without_a_release_is_waited_for() throws IOException {
    firmware.profile("'kernel':'/assets/talos/empty/vmlinuz-arm64'", "");
    assertEquals(new NodeFile.NotReady("empty"), firmware.find(FOLDER + "pxelinux.cfg/default"));
  }

  @Test
  void a_release_that_moved_meanwhile_changes_nothing_in_a_menu() throws IOException {
    String before = firmware.text(FOLDER + "pxelinux.cfg/default");
    String kernel = before.lines().filter(l -> l.contains("kernel")).findFirst().orElseThrow();
    firmware.publish("two");
    assertEquals(
        release,
        ((NodeFile.OfRelease) firmware.find(FOLDER + kernel.strip().substring(7))).release());
    assertEquals(
        List.of("talos"),
        firmware.boots.recent(BootFilter.ALL, 9).stream().map(b -> b.answer().profile()).toList());
  }
}
