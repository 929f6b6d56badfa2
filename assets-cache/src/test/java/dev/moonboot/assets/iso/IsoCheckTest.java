package dev.moonboot.assets.iso;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.moonboot.assets.Arch;
import dev.moonboot.assets.TalosVersion;
import dev.moonboot.testing.Requires;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsoCheckTest {
  private static final String UKI = "EFI/Linux/Talos-v1.13.9.efi";

  @TempDir Path temp;
  private Path iso;
  private Map<String, Path> files;

  @BeforeEach
  void write() throws IOException {
    Requires.program("xorriso");
    Requires.program("mformat");
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    Path loader = Files.writeString(temp.resolve("systemd-boot.efi"), "boot loader");
    Path uki = Files.write(temp.resolve("uki.efi"), bytes);
    files = Map.of("EFI/BOOT/BOOTX64.EFI", loader, UKI, uki);
    iso = temp.resolve("talos.iso");
    UefiIso.write(
        new UefiIso.Parts(Arch.AMD64, new TalosVersion(1, 13, 9, ""), loader, uki),
        iso,
        Files.createDirectory(temp.resolve("scratch")));
  }

  private void check(Path image) throws IOException {
    IsoCheck.require(image, files, temp);
  }

  private void refused(Path image, String why) {
    String said = String.valueOf(assertThrows(IOException.class, () -> check(image)).getMessage());
    assertTrue(said.contains(why), said);
  }

  /** The image with one bit turned round. */
  private Path changed(long at) throws IOException {
    Path changed = Files.copy(iso, temp.resolve("changed"), StandardCopyOption.REPLACE_EXISTING);
    try (RandomAccessFile file = new RandomAccessFile(changed.toFile(), "rw")) {
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ 1);
    }
    return changed;
  }

  private long sector(long at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(iso.toFile(), "r")) {
      file.seek(at);
      return 2048L * Integer.toUnsignedLong(Integer.reverseBytes(file.readInt()));
    }
  }

  @Test
  void what_was_written_is_found() throws Exception {
    check(iso);
  }

  @Test
  void a_volume_or_boot_record_that_is_none_is_refused() throws Exception {
    refused(changed(16 * 2048 + 1), "it has no volume");
    refused(changed(17 * 2048 + 8), "it has no boot record");
  }

  @Test
  void every_bit_of_the_boot_catalog_that_firmware_reads_counts() throws Exception {
    long catalog = sector(17 * 2048 + 71);
    for (int at = 0; at < 32; at++) {
      refused(changed(catalog + at), "its boot catalog is damaged");
    }
    refused(changed(catalog + 32), "its boot catalog has nothing for UEFI");
    for (int at = 40; at < 44; at++) {
      refused(changed(catalog + at), "CD drives look for the boot loader at byte");
    }
  }

  @Test
  void every_byte_of_the_partition_table_counts() throws Exception {
    for (int at = 512; at < 512 + 92; at++) {
      refused(changed(at), "partition table");
    }
    refused(changed(1024 + 128 + 32), "its partition table is damaged");
  }

  @Test
  void another_file_is_refused() throws Exception {
    Files.write(files.get(UKI), new byte[] {1}, StandardOpenOption.APPEND);
    refused(iso, UKI + " in it is another");
    files = Map.of("EFI/Linux/other.efi", files.get(UKI));
    refused(iso, "mcopy failed");
  }

  @Test
  void a_bit_of_a_file_counts() throws Exception {
    long loader = find("boot loader");
    refused(changed(loader), "EFI/BOOT/BOOTX64.EFI in it is another");
  }

  private long find(String text) throws IOException {
    byte[] all = Files.readAllBytes(iso);
    byte[] wanted = text.getBytes(US_ASCII);
    for (int at = 0; at < all.length - wanted.length; at++) {
      if (Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    throw new IOException("not in it: " + text);
  }

  @Test
  void a_cut_image_is_refused() throws Exception {
    Path cut = Files.copy(iso, temp.resolve("cut"));
    try (RandomAccessFile file = new RandomAccessFile(cut.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    refused(cut, "would not boot as it was written");
  }
}
