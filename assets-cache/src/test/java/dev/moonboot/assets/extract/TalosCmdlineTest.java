package dev.moonboot.assets.extract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.assets.Arch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TalosCmdlineTest {
  private static final String TAIL_7 =
      "init_on_alloc=1 slab_nomerge pti=on consoleblank=0 nvme_core.io_timeout=4294967295"
          + " printk.devkmsg=on ima_template=ima-ng ima_appraise=fix ima_hash=sha512";
  private static final String TAIL_11 =
      "init_on_alloc=1 slab_nomerge pti=on consoleblank=0 nvme_core.io_timeout=4294967295"
          + " printk.devkmsg=on selinux=1";
  private static final String TAIL_13 =
      TAIL_11 + " module.sig_enforce=1 proc_mem.force_override=never";
  private static final String TAIL_14 =
      "slab_nomerge pti=on consoleblank=0 printk.devkmsg=on selinux=1 module.sig_enforce=1"
          + " proc_mem.force_override=never";

  @ParameterizedTest
  @CsvSource({
    "v1.7.7, AMD64, ZSTD, console=ttyS0 console=tty0 " + TAIL_7,
    "v1.7.7, ARM64, ZSTD, console=ttyAMA0 console=tty0 " + TAIL_7,
    "1.9.0, AMD64, ZSTD, console=tty0 " + TAIL_7,
    "v1.10.3, AMD64, ZSTD, console=tty0 " + TAIL_7 + " selinux=1",
    "v1.11.0, AMD64, ZSTD, console=tty0 " + TAIL_11,
    "v1.12.1, AMD64, ZSTD, console=tty0 " + TAIL_11 + " module.sig_enforce=1",
    "v1.13.9, ARM64, ZSTD, console=ttyAMA0 console=tty0 " + TAIL_13,
    "v1.14.0-beta.1, AMD64, ZSTD, console=tty0 " + TAIL_14,
    "v1.14.0, AMD64, ZSTD, console=tty0 " + TAIL_14,
    "v2.0.0-alpha.0, AMD64, ZSTD, console=tty0 " + TAIL_14,
    "latest, AMD64, ZSTD, console=tty0 " + TAIL_13,
    "'', AMD64, XZ, console=ttyS0 console=tty0 " + TAIL_7
  })
  void each_version_has_its_arguments(
      String version, Arch arch, Compression initramfs, String expected) {
    assertEquals("talos.platform=metal " + expected, TalosCmdline.metal(version, arch, initramfs));
  }
}
