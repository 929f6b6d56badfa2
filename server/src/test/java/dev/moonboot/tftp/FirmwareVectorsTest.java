package dev.moonboot.tftp;

import static dev.moonboot.firmware.FirmwareFixture.FOLDER;
import static dev.moonboot.firmware.FirmwareFixture.MAC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Release;
import dev.moonboot.firmware.FirmwareFixture;
import dev.moonboot.journal.BootLog;
import dev.moonboot.metrics.Meters;
import dev.moonboot.tftp.TftpPacket.Failure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names that real firmware asked for, in its order, until it has what it wants. */
class FirmwareVectorsTest {
  /** uboot-2023.01: {@code pxe get}, with DHCP that names no file. */
  private static final List<String> U_BOOT =
      List.of(
          "pxelinux.cfg/01-52-54-00-e2-e0-01",
          "pxelinux.cfg/7F000001",
          "pxelinux.cfg/7F00000",
          "pxelinux.cfg/7F0000",
          "pxelinux.cfg/7F000",
          "pxelinux.cfg/7F00",
          "pxelinux.cfg/7F0",
          "pxelinux.cfg/7F",
          "pxelinux.cfg/7",
          "pxelinux.cfg/default-arm",
          "pxelinux.cfg/default");

  /** pxelinux-6.04 and lpxelinux-6.04: the UUID is as it stands on the wire. */
  private static final List<String> PXELINUX =
      List.of(
          "pxelinux.0",
          "ldlinux.c32",
          "pxelinux.cfg/44454c4c-5100-1048-8058-b4c04f333231",
          "pxelinux.cfg/01-52-54-00-e2-e0-01",
          "pxelinux.cfg/7F000001",
          "pxelinux.cfg/default");

  /** grub-2.06: with a slash before every name. */
  private static final List<String> GRUB =
      List.of(
          "/grub/x86_64-efi/command.lst",
          "/grub/x86_64-efi/fs.lst",
          "/grub/x86_64-efi/crypto.lst",
          "/grub/x86_64-efi/terminal.lst",
          "/grub/grub.cfg");

  @TempDir Path folder;
  private FirmwareFixture firmware;
  private TftpListener listener;
  private Release release;

  @BeforeEach
  void start() throws IOException {
    firmware = new FirmwareFixture(folder);
    firmware.loader("ipxe-arm64.efi");
    firmware.loader("pxelinux.0");
    firmware.loader("ldlinux.c32");
    firmware = new FirmwareFixture(folder);
    firmware.talos("'console=ttyAMA0'", "");
    release = firmware.publish("one");
    listener =
        TftpListener.open(
            TftpConfig.at(new InetSocketAddress(TestClient.LOOPBACK, 0)),
            new TftpTree(
                firmware.tree,
                firmware.loaders,
                (path, client) -> firmware.paths.lookup(path, client)),
            new Meters(),
            new BootLog(firmware.sightings));
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  /** Asks for names until one is there: the last one asked for, and what it is. */
  private String first(String prefix, List<String> names) throws IOException {
    for (String name : names) {
      String answer = ask(prefix + name);
      if (!answer.startsWith("error ")) {
        return name + "\n" + answer;
      }
      assertTrue(answer.startsWith("error 1 "), name + ": " + answer);
    }
    return "nothing";
  }

  private String ask(String name) throws IOException {
    try (TestClient client = TestClient.of(listener)) {
      client.ask(name, "timeout", "5", "blksize", "1468");
      var packet = client.receive().packet();
      if (packet instanceof Failure(int code, String text)) {
        return "error " + code + " " + text;
      }
    }
    try (TestClient client = TestClient.of(listener)) {
      return new String(client.fetch(name), UTF_8);
    }
  }

  private String path(String file) {
    return "assets/talos/custom/" + release.digest().fileName() + "/" + file;
  }

  @Test
  void u_boot_boots_at_its_first_name_below_any_folder() throws IOException {
    for (String prefix : List.of("", "arm64/", FOLDER)) {
      String menu = first(prefix, U_BOOT);
      assertTrue(menu.startsWith("pxelinux.cfg/01-52-54-00-e2-e0-01\n"), menu);
      List<String> files =
          menu.lines()
              .map(String::strip)
              .filter(line -> line.startsWith("kernel ") || line.startsWith("initrd "))
              .map(line -> line.substring(7))
              .toList();
      assertEquals(List.of(path("image-arm64"), path("initramfs-arm64.xz")), files);
      assertEquals("one initramfs-arm64.xz", ask(prefix + files.get(1)));
      assertEquals("one image", ask(prefix + files.get(0)));
    }
  }

  @Test
  void u_boot_with_another_mac_gets_to_its_end_at_once() throws IOException {
    firmware.sightings.note(
        new dev.moonboot.node.Sightings.Seen(
            new dev.moonboot.node.MacAddress("52:54:00:00:00:07"),
            "127.0.0.1",
            "",
            "",
            "",
            "",
            ""));
    List<String> others = new ArrayList<>(U_BOOT);
    others.set(0, "pxelinux.cfg/01-52-54-00-00-00-07");
    assertEquals("nothing", first("", others));
  }

  @Test
  void pxelinux_boots_at_its_uuid_where_that_is_known_and_at_its_mac_otherwise()
      throws IOException {
    firmware.seen("127.0.0.1", "", "amd64");
    List<String> names = PXELINUX.subList(2, PXELINUX.size());
    assertTrue(first("", names).startsWith("pxelinux.cfg/01-52-54-00-e2-e0-01\n"));
    firmware.seen("127.0.0.1", "4c4c4544-0051-4810-8058-b4c04f333231", "");
    String menu = first("", names);
    assertTrue(menu.startsWith(names.getFirst() + "\n"), menu);
    assertTrue(menu.contains("  kernel " + path("vmlinuz-amd64") + "\n"), menu);
    assertEquals("one vmlinuz-amd64", ask(path("vmlinuz-amd64")));
  }

  @Test
  void who_loads_pxelinux_is_a_pc() throws IOException {
    firmware.seen("127.0.0.1", "", "");
    for (String name : PXELINUX.subList(0, 2)) {
      assertEquals("MZ " + name, ask(name));
    }
    assertTrue(ask("pxelinux.cfg/default").contains("vmlinuz-amd64"));
    assertEquals("amd64", firmware.sightings.byMac(MAC).orElseThrow().arch());
  }

  @Test
  void grub_is_told_at_once_what_is_not_there() throws IOException {
    assertEquals("nothing", first("", GRUB));
  }

  /** uboot-2023.01 and 2025.01, default order: the script, EFI, its device tree. */
  @Test
  void u_boot_comes_to_ipxe_by_efi_and_waits_for_nothing() throws IOException {
    firmware.seen("127.0.0.1", "", "");
    assertEquals(
        "error 1 no script for U-Boot: it goes on with EFI or pxelinux.cfg",
        ask(FOLDER + "boot.scr.uimg"));
    assertEquals("error 1 file not found", ask("boot.scr.uimg"));
    assertEquals("error 1 file not found", ask("7F000001.img"));
    assertEquals("MZ ipxe-arm64.efi", ask(FOLDER + "ipxe-arm64.efi"));
    assertEquals("error 1 no device tree: the firmware's own counts", ask(FOLDER + "dtb/"));
    assertEquals("error 1 file not found", ask("dtb/"));
    assertTrue(ask("autoexec.ipxe").contains("set base http://127.0.0.1:8080\n"));
    assertEquals(ask("autoexec.ipxe"), ask(FOLDER + "autoexec.ipxe"));
  }
}
