package dev.moonboot.raspberrypi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.moonboot.raspberrypi.PiArguments.Result;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PiArgumentsTest {
  private static final PiNode NODE =
      new PiNode("dc:a6:32:e2:e0:01", "91cdf03d", "", "Raspberry Pi 4");

  private static Result line(String... args) {
    return PiArguments.line(List.of(args), NODE);
  }

  @Test
  void is_one_line_without_what_only_efi_reads() {
    assertEquals(
        new Result.Line("talos.platform=metal console=tty0 x=\"a b\"\n", Set.of(), Set.of()),
        line("initrd=initramfs.xz", "talos.platform=metal", "console=tty0", "x=\"a\nb\""));
  }

  @ParameterizedTest
  @CsvSource({
    "x=${mac}, x=dc:a6:32:e2:e0:01",
    "x=${MAC:hexhyp}, x=dc-a6-32-e2-e0-01",
    "x=${net0/mac:hexraw}, x=dca632e2e001",
    "x=${serial}, x=91cdf03d",
    "x=${product:uristring}, x=Raspberry%20Pi%204",
    "x=${buildarch}, x=arm64",
    "talos.config=http://s/c?m=%24%7Bmac%7D, talos.config=http://s/c?m=dc%3Aa6%3A32%3Ae2%3Ae0%3A01",
    "talos.config=http://s/c?s=${serial}&h=x, talos.config=http://s/c?s=91cdf03d&h=x",
    "x=$mac{}, x=$mac{}"
  })
  void what_is_known_is_filled_in(String arg, String filled) {
    assertEquals(filled + "\n", line(arg) instanceof Result.Line written ? written.text() : "");
  }

  @Test
  void what_talos_gets_elsewhere_is_left_to_it() {
    assertEquals(
        new Result.Line(
            "talos.config=http://s/c?h=${hostname}&c=%24%7Bcode%7D\n",
            Set.of(), Set.of("hostname", "code")),
        line("talos.config=http://s/c?h=${hostname}&c=%24%7Bcode%7D"));
  }

  @ParameterizedTest
  @CsvSource({
    "talos.config=http://s/c?u=${uuid}, uuid",
    "talos.config=http://s/c?u=%24%7buuid%7d, uuid",
    "talos.hostname=${hostname}, hostname",
    "x=${net0/ip}, ip"
  })
  void nobody_waits_for_ever_for_what_there_is_not(String arg, String variable) {
    assertEquals(new Result.Unknown(arg, variable), line("a=b", arg));
  }
}
