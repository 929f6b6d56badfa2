package dev.moonboot.assets.iso;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpxeIsoTest {
  private static final Path DEBIAN = Path.of("/usr/lib/ipxe");
  private static final String SCRIPT = "#!ipxe\necho hello\n";

  @TempDir Path temp;

  @BeforeEach
  void needs() {
    Requires.program("xorriso");
    Requires.program("mformat");
    Requires.that(Files.exists(DEBIAN.resolve("ipxe.iso")), "the package ipxe is not installed");
  }

  /** Debian's for BIOS, and what looks like a newer one for UEFI. */
  private Path binaries() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("binaries"));
    Files.copy(DEBIAN.resolve("ipxe.iso"), folder.resolve("ipxe.iso"));
    Files.copy(DEBIAN.resolve("ipxe.lkrn"), folder.resolve("ipxe.lkrn"));
    Files.writeString(folder.resolve("ipxe-amd64.efi"), "MZ file:autoexec.ipxe");
    Files.writeString(folder.resolve("ipxe-arm64.efi"), "MZ of another age");
    return folder;
  }

  private Path scratch() throws IOException {
    return Files.createTempDirectory(temp, "scratch");
  }

  @Test
  void one_image_is_for_drives_and_sticks_and_for_bios_and_uefi() throws Exception {
    Path iso = temp.resolve("moonboot.iso");
    IpxeIso.Made made = IpxeIso.write(binaries(), SCRIPT, iso, scratch());
    assertEquals(List.of("bios", "uefi-amd64"), made.boots());
    assertEquals(
        List.of("uefi-arm64: ipxe-arm64.efi is older than 2021 and looks for no autoexec.ipxe"),
        made.leftOut());
    String told = report(iso);
    assertTrue(told.contains("El Torito boot img :   1  BIOS  y   none"), told);
    assertTrue(told.contains("El Torito boot img :   2  UEFI  y   none"), told);
    assertTrue(told.contains("MBR isohybrid"), told);
    assertTrue(told.contains("Volume id    : 'MOONBOOT'"), told);
  }

  private String report(Path iso) throws IOException, InterruptedException {
    Path out = temp.resolve("report");
    Process process =
        new ProcessBuilder(
                "xorriso",
                "-no_rc",
                "-indev",
                iso.toString(),
                "-toc",
                "-report_el_torito",
                "plain",
                "-report_system_area",
                "plain")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertEquals(0, process.waitFor());
    return Files.readString(out);
  }

  @Test
  void equal_scripts_give_equal_images() throws Exception {
    Path binaries = binaries();
    Path one = temp.resolve("one.iso");
    Path two = temp.resolve("two.iso");
    IpxeIso.write(binaries, SCRIPT, one, scratch());
    IpxeIso.write(binaries, SCRIPT, two, scratch());
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
  }

  @Test
  void a_folder_without_ipxe_is_told_with_what_to_install() throws Exception {
    Path empty = Files.createDirectory(temp.resolve("empty"));
    Path scratch = scratch();
    IOException none =
        assertThrows(
            IOException.class, () -> IpxeIso.write(empty, SCRIPT, temp.resolve("x.iso"), scratch));
    assertEquals(
        "there is no iPXE in "
            + empty
            + " that the image could be made of (bios: there are no ipxe.iso and ipxe.lkrn;"
            + " uefi-amd64: there is no ipxe-amd64.efi; uefi-arm64: there is no ipxe-arm64.efi);"
            + " install the package ipxe, or name the folder that has it",
        none.getMessage());
  }
}
