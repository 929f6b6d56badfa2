package dev.moonboot.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTableTest {
  @Test
  void columns_are_as_wide_as_they_need_to_be() {
    assertEquals(
        List.of("  FILE          SIZE", "  vmlinuz       1 B", "  initramfs.xz  22 B"),
        new TextTable()
            .row("FILE", "SIZE")
            .row("vmlinuz", "1 B")
            .row("initramfs.xz", "22 B")
            .lines());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "14892032, 14.2 MiB",
    "3221225472, 3.0 GiB",
    "5497558138880, 5120.0 GiB"
  })
  void sizes_are_for_people(long bytes, String text) {
    assertEquals(text, TextTable.size(bytes));
  }
}
