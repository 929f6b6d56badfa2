package dev.moonboot.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class IpxeScriptTest {
  @Test
  void the_chain_script_has_132_bytes() {
    assertEquals(132, IpxeScript.CHAIN.getBytes(UTF_8).length);
  }

  @Test
  void puts_every_argument_on_the_kernel_line() {
    BootPlan plan =
        new BootPlan("g", "p", "/k", List.of("/a", "--name b /b"), List.of("a=b", "", "c"));
    assertEquals(
        """
        #!ipxe
        kernel /k a=b  c
        initrd /a
        initrd --name b /b
        boot
        """,
        IpxeScript.render(plan));
  }
}
