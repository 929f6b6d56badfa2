package dev.moonboot.assets.iso;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UefiIsoTest {
  private static final TalosVersion VERSION = new TalosVersion(1, 13, 9, "");

  @TempDir Path temp;

  @BeforeEach
  void needs() {
    Requires.program("xorriso");
    Requires.program("mformat");
  }

  private UefiIso.Parts parts(Arch arch) throws IOException {
    byte[] uki = new byte[3 << 20];
    new Random(1).nextBytes(uki);
    Path loader = Files.writeString(temp.resolve("systemd-boot.efi"), "boot loader");
    return new UefiIso.Parts(arch, VERSION, loader, Files.write(temp.resolve("uki.efi"), uki));
  }

  private Path iso(UefiIso.Parts parts, String name) throws IOException {
    Path iso = temp.resolve(name);
    Path scratch = Files.createDirectories(temp.resolve("scratch"));
    UefiIso.write(parts, iso, scratch);
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(List.of(), left.toList());
    }
    return iso;
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path out = temp.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MTOOLS_SKIP_CHECK", "1");
    builder.environment().put("TZ", "UTC");
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectOutput(out.toFile()).start();
    assertEquals(0, process.waitFor(), () -> String.join(" ", command));
    return Files.readString(out);
  }

  @Test
  void xorriso_finds_what_firmware_boots() throws Exception {
    Path iso = iso(parts(Arch.AMD64), "talos.iso");
    String told =
        run(
            "xorriso",
            "-no_rc",
            "-indev",
            iso.toString(),
            "-pvd_info",
            "-report_el_torito",
            "plain",
            "-report_system_area",
            "plain");
    assertTrue(told.contains("Volume Id    : TALOS_V1_13_9\n"), told);
    assertTrue(told.contains("Volume Set Id: Talos-v1.13.9\n"), told);
    assertTrue(told.contains("El Torito boot img :   1  UEFI  y   none"), told);
    assertTrue(told.contains("GPT type GUID      :   2  28732ac11ff8d211ba4b00a0c93ec93b"), told);
    assertTrue(told.contains("Creation Time: 1980010100000000"), told);
  }

  @Test
  void the_partition_has_boot_loader_and_uki() throws Exception {
    for (Arch arch : Arch.values()) {
      UefiIso.Parts parts = parts(arch);
      Path iso = iso(parts, "talos.iso");
      String at = iso + "@@" + partitionStart(iso);
      String loader = arch == Arch.AMD64 ? "BOOTX64.EFI" : "BOOTAA64.EFI";
      assertEquals(
          """
          ::/EFI/
          ::/EFI/BOOT/
          ::/EFI/BOOT/%s
          ::/EFI/Linux/
          ::/EFI/Linux/Talos-v1.13.9.efi
          ::/loader/
          ::/loader/loader.conf
          """
              .formatted(loader),
          run("mdir", "-/", "-b", "-a", "-i", at, "::")
              .lines()
              .sorted()
              .map(line -> line + "\n")
              .reduce("", String::concat));
      assertEquals("boot loader", run("mtype", "-i", at, "::EFI/BOOT/" + loader));
      Path uki = temp.resolve("uki.out");
      run("mcopy", "-n", "-o", "-i", at, "::EFI/Linux/Talos-v1.13.9.efi", uki.toString());
      assertEquals(-1, Files.mismatch(parts.uki(), uki));
      assertTrue(run("mdir", "-i", at, "::loader").contains("1980-01-01"));
      assertTrue(run("minfo", "-i", at, "::").contains("FAT32"));
    }
  }

  /** In bytes, by the partition table. */
  private long partitionStart(Path iso) throws IOException, InterruptedException {
    String told =
        run("xorriso", "-no_rc", "-indev", iso.toString(), "-report_system_area", "plain");
    Matcher row = Pattern.compile("GPT start and size : +2 +(\\d+) ").matcher(told);
    assertTrue(row.find(), told);
    return 512 * Long.parseLong(row.group(1));
  }

  @Test
  void equal_parts_give_equal_bytes() throws Exception {
    UefiIso.Parts parts = parts(Arch.ARM64);
    byte[] once = Files.readAllBytes(iso(parts, "once.iso"));
    for (Path file : List.of(parts.uki(), parts.bootLoader())) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2001-02-03T04:05:07Z")));
    }
    Path elsewhere = Files.createDirectory(temp.resolve("a folder of another name"));
    UefiIso.write(parts, elsewhere.resolve("again.iso"), elsewhere);
    assertArrayEquals(once, Files.readAllBytes(elsewhere.resolve("again.iso")));
  }

  @Test
  void labels_are_those_of_talos() {
    assertEquals("TALOS_V1_13_9", UefiIso.label(VERSION));
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      TalosVersion long1 = new TalosVersion(1, 14, 0, "alpha.1-23-gabcdefi-with-more-of-it");
      assertEquals("TALOS_V1_14_0_ALPHA_1_23_GABCDEF", UefiIso.label(long1));
      assertEquals(32, UefiIso.label(long1).getBytes(UTF_8).length);
    } finally {
      Locale.setDefault(before);
    }
  }
}
