package dev.moonboot.tftp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TftpNameTest {
  @ParameterizedTest
  @CsvSource({
    "ipxe.efi, ipxe.efi",
    "/ipxe.efi, ipxe.efi",
    "//ipxe.efi, ipxe.efi",
    "\\boot\\\\ipxe.efi, boot/ipxe.efi",
    "./a/./b//c/, a/b/c",
    "C:\\x, C:/x",
    "a..b/...c, a..b/...c"
  })
  void slashes_are_made_one(String sent, String key) {
    assertEquals(Optional.of(new TftpName(key)), TftpName.parse(sent));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "..",
        "../../canary",
        "a/../b",
        "..\\..\\x",
        "/..",
        "a\nb",
        "a\u001b[31mb",
        "a\r\nb",
        "a\u007f",
        "a\u0085"
      })
  void t_01_a_name_that_climbs_or_hides_something_is_refused(String sent) {
    assertEquals(Optional.empty(), TftpName.parse(sent));
  }

  @Test
  void t_01_a_very_long_name_is_refused() {
    assertEquals(Optional.empty(), TftpName.parse("x".repeat(513)));
    assertEquals(Optional.empty(), TftpName.parse("ü".repeat(300)));
    assertEquals(Optional.of(new TftpName("x".repeat(512))), TftpName.parse("x".repeat(512)));
  }
}
