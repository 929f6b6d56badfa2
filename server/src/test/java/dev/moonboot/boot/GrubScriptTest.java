package dev.moonboot.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class GrubScriptTest {
  @Test
  void has_an_entry_for_uefi_and_one_for_bios() {
    BootPlan plan =
        new BootPlan(
            "g",
            "p",
            "/image/kernel",
            List.of("/image/initrd_a", "/image/initrd_b"),
            List.of("a=b", "c"));
    assertEquals(
        """
        default=0
        fallback=1
        timeout=1
        menuentry "CoreOS (EFI)" {
        echo "Loading kernel"
        linuxefi "/image/kernel" a=b c
        echo "Loading initrd"
        initrdefi  "/image/initrd_a" "/image/initrd_b"
        }
        menuentry "CoreOS (BIOS)" {
        echo "Loading kernel"
        linux "/image/kernel" a=b c
        echo "Loading initrd"
        initrd  "/image/initrd_a" "/image/initrd_b"
        }
        """,
        GrubScript.render(plan));
  }
}
