package dev.moonboot.assets.extract;

import dev.moonboot.testing.Fuzz;
import org.junit.jupiter.api.Test;

/** What the fuzzer begins with, and what it once found. */
class FuzzTargetsTest {
  @Test
  void x_21_tar() {
    Fuzz.replay(TarFuzz.class, TarFuzz.seeds(), TarFuzz::fuzzerTestOneInput);
  }

  @Test
  void x_21_layers() {
    Fuzz.replay(LayerFuzz.class, LayerFuzz.seeds(), LayerFuzz::fuzzerTestOneInput);
  }

  @Test
  void x_21_trees() {
    Fuzz.replay(TreeFuzz.class, TreeFuzz.seeds(), TreeFuzz::fuzzerTestOneInput);
  }

  @Test
  void x_21_stubs_of_ukis() {
    Fuzz.replay(UkiPartsFuzz.class, UkiPartsFuzz.seeds(), UkiPartsFuzz::fuzzerTestOneInput);
    Fuzz.replay(PeImageFuzz.class, PeImageFuzz.seeds(), PeImageFuzz::fuzzerTestOneInput);
  }

  @Test
  void x_21_gzip() {
    Fuzz.replay(GzipFuzz.class, GzipFuzz.seeds(), GzipFuzz::fuzzerTestOneInput);
  }

  @Test
  void x_21_cpio() {
    Fuzz.replay(CpioFuzz.class, CpioFuzz.seeds(), CpioFuzz::fuzzerTestOneInput);
  }

  @Test
  void x_21_initramfs() {
    Fuzz.replay(InitramfsFuzz.class, InitramfsFuzz.seeds(), InitramfsFuzz::fuzzerTestOneInput);
  }

  @Test
  void x_21_ukis() {
    Fuzz.replay(UkiFuzz.class, UkiFuzz.seeds(), UkiFuzz::fuzzerTestOneInput);
  }

  @Test
  void x_21_kernels() {
    Fuzz.replay(KernelFuzz.class, KernelFuzz.seeds(), KernelFuzz::fuzzerTestOneInput);
  }
}
