package dev.moonboot.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {
  @ParameterizedTest
  @CsvSource({
    "52:da:00:89:d8:10, 52:da:00:89:d8:10",
    "52-DA-00-89-D8-10, 52:da:00:89:d8:10",
    "52Da.0089.d810, 52:da:00:89:d8:10",
    "52da0089d810, 52:da:00:89:d8:10",
    "02-00-5e-10-00-00-00-01, 02:00:5e:10:00:00:00:01",
    "0200.5e10.0000.0001, 02:00:5e:10:00:00:00:01",
    "00-00-00-00-fe-80-00-00-00-00-00-00-02-00-5e-10-00-00-00-01,"
        + " 00:00:00:00:fe:80:00:00:00:00:00:00:02:00:5e:10:00:00:00:01",
    "00:00:00:00:00:00, 00:00:00:00:00:00",
    "FF:FF:FF:FF:FF:FF, ff:ff:ff:ff:ff:ff",
    "01:00:5e:00:00:01, 01:00:5e:00:00:01",
  })
  void i_07_every_spelling_becomes_one(String written, String canonical) {
    assertEquals(Optional.of(canonical), MacAddress.parse(written).map(MacAddress::text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "2:da:0:89:d8:10",
        "52:da:00:89:d8",
        "52:da:00:89:d8:10:11",
        "52-da:00-89:d8-10",
        "52:da:00:89:d8:1g",
        "52da.0089d810",
        "52da00.89d810",
        "52da0089d8",
        ":52:da:00:89:d8:10",
        "52:da:00:89:d8:10:",
        " 52:da:00:89:d8:10",
        "52:da:00:89:d8:10\n",
        "５２:da:00:89:d8:10",
        "${mac}",
      })
  void i_07_anything_else_is_none(String written) {
    assertEquals(Optional.empty(), MacAddress.parse(written));
  }

  @Test
  void a_value_has_one_form_only() {
    assertEquals("52-da-00-89-d8-10", new MacAddress("52:da:00:89:d8:10").hyphenated());
    assertThrows(IllegalArgumentException.class, () -> new MacAddress("52-da-00-89-d8-10"));
    assertThrows(IllegalArgumentException.class, () -> new MacAddress("52:da:00:89:d8:10:11"));
  }
}
